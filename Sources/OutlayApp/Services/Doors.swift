internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import NIOSSL
internal import OutlayCore
internal import OutlayGateway
internal import OutlayJournal
internal import OutlayVault
internal import OutlayWeb
internal import ServiceLifecycle
internal import Synchronization

/// The two ports people and programs come in by, and what happens when both are open.
final class Doors: Sendable {
    private let settings: Settings
    private let installation: Installation
    private let opened: @Sendable (ServerAddresses) async -> Void
    private let urls = Mutex<(web: String?, gateway: String?)>((nil, nil))

    /// - Parameter opened: called once, when both ports accept connections.
    init(
        settings: Settings,
        installation: Installation,
        opened: @escaping @Sendable (ServerAddresses) async -> Void
    ) {
        self.settings = settings
        self.installation = installation
        self.opened = opened
    }

    /// The gateway, booking into `journal`.
    func gateway(journal: Journal) -> any Service {
        var listener = GatewayListener(
            host: settings.gateway.host,
            port: settings.gateway.port,
            isStrict: settings.isStrict
        )
        if let chain = settings.certificate, let key = settings.privateKey { listener.certificate = (chain, key) }
        var seams = GatewaySeams(
            book: journal,
            digest: { KeyDigest(of: $0) },
            now: SystemClock.now,
            random: {
                var generator = SystemRandomNumberGenerator()
                return generator.next()
            }
        )
        seams.estimator = LearnedEstimates()
        let metrics = GatewayMetrics()
        installation.observe(gateway: metrics, journal: journal)
        return GatewayServer(
            listener: listener,
            snapshots: installation.snapshots,
            seams: seams,
            metrics: metrics,
            bound: { [self] address in
                Task { await open { $0.gateway = address.url } }
            }
        )
    }

    /// The API and the pages.
    func web() throws -> any Service {
        let router = installation.webRouter(isSecure: settings.hasTLS) { [self] in
            urls.withLock { $0.gateway } ?? ""
        }
        let (settings, logger) = (settings, installation.logger)
        return Application(
            router: router.router(),
            server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.web.host, port: settings.web.port),
                serverName: "outlay"
            ),
            onServerRunning: { [self] channel in
                let port = channel.localAddress?.port ?? settings.web.port
                let url = ListenAddress(host: settings.web.host, port: port).url(isSecure: settings.hasTLS)
                await open { $0.web = url }
            },
            logger: logger
        )
    }

    private func open(_ note: @Sendable (inout (web: String?, gateway: String?)) -> Void) async {
        let both = urls.withLock { urls in
            note(&urls)
            return urls
        }
        guard let web = both.web, let gateway = both.gateway else { return }
        await opened(ServerAddresses(web: web, gateway: gateway))
    }

    private func server() throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(60)))
        guard let certificate = settings.certificate, let key = settings.privateKey else { return plain }
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        )
        return try .tls(plain, tlsConfiguration: configuration)
    }
}
