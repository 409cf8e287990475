internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import OutlayCore
internal import ServiceLifecycle
internal import Synchronization

/// Where and how the gateway listens.
package struct GatewayListener: Sendable {
    package var host: String
    /// 0 picks a free one.
    package var port: Int
    /// PEM files of the certificate chain and its key; `nil` listens without TLS.
    package var certificate: (chain: String, key: String)?
    /// Event loops; by default one per core.
    package var loops: Int
    /// Holds the last bytes of every answer until its event is durable.
    package var isStrict: Bool

    package init(
        host: String = "127.0.0.1",
        port: Int = 7071,
        certificate: (chain: String, key: String)? = nil,
        loops: Int = System.coreCount,
        isStrict: Bool = false
    ) {
        self.host = host
        self.port = port
        self.certificate = certificate
        self.loops = max(1, loops)
        self.isStrict = isStrict
    }
}

/// The gateway: takes calls, forwards them, meters them, books them.
package struct GatewayServer: Service {
    private let listener: GatewayListener
    private let core: GatewayCore
    private let bound: @Sendable (BoundAddress) -> Void

    /// Prepares a gateway; `bound` is called once, when it accepts connections.
    package init(
        listener: GatewayListener,
        snapshots: SnapshotBox,
        seams: GatewaySeams,
        metrics: GatewayMetrics = GatewayMetrics(),
        bound: @escaping @Sendable (BoundAddress) -> Void
    ) {
        self.listener = listener
        self.bound = bound
        core = GatewayCore(seams: seams, snapshots: snapshots, metrics: metrics, isStrict: listener.isStrict)
    }

    /// Serves until a graceful shutdown or cancellation; then drains, cuts what is left, and returns.
    package func run() async throws {
        let tls = try serverTLS()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: listener.loops)
        do {
            let running = try await RunningGateway(listener: listener, core: core, group: group, tls: tls)
            bound(running.address)
            try? await gracefulShutdown()
            await running.stop()
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func serverTLS() throws(GatewayConfigurationError) -> NIOSSLContext? {
        guard let files = listener.certificate else { return nil }
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(files.chain).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
            )
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badListenerCertificates(reason: "\(files.chain), \(files.key): \(error)")
        }
    }
}

/// The address a listener got.
package struct BoundAddress: Hashable, Sendable {
    package let host: String
    package let port: Int
    package let isTLS: Bool

    package var url: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isTLS ? "https" : "http")://\(name):\(port)"
    }
}
