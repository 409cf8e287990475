internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import OutlayCore
internal import Synchronization

/// A gateway that listens, with its loops' states.
struct RunningGateway: Sendable {
    let address: BoundAddress
    private let core: GatewayCore
    private let listening: any Channel
    private let states: [NIOLoopBound<LoopState>]

    init(
        listener: GatewayListener,
        core: GatewayCore,
        group: MultiThreadedEventLoopGroup,
        tls: NIOSSLContext?
    ) async throws {
        self.core = core
        var states: [NIOLoopBound<LoopState>] = []
        for loop in group.makeIterator() {
            states.append(
                try await loop.submit { NIOLoopBound(LoopState(loop: loop, core: core), eventLoop: loop) }.get()
            )
        }
        self.states = states
        let byLoop = Dictionary(uniqueKeysWithValues: states.map { (ObjectIdentifier($0.eventLoop), $0) })
        listening = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 32 * 1024, high: 128 * 1024))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let state = byLoop[ObjectIdentifier(channel.eventLoop)]?.value else {
                        throw ChannelError.inappropriateOperationForState
                    }
                    try Self.serve(channel, state: state, tls: tls)
                }
            }
            .bind(host: listener.host, port: listener.port)
            .get()
        let local = listening.localAddress
        address = BoundAddress(
            host: local?.ipAddress ?? listener.host,
            port: local?.port ?? listener.port,
            isTLS: tls != nil
        )
    }

    private static func serve(_ channel: any Channel, state: LoopState, tls: NIOSSLContext?) throws {
        let limits = state.core.snapshots.snapshot.limits
        let metrics = state.core.metrics
        guard !metrics.isStopping else { return channel.close(promise: nil) }
        guard metrics.connections.load(ordering: .relaxed) < limits.connectionsMax else {
            metrics.refusedConnections.wrappingAdd(1, ordering: .relaxed)
            return channel.close(promise: nil)
        }
        guard isAllowed(channel, core: state.core, limits) else {
            metrics.refusedConnections.wrappingAdd(1, ordering: .relaxed)
            guard tls == nil else { return channel.close(promise: nil) }
            return try channel.pipeline.syncOperations.addHandler(TurnedAway())
        }
        if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
        let codec = try HTTP1ServerCodec.install(
            on: channel,
            limits: HeadReader.Limits(fieldCountMax: limits.fieldCountMax, bytesMax: limits.fieldBytesMax),
            output: state.output
        )
        codec.attach(ClientConnection(codec: codec, state: state))
    }

    /// Counts the connection for its address, until it is closed.
    private static func isAllowed(_ channel: any Channel, core: GatewayCore, _ limits: GatewayLimits) -> Bool {
        let key = AddressCounts.Key(channel.remoteAddress, countsLoopback: limits.countsLoopback)
        guard let key else { return true }
        guard core.addresses.take(key, limit: limits.connectionsPerAddressMax) else { return false }
        channel.closeFuture.whenComplete { _ in core.addresses.giveBack(key) }
        return true
    }

    /// Refuses what is new, lets calls finish for a while, then cuts and books the rest.
    func stop() async {
        core.metrics.stop()
        try? await listening.close()
        await onEachLoop { $0.stop() }
        let limit = core.snapshots.snapshot.limits.times.shutdown
        let deadline = ContinuousClock.now + .milliseconds(limit)
        while !isQuiet, ContinuousClock.now < deadline, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
        await onEachLoop { $0.cut() }
    }

    private var isQuiet: Bool {
        core.metrics.activeCalls.load(ordering: .relaxed) == 0
            && core.metrics.connections.load(ordering: .relaxed) == 0
    }

    private func onEachLoop(_ body: @escaping @Sendable (LoopState) -> Void) async {
        for state in states {
            try? await state.eventLoop.submit { body(state.value) }.get()
        }
    }
}
