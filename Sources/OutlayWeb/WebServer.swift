internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOSSL
internal import ServiceLifecycle

/// The web port as a service: the routes of a ``WebRouter``, with or without TLS.
package struct WebServer: Service {
    /// Where it listens; port 0 picks a free one.
    package struct Listener: Sendable {
        package var host: String
        package var port: Int
        /// PEM files of the certificate chain and its key; `nil` listens without TLS.
        package var certificate: (chain: String, key: String)?

        package init(host: String, port: Int, certificate: (chain: String, key: String)? = nil) {
            self.host = host
            self.port = port
            self.certificate = certificate
        }
    }

    private let application: any ApplicationProtocol

    /// - Parameter opened: called with the port once connections are accepted.
    /// - Throws: when the certificate or its key cannot be read.
    package init(
        _ router: WebRouter,
        listener: Listener,
        logger: Logger,
        opened: @escaping @Sendable (_ port: Int) async -> Void
    ) throws {
        application = Application(
            router: router.router(),
            server: try Self.builder(listener),
            configuration: ApplicationConfiguration(
                address: .hostname(listener.host, port: listener.port),
                serverName: "outlay"
            ),
            onServerRunning: { channel in await opened(channel.localAddress?.port ?? listener.port) },
            logger: logger
        )
    }

    package func run() async throws {
        try await application.run()
    }

    private static func builder(_ listener: Listener) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(60)))
        guard let files = listener.certificate else { return plain }
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(files.chain).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
        )
        return try .tls(plain, tlsConfiguration: configuration)
    }
}
