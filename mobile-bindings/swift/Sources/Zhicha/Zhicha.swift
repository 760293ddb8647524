import Foundation
@_exported import ZhichaCore

/// One person's device for Swift concurrency: calls suspend instead of blocking, progress is a sequence.
/// A folder belongs to one process and one `Zhicha` at a time. Errors are `DeviceError`.
public final class Zhicha: Sendable {
    private let device: Device
    private let work = DispatchQueue(label: "cn.zhicha.work", qos: .userInitiated, attributes: .concurrent)

    /// Opens or makes a device in a folder of its own; whatever was saved there before is there.
    public init(
        folder: URL,
        server: URL,
        vault: KeyVault = EnclaveVault(),
        clock: DeviceClock = SystemClock(),
        transport: Transport? = nil
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        device = try Device.open(
            folder: folder.path,
            vault: vault,
            clock: clock,
            transport: transport ?? SessionTransport(server: server)
        )
    }

    /// Asks the device something or has it do something, away from the caller's thread:
    /// `try await zhicha.ask { try $0.seal(inspection: visit) }`. What it wrote is on disk when it returns.
    public func ask<Value: Sendable>(
        _ call: @escaping @Sendable (Device) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            work.async { [device] in
                continuation.resume(with: Result { try call(device) })
            }
        }
    }

    /// Synchronises while it is iterated, one request per step. Leaving the loop or cancelling the task stops
    /// it; what was done stays done and the next sequence goes on from there, also in another process.
    public var syncSteps: SyncSteps {
        SyncSteps(zhicha: self)
    }

    /// Synchronises until everything is done or the run has to wait; `report.waiting` says why.
    @discardableResult
    public func sync(onStep: @Sendable (SyncStep) -> Void = { _ in }) async throws -> SyncReport? {
        var report: SyncReport?
        for try await step in syncSteps {
            onStep(step)
            report = step.report
        }
        return report
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
        var run: SyncRun?
        var done = false

        init(zhicha: Zhicha) {
            self.zhicha = zhicha
        }

        public mutating func next() async throws -> SyncStep? {
            if done || Task.isCancelled { return nil }
            let known = run
            let (running, step) = try await zhicha.ask { device in
                let running = try known ?? device.beginSync()
                return (running, try running.step())
            }
            run = running
            done = step.done
            return step
        }
    }
}
