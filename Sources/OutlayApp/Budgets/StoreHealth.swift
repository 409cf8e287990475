internal import Synchronization

/// Whether the ledger takes events in, asked by the gate about every call under a hard budget.
final class StoreHealth: Sendable {
    /// When the append that is under way began, in nanoseconds of the monotonic clock; 0 while there is none.
    private let began = Atomic<UInt64>(0)
    private let hasFailed = Atomic<Bool>(false)
    private let clock: @Sendable () -> UInt64

    /// An append that takes longer than this counts as a failure.
    static let slowNanoseconds: UInt64 = 1_000_000_000

    /// - Parameter clock: nanoseconds of a clock that is never set.
    init(clock: @escaping @Sendable () -> UInt64) {
        self.clock = clock
    }

    func appendBegins() {
        began.store(max(1, clock()), ordering: .relaxed)
    }

    func appendEnded(hasFailed: Bool) {
        self.hasFailed.store(hasFailed, ordering: .relaxed)
        began.store(0, ordering: .relaxed)
    }

    var isFailing: Bool {
        if hasFailed.load(ordering: .relaxed) { return true }
        let began = began.load(ordering: .relaxed)
        return began != 0 && clock() &- began > Self.slowNanoseconds
    }
}
