internal import Foundation
internal import Hummingbird
internal import HummingbirdTLS
internal import Logging
internal import NIOSSL
internal import OutlayCore
internal import OutlayGateway
internal import OutlayJournal
internal import OutlaySQLite
internal import ServiceLifecycle

/// `outlay serve`: everything wired, from the ledger up to the doors.
///
/// Services are listed in the order of their dependencies and shut down in reverse: the doors first, the
/// ledger's writer last.
package struct Server: Sendable {
    private let settings: Settings
    /// What runs beside the doors, and what to say when they are open; the demo's additions.
    var companions: [any Service] = []
    var configuration: Resources?
    var prepare: @Sendable (Installation) async throws -> Void = { _ in }
    var announce: @Sendable (Installation, ServerAddresses) async throws -> Void = { _, _ in }

    package init(settings: Settings) {
        self.settings = settings
    }

    package func run() async throws {
        let logger = try StandardErrorLog.logger(level: settings.logLevel)
        let installation = try await Installation(settings, logger: logger, configuration: configuration)
        try await prepare(installation)
        let journal = try Journal(directory: settings.journalFolder, lanes: GatewayServer.loopCount)
        let gateway = try await GatewayServer.start(
            installation.gatewayConfiguration(book: journal),
            logger: logger
        )
        installation.observe(gateway: gateway, journal: journal)
        let doors = Doors(settings: settings, installation: installation, gateway: gateway)
        let web = try doors.webApplication { addresses in
            try? DataFolder(settings: settings).writeAddresses(addresses)
            try? await announce(installation, addresses)
            Self.printReady(addresses)
            Self.printSignIn(installation, addresses)
        }
        let writer = LedgerWriter(journal: journal, ledger: installation.ledger, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: ([writer] + upkeep(of: installation) + companions + [web, gateway]).map {
                    ServiceGroupConfiguration.ServiceConfiguration(service: $0)
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        defer { DataFolder(settings: settings).removeAddresses() }
        try await group.run()
    }

    /// Watching the configuration every second, sealing old months every hour.
    private func upkeep(of installation: Installation) -> [any Service] {
        let watch = ConfigurationWatch(settings: settings, installation: installation)
        return [
            Repeating(interval: .seconds(1)) { await watch.look() },
            Repeating(interval: .seconds(3600)) {
                await installation.postVolumeDiscounts()
                await installation.sealOldEvents()
            },
        ]
    }

    /// The one line on standard output; whoever started the process waits for it.
    private static func printReady(_ addresses: ServerAddresses) {
        guard let line = try? JSONText.line(addresses) else { return }
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    private static func printSignIn(_ installation: Installation, _ addresses: ServerAddresses) {
        guard installation.isFirstStart else { return }
        let code = installation.sessions.issueCode(now: installation.now())
        FileHandle.standardError.write(Data("sign in once with \(addresses.web)/sign-in?code=\(code)\n".utf8))
    }
}

/// The web port: API and pages.
struct Doors: Sendable {
    let settings: Settings
    let installation: Installation
    let gateway: GatewayServer

    /// - Parameter opened: called once, when the port accepts connections.
    func webApplication(opened: @escaping @Sendable (ServerAddresses) async -> Void) throws -> any Service {
        let gatewayURL = ListenAddress(host: settings.gateway.host, port: gateway.port).url(isSecure: settings.hasTLS)
        let settings = settings
        return Application(
            router: installation.webRouter(gatewayURL: gatewayURL, isSecure: settings.hasTLS).router(),
            server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.web.host, port: settings.web.port),
                serverName: "outlay"
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.web.port
                let web = ListenAddress(host: settings.web.host, port: port).url(isSecure: settings.hasTLS)
                await opened(ServerAddresses(web: web, gateway: gatewayURL))
            },
            logger: installation.logger
        )
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
