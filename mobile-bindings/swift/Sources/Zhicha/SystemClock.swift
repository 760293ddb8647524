import Foundation
import ZhichaCore

/// The phone's clocks: what counts since its start goes on in sleep, and each start has a name.
public final class SystemClock: DeviceClock, Sendable {
    public init() {}

    public func read() -> ClockReading {
        ClockReading(
            wall: Timestamp(Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))),
            monotonicMs: clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW) / 1_000_000,
            boot: boot()
        )
    }

    private func boot() -> Data {
        var size = 0
        sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0)
        var text = [CChar](repeating: 0, count: max(size, 1))
        guard sysctlbyname("kern.bootsessionuuid", &text, &size, nil, 0) == 0,
            let name = UUID(uuidString: String(cString: text))
        else { return Data(count: 8) }
        return withUnsafeBytes(of: name.uuid) { Data($0.prefix(8)) }
    }
}
