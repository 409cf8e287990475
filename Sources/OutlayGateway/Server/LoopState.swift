internal import NIOCore
internal import Synchronization

/// What belongs to one event loop and never leaves it: its client connections and its upstream pool.
final class LoopState {
    let loop: any EventLoop
    let core: GatewayCore
    let pool: UpstreamPool
    let paths = KnownPaths()
    let attributions = KnownAttributions()
    let output: LoopOutput
    private var connections: [ObjectIdentifier: ClientConnection] = [:]
    /// Calls whose client left and whose answer is read to its end.
    private var drains: [ObjectIdentifier: Call] = [:]

    init(loop: any EventLoop, core: GatewayCore) {
        self.loop = loop
        self.core = core
        output = LoopOutput(loop: loop)
        pool = UpstreamPool(loop: loop, output: output)
    }

    func add(_ connection: ClientConnection) {
        connections[ObjectIdentifier(connection)] = connection
        core.metrics.connections.wrappingAdd(1, ordering: .relaxed)
    }

    func remove(_ connection: ClientConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        core.metrics.connections.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Takes a slot for reading an answer nobody waits for; `false` when too many are being read.
    func beginDrain(_ call: Call, limit: Int) -> Bool {
        guard GatewayMetrics.take(1, of: core.metrics.drains, limit: limit) else { return false }
        drains[ObjectIdentifier(call)] = call
        return true
    }

    func endDrain(_ call: Call) {
        guard drains.removeValue(forKey: ObjectIdentifier(call)) != nil else { return }
        core.metrics.drains.wrappingSubtract(1, ordering: .relaxed)
    }

    /// A shutdown began: closes connections between calls; the others close after theirs.
    func stop() {
        for connection in connections.values { connection.stop() }
    }

    /// The time to finish is over: every call ends here and is booked.
    func cut() {
        for connection in connections.values { connection.cut() }
        for call in drains.values { call.cut() }
        pool.close()
    }
}
