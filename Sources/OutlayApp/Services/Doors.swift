internal import Foundation
internal import OutlayCore
internal import OutlayGateway
internal import OutlayIngest
internal import OutlayIngestGRPC
internal import OutlayJournal
internal import OutlayVault
internal import OutlayWeb
internal import ServiceLifecycle
internal import Synchronization

/// The ports that people, programs and telemetry come in by, and what happens when all are open.
final class Doors: Sendable {
    private let settings: Settings
    private let installation: Installation
    private let opened: @Sendable (ServerAddresses) async -> Void
    private let telemetry: OTLPReceiver
    private let urls = Mutex(Open())

    /// The addresses of the ports that are open so far.
    private struct Open {
        var web: String?
        var gateway: String?
        var otlpHTTP: String?
        var otlpGRPC: String?
    }

    /// - Parameter opened: called once, when all ports accept connections.
    init(
        settings: Settings,
        installation: Installation,
        opened: @escaping @Sendable (ServerAddresses) async -> Void
    ) {
        self.settings = settings
        self.installation = installation
        self.opened = opened
        telemetry = OTLPReceiver(
            intake: TelemetryReception(desk: installation.telemetry) { [ingest = installation.ingest] in
                ingest.current.reading
            },
            keys: { [ingest = installation.ingest] in ingest.current.keys },
            now: SystemClock.now,
            limits: IngestLimits(bodyBytesMax: settings.otlpBodyBytesMax)
        )
    }

    /// Every port as a service; the gateway books into `journal`.
    func services(journal: Journal) throws -> [any Service] {
        [try web(), gateway(journal: journal)] + [try otlpHTTP(), otlpGRPC()].compactMap { $0 }
    }

    private func gateway(journal: Journal) -> any Service {
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
        installation.observe(gateway: metrics, journal: journal, telemetry: telemetry)
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

    /// The API and the pages, and telemetry for whoever knows only this port.
    private func web() throws -> any Service {
        var router = installation.webRouter(isSecure: settings.hasTLS) { [self] in
            urls.withLock { $0.gateway } ?? ""
        }
        router.additions = [{ [telemetry] in OTLPRoutes(telemetry).add(to: $0) }]
        let settings = settings
        var listener = WebServer.Listener(host: settings.web.host, port: settings.web.port)
        if let chain = settings.certificate, let key = settings.privateKey { listener.certificate = (chain, key) }
        return try WebServer(router, listener: listener, logger: installation.logger) { [self] port in
            let url = url(of: settings.web, port: port)
            installation.governance.use(webURL: url)
            await open { $0.web = url }
        }
    }

    private func otlpHTTP() throws -> (any Service)? {
        guard let address = settings.otlpHTTP else { return nil }
        return try OTLPServer(telemetry, listener: listener(at: address), logger: installation.logger) { [self] port in
            let url = url(of: address, port: port)
            await open { $0.otlpHTTP = url }
        }
    }

    private func otlpGRPC() -> (any Service)? {
        guard let address = settings.otlpGRPC else { return nil }
        return OTLPGRPCServer(telemetry, listener: listener(at: address)) { [self] port in
            let url = url(of: address, port: port)
            await open { $0.otlpGRPC = url }
        }
    }

    private func listener(at address: ListenAddress) -> OTLPServer.Listener {
        var listener = OTLPServer.Listener(host: address.host, port: address.port)
        if let chain = settings.certificate, let key = settings.privateKey { listener.certificate = (chain, key) }
        return listener
    }

    private func url(of address: ListenAddress, port: Int) -> String {
        ListenAddress(host: address.host, port: port).url(isSecure: settings.hasTLS)
    }

    private func open(_ note: @Sendable (inout Open) -> Void) async {
        let open = urls.withLock { urls in
            note(&urls)
            return urls
        }
        guard let web = open.web, let gateway = open.gateway else { return }
        guard (open.otlpHTTP == nil) == (settings.otlpHTTP == nil) else { return }
        guard (open.otlpGRPC == nil) == (settings.otlpGRPC == nil) else { return }
        await opened(
            ServerAddresses(
                web: web,
                gateway: gateway,
                otlpHTTP: open.otlpHTTP,
                otlpGRPC: open.otlpGRPC,
                certificate: settings.certificate.map { URL(filePath: $0).path }
            )
        )
    }
}
