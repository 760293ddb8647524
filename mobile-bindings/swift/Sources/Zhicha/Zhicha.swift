import Foundation
@_exported import ZhichaCore

/// One person's device for Swift concurrency: calls suspend instead of blocking, progress and changes are sequences.
/// A folder belongs to one `Zhicha` at a time, in whichever process. Errors are `DeviceError`.
public final class Zhicha: Sendable {
    private let device: Device
    private let transport: Transport
    private let observer: Changes
    private static let work = DispatchQueue(label: "cn.zhicha.work", qos: .userInitiated, attributes: .concurrent)

    private init(device: Device, transport: Transport) {
        self.device = device
        self.transport = transport
        observer = Changes()
        device.observe(observer: observer)
    }

    /// Opens or makes a device in a folder of its own; whatever was saved there before is there.
    public static func open(
        folder: URL,
        server: URL,
        vault: KeyVault = EnclaveVault(),
        clock: DeviceClock = SystemClock(),
        transport: Transport? = nil
    ) async throws -> Zhicha {
        let opened = try await away {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return try Device.open(folder: folder.path, vault: vault, clock: clock)
        }
        return Zhicha(device: opened, transport: transport ?? SessionTransport(server: server))
    }

    /// Asks the device something or has it do something, away from the caller's thread:
    /// `try await zhicha.ask { try $0.seal(inspection: visit, without: []) }`. What it wrote is on disk when it returns.
    public func ask<Value: Sendable>(
        _ call: @escaping @Sendable (Device) throws -> Value
    ) async throws -> Value {
        try await Self.away { [device] in try call(device) }
    }

    private static func away<Value: Sendable>(
        _ call: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            work.async { continuation.resume(with: Result { try call() }) }
        }
    }

    /// Signs a person in, who stays signed in on this device. Needs the network.
    public func signIn(username: String, password: String) async throws -> Person {
        try await carry { try $0.beginSignIn(username: username, password: password) }
        return try await self.ask { try $0.person() }
    }

    /// Enrols this device with proof that it holds its key. Needed once, after the first sign-in. Needs the network.
    public func enrol(label: String) async throws -> DeviceId {
        try await carry { try $0.beginEnrol(label: label) }
        return try await self.ask { try $0.id() }
    }

    /// Fetches the small picture of a photo that no synchronisation brings; gives its file. Needs the network.
    public func fetchPhoto(_ photo: Digest) async throws -> String? {
        try await carry { try $0.beginFetchPhoto(photo: photo) }
        return try await self.ask { try $0.photo(photo: photo) }
    }

    /// Asks the server for what no device holds: JSON in, JSON out; with a body it is a POST. Needs the network.
    public func office(path: String, body: String? = nil) async throws -> String {
        let requests = try await carry { try $0.beginOffice(path: path, body: body) }
        return requests.answer()
    }

    @discardableResult
    private func carry(_ begin: @escaping @Sendable (Device) throws -> Requests) async throws -> Requests {
        let requests = try await self.ask(begin)
        while try await sendNext(requests) {}
        return requests
    }

    /// Sends the next request and brings its answer; whether there was one.
    fileprivate func sendNext(_ requests: Requests) async throws -> Bool {
        guard let call = try await Self.away({ try requests.nextRequest() }) else { return false }
        do {
            let answer = try await transport.send(call)
            try await Self.away { try requests.takeAnswer(answer: answer) }
        } catch let error as DeviceError {
            throw error
        } catch {
            try Task.checkCancellation()
            try await Self.away { try requests.noAnswer(detail: error.localizedDescription) }
        }
        return true
    }

    /// Synchronises while it is iterated, one request per step. Leaving the loop or cancelling the task stops
    /// it, the request under way included; what was done stays done and the next sequence goes on from there, also in
    /// another process.
    public var syncSteps: SyncSteps {
        SyncSteps(zhicha: self)
    }

    /// Synchronises until everything is done or the run has to wait; `report.waiting` says why.
    @discardableResult
    public func sync(onStep: @Sendable (SyncStep) -> Void = { _ in }) async throws -> SyncReport {
        var steps = syncSteps.makeAsyncIterator()
        while let step = try await steps.next() {
            onStep(step)
            if step.done { return step.report }
        }
        throw CancellationError()
    }

    /// What changed, whoever changed it. Parts that changed while nobody asked for the next come together.
    public var changes: AsyncStream<Set<Changed>> {
        observer.stream()
    }

    /// Removes everything of this person from the folder and closes the device; refused while something is unsent.
    public func signOut() async throws {
        try await self.ask { try $0.signOut() }
    }

    /// Closes the folder at once; later calls throw `DeviceError.Closed`.
    public func close() {
        device.shut()
    }
}

/// The steps of a synchronisation.
public struct SyncSteps: AsyncSequence, Sendable {
    public typealias Element = SyncStep

    let zhicha: Zhicha

    public func makeAsyncIterator() -> Iterator {
        Iterator(zhicha: zhicha)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let zhicha: Zhicha
        var run: Requests?
        var done = false

        init(zhicha: Zhicha) {
            self.zhicha = zhicha
        }

        public mutating func next() async throws -> SyncStep? {
            if done || Task.isCancelled { return nil }
            let known = run
            let requests: Requests
            if let known {
                requests = known
            } else {
                requests = try await zhicha.ask { try $0.beginSync() }
            }
            run = requests
            let going = try await zhicha.sendNext(requests)
            done = !going
            return requests.step()
        }
    }
}

/// Hands what changed to each stream that is listened to.
private final class Changes: Observer, @unchecked Sendable {
    private let lock = NSLock()
    private var listening: [UUID: Waiting] = [:]

    private struct Waiting {
        var parts: Set<Changed> = []
        var next: CheckedContinuation<Set<Changed>?, Never>?
    }

    func changed(parts: [Changed]) {
        lock.lock()
        defer { lock.unlock() }
        for id in listening.keys {
            listening[id]?.parts.formUnion(parts)
            deliver(id)
        }
    }

    func stream() -> AsyncStream<Set<Changed>> {
        let id = UUID()
        lock.lock()
        listening[id] = Waiting()
        lock.unlock()
        return AsyncStream(unfolding: { await self.next(id) }, onCancel: { self.leave(id) })
    }

    private func next(_ id: UUID) async -> Set<Changed>? {
        await withCheckedContinuation { continuation in
            lock.lock()
            defer { lock.unlock() }
            guard listening[id] != nil else { return continuation.resume(returning: nil) }
            listening[id]?.next = continuation
            deliver(id)
        }
    }

    private func deliver(_ id: UUID) {
        guard let waiting = listening[id], let next = waiting.next, !waiting.parts.isEmpty else { return }
        listening[id] = Waiting()
        next.resume(returning: waiting.parts)
    }

    private func leave(_ id: UUID) {
        lock.lock()
        defer { lock.unlock() }
        listening.removeValue(forKey: id)?.next?.resume(returning: nil)
    }
}
