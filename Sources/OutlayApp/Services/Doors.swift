internal import Foundation
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
        listener.loops = min(listener.loops, Cores.count)
        if let chain = settings.certificate, let key = settings.privateKey { listener.certificate = (chain, key) }
        var seams = GatewaySeams(
            book: journal,
            digest: { KeyDigest(of: $0) },
            now: SystemClock.now,
            random: { [pool = RandomPool()] in pool.next() }
        )
        seams.gate = BudgetGate(
            meters: installation.meters,
            health: installation.storeHealth,
            desk: installation.governance,
            rules: { [installation] in installation.gateRules },
            link: { [self] in urls.withLock { $0.web } ?? "" }
        )
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
        let settings = settings
        var listener = WebServer.Listener(host: settings.web.host, port: settings.web.port)
        if let chain = settings.certificate, let key = settings.privateKey { listener.certificate = (chain, key) }
        return try WebServer(router, listener: listener, logger: installation.logger) { [self] port in
            let url = ListenAddress(host: settings.web.host, port: port).url(isSecure: settings.hasTLS)
            installation.governance.use(webURL: url)
            await open { $0.web = url }
        }
    }

    private func open(_ note: @Sendable (inout (web: String?, gateway: String?)) -> Void) async {
        let both = urls.withLock { urls in
            note(&urls)
            return urls
        }
        guard let web = both.web, let gateway = both.gateway else { return }
        let certificate = settings.certificate.map { URL(filePath: $0).path }
        await opened(ServerAddresses(web: web, gateway: gateway, certificate: certificate))
    }
}
