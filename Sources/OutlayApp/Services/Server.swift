internal import Foundation
internal import Logging
internal import NIOCore
internal import OutlayCore
internal import OutlayJournal
internal import OutlayMeters
internal import OutlayWeb
internal import ServiceLifecycle
internal import UnixSignals

/// `outlay serve`: everything wired, from the ledger up to the doors.
///
/// Services are listed in the order of their dependencies and shut down in reverse: the doors first, the
/// ledger's writer last.
package struct Server: Sendable {
    private let settings: Settings
    /// What runs beside the doors; the demo's sandbox.
    var companions: [any Service] = []
    var configuration: Resources?
    var prepare: @Sendable (Installation) async throws -> Void = { _ in }
    var announce: @Sendable (Installation, ServerAddresses) async throws -> Void = { _, _ in }

    package init(settings: Settings) {
        self.settings = settings
    }

    package func run() async throws {
        ProcessMemory.settle()
        let logger = try StandardErrorLog.logger(level: settings.logLevel)
        let installation = try await Installation(settings, logger: logger, configuration: configuration)
        try await prepare(installation)
        let journal = try Journal(directory: settings.journalFolder, lanes: Cores.count)
        let doors = Doors(settings: settings, installation: installation) { addresses in
            try? DataFolder(settings: settings).writeAddresses(addresses)
            try? await announce(installation, addresses)
            Self.printReady(addresses)
            Self.printSignIn(installation, addresses)
            ProcessMemory.forget()
        }
        let writer = LedgerWriter(
            journal: journal,
            ledger: installation.metered,
            noticed: { await installation.noticeTelemetry(of: $0) },
            health: installation.storeHealth,
            logger: logger
        )
        let services = [writer, Resting()] + upkeep(of: installation) + companions
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: (services + (try doors.services(journal: journal))).map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        defer { DataFolder(settings: settings).removeAddresses() }
        do {
            try await group.run()
            await installation.governance.carryOut()
        } catch let error as IOError where [EADDRINUSE, EACCES, EADDRNOTAVAIL].contains(error.errnoCode) {
            throw StartFailure.usage(
                "cannot listen on \(Self.list(settings.listeners.map { "\($0.address)" })): one of them is taken, not "
                    + "allowed or not this machine's; choose others with \(Self.list(settings.listeners.map(\.flag))) "
                    + "(port 0 picks a free one; --otlp-http off and --otlp-grpc off open none)"
            )
        }
    }

    private static func list(_ words: [String]) -> String {
        words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
    }

    /// Watching the configuration every second, keys of tokens every minute; anchors, volume discounts and retention
    /// every hour.
    private func upkeep(of installation: Installation) -> [any Service] {
        let watch = ConfigurationWatch(settings: settings, installation: installation)
        return [
            Repeating(interval: .seconds(1)) { await watch.look() },
            Repeating(interval: .seconds(1)) { await installation.governance.carryOut() },
            Repeating(interval: .seconds(1)) { await installation.settleTelemetry() },
            Repeating(interval: .seconds(60)) { await installation.refreshTokenKeys() },
            Repeating(interval: .seconds(3600)) {
                await installation.postVolumeDiscounts()
                await installation.sealOldEvents()
                await installation.forgetTelemetry()
                await installation.anchorChains()
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
