internal import Synchronization

/// What the gateway counts about itself, as it stood at one moment; read by `/metrics`.
package struct GatewayCounts: Hashable, Sendable {
    /// Calls that were forwarded.
    package var calls = 0
    /// Answers that were refusals of our own.
    package var refusals = 0
    /// Attempts at upstreams, retries and fallbacks included.
    package var attempts = 0
    /// Pooled connections found dead and replaced.
    package var staleConnections = 0
    /// Calls in progress.
    package var activeCalls = 0
    /// Client connections open.
    package var connections = 0
    /// Connections turned away because there were too many, of one address or in all.
    package var refusedConnections = 0
    /// Bytes of request bodies held.
    package var bufferedBytes = 0
    /// Answers being read to their end for a client that left.
    package var drains = 0
}

/// The gateway's counters, one set for all its loops.
package final class GatewayMetrics: Sendable {
    let calls = Atomic<Int>(0)
    let refusals = Atomic<Int>(0)
    let attempts = Atomic<Int>(0)
    let staleConnections = Atomic<Int>(0)
    let activeCalls = Atomic<Int>(0)
    let connections = Atomic<Int>(0)
    let refusedConnections = Atomic<Int>(0)
    let bufferedBytes = Atomic<Int>(0)
    let drains = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)

    package init() {}

    package var counts: GatewayCounts {
        GatewayCounts(
            calls: calls.load(ordering: .relaxed),
            refusals: refusals.load(ordering: .relaxed),
            attempts: attempts.load(ordering: .relaxed),
            staleConnections: staleConnections.load(ordering: .relaxed),
            activeCalls: activeCalls.load(ordering: .relaxed),
            connections: connections.load(ordering: .relaxed),
            refusedConnections: refusedConnections.load(ordering: .relaxed),
            bufferedBytes: bufferedBytes.load(ordering: .relaxed),
            drains: drains.load(ordering: .relaxed)
        )
    }

    package var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// From now on nothing new is begun.
    func stop() {
        stopping.store(true, ordering: .sequentiallyConsistent)
    }

    /// Adds `count` to `counter` unless that goes past `limit`.
    static func take(_ count: Int, of counter: borrowing Atomic<Int>, limit: Int) -> Bool {
        let (_, now) = counter.wrappingAdd(count, ordering: .relaxed)
        guard now > limit else { return true }
        counter.wrappingSubtract(count, ordering: .relaxed)
        return false
    }
}
