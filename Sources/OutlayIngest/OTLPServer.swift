internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore
internal import NIOSSL
internal import ServiceLifecycle

/// The port for OTLP over HTTP as a service: telemetry in and nothing else, with or without TLS.
package struct OTLPServer: Service {
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
        _ receiver: OTLPReceiver,
        listener: Listener,
        logger: Logger,
        opened: @escaping @Sendable (_ port: Int) async -> Void
    ) throws {
        application = Application(
            router: Self.router(receiver),
            server: try Self.builder(listener),
            configuration: ApplicationConfiguration(
                address: .hostname(listener.host, port: listener.port),
                serverName: "outlay",
                availableConnectionsDelegate: MaximumAvailableConnections(
                    receiver.limits.connectionsMax,
                    logger: logger
                )
            ),
            onServerRunning: { channel in await opened(channel.localAddress?.port ?? listener.port) },
            logger: logger
        )
    }

    package func run() async throws {
        try await application.run()
    }

    static func router(_ receiver: OTLPReceiver) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: UnknownPathMiddleware())
        router.get("health") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"status":"ok"}"#))
            )
        }
        OTLPRoutes(receiver).add(to: router)
        return router
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

/// Answers paths that are no signal of ours as OTLP answers, in the encoding of the request.
private struct UnknownPathMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let refusal = TelemetryRefusal(
                .noSuchPath,
                "Telemetry is taken with POST at /v1/metrics, /v1/traces and /v1/logs; there are no profiles."
            )
            return OTLPRoutes.response(refusing: refusal, OTLPRoutes.encoding(of: request).0)
        }
    }
}
