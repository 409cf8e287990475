internal import Synchronization

/// What the receivers of telemetry did since the process began, for whoever watches it.
package final class ReceiverCounts: Sendable {
    private let requestCount = Atomic<Int>(0)
    private let refusalCount = Atomic<Int>(0)
    private let recordCount = Atomic<Int>(0)
    private let rejectionCount = Atomic<Int>(0)

    init() {}

    /// Requests whose records are durable.
    package var requests: Int { requestCount.load(ordering: .relaxed) }
    /// Requests of which nothing was taken.
    package var refusals: Int { refusalCount.load(ordering: .relaxed) }
    /// Records taken, repeated ones among them.
    package var records: Int { recordCount.load(ordering: .relaxed) }
    /// Records of taken requests that say nothing usable.
    package var rejections: Int { rejectionCount.load(ordering: .relaxed) }

    func took(_ result: IntakeResult) {
        requestCount.add(1, ordering: .relaxed)
        recordCount.add(result.accepted, ordering: .relaxed)
        rejectionCount.add(result.rejected, ordering: .relaxed)
    }

    func refused() {
        refusalCount.add(1, ordering: .relaxed)
    }
}
