package import Synchronization

/// What the gateway counts about itself; read by `/metrics`.
package final class GatewayMetrics: Sendable {
    /// Calls that were forwarded.
    package let calls = Atomic<Int>(0)
    /// Calls refused before forwarding.
    package let refusals = Atomic<Int>(0)
    /// Attempts at upstreams, retries and fallbacks included.
    package let attempts = Atomic<Int>(0)
    /// Pooled connections found dead and replaced.
    package let staleConnections = Atomic<Int>(0)
    /// Calls in progress now.
    package let activeCalls = Atomic<Int>(0)
    /// Client connections open now.
    package let connections = Atomic<Int>(0)
    /// Bytes of request bodies held now.
    package let bufferedBytes = Atomic<Int>(0)
    /// Answers being read to their end for a client that left.
    package let drains = Atomic<Int>(0)
    /// Whether a shutdown began: 0 or 1.
    let stopping = Atomic<Int>(0)

    package init() {}

    var isStopping: Bool { stopping.load(ordering: .relaxed) != 0 }

    /// Adds `count` to `counter` unless that goes past `limit`.
    static func take(_ count: Int, of counter: borrowing Atomic<Int>, limit: Int) -> Bool {
        let (_, now) = counter.wrappingAdd(count, ordering: .relaxed)
        guard now > limit else { return true }
        counter.wrappingSubtract(count, ordering: .relaxed)
        return false
    }
}
