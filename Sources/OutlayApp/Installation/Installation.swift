internal import Foundation
package import Logging
package import OutlayCore
package import OutlayGateway
package import OutlayIngest
package import OutlayMeters
package import OutlaySQLite
package import OutlayVault
package import OutlayWeb
internal import OutlayWire
internal import Synchronization

/// One data folder, opened: its ledger, keys, prices and configuration, and the snapshot the gateway follows.
///
/// The composition root. It holds the only mutable configuration there is; everyone else gets immutable
/// snapshots of it.
package final class Installation: Sendable {
    /// What is in force now.
    struct State: Sendable {
        var configuration: Resources
        var keys: [StoredKey]
        /// Provider keys of the vault, by name.
        var providerKeys: [String: Secret]
        /// The book as it was published, without overlays.
        var book: BookContents
        var pricing: PriceBook
        /// What the gateway's gate decides by; follows the others.
        var rules: GateRules
        /// The public keys of the configured issuers of tokens.
        var tokenKeys = TokenKeyRing()
        /// Vocabularies of configured tokenizers, by their path.
        var tokenizers: [String: Tokenizer] = [:]
        /// How far each volume discount is posted, by its name.
        var volumes: [String: VolumePosting.Progress] = [:]
        var number = 0

        /// Keys made by command and those of the configuration, as one list.
        var clientKeys: [StoredKey] { ClientKeys.merged(keys, with: configuration) }

        /// The valid key of that name; the latest, where earlier ones ended.
        func key(named name: String, at now: Timestamp) -> StoredKey? {
            clientKeys.last { $0.rules.name == name && $0.isValid(at: now) }
        }
    }

    package let settings: Settings
    package let logger: Logger
    package let ledger: SQLiteLedger
    /// The ledger as everybody appends to it, the meters beside it.
    let metered: MeteredLedger
    let storeHealth = StoreHealth(clock: SystemClock.monotonicNanoseconds)
    package let sessions: Sessions
    package let snapshots: SnapshotBox
    /// The administrator's token, and whether this start made it.
    package let adminToken: Secret
    package let isFirstStart: Bool
    package let meters: Meters
    package let governance: GovernanceDesk
    /// Books what telemetry tells.
    package let telemetry: TelemetryDesk
    /// What telemetry is taken by; follows the state.
    let ingest: IngestRulesBox
    let masterKey: MasterKey
    let state: Mutex<State>
    /// What the metrics are read from, once it runs.
    let observed = Mutex<Observed?>(nil)

    /// Opens the folder of `settings`, making what is missing, and books what an earlier process left behind.
    ///
    /// - Throws: a ``StartFailure``; nothing listens yet.
    package init(_ settings: Settings, logger: Logger, configuration override: Resources? = nil) async throws {
        let folder = DataFolder(settings: settings)
        try folder.prepare()
        let resources = try override ?? Configuration(settings).resources(logger: logger)
        do {
            ledger = try SQLiteLedger(path: settings.ledgerPath, tags: resources.tags)
            masterKey = try MasterKey(at: settings.masterKeyPath)
        } catch let error as LedgerError {
            throw StartFailure(error)
        } catch let error as MasterKey.Failure {
            throw StartFailure(error.description)
        }
        (adminToken, isFirstStart) = try folder.adminToken()
        self.settings = settings
        self.logger = logger
        sessions = Sessions(token: AccessToken(adminToken))
        let meters = Meters(now: SystemClock.now)
        self.meters = meters
        metered = MeteredLedger(ledger, meters: meters)
        let rebuild = MeterRebuild(ledger: metered, meters: meters, now: SystemClock.now)
        governance = GovernanceDesk(log: ledger, meters: meters, logger: logger, now: SystemClock.now) { desk in
            try await rebuild.adopt(desk.budgets) { desk.equip(&$0) }
        }
        let contents = try InstalledBook(settings).contents(logger: logger)
        let pricing = PriceBook(contents).overlaid(by: resources.ownPrices, discounts: resources.discounts)
        var start = State(
            configuration: resources,
            keys: try await ledger.keys(),
            providerKeys: try await Self.providerKeys(in: ledger, under: masterKey, logger: logger),
            book: contents,
            pricing: pricing,
            rules: GateRules(pricing: pricing, policies: PolicyBook(resources) { CivilZone($0) })
        )
        start.tokenizers = try Tokenizers.read(for: resources)
        start.tokenKeys = await TokenKeyRing().filled(for: resources.tags.tokens, logger: logger)
        snapshots = SnapshotBox(try Self.snapshot(of: start, settings: settings))
        let ingest = IngestRulesBox(IngestRules(start))
        self.ingest = ingest
        telemetry = TelemetryDesk(
            ledger: metered,
            now: SystemClock.now,
            booked: { [governance] in governance.heard($0) },
            terms: { ingest.current.booking }
        )
        state = Mutex(start)
        try await JournalRecovery(settings: settings, ledger: ledger, logger: logger).run(version: pricing.version)
        governance.use(resources)
        try await governance.load()
        try await governance.remakeMeters()
    }

    package func now() -> Timestamp {
        SystemClock.now()
    }

    /// What the gateway's gate decides by.
    var gateRules: GateRules { state.withLock { $0.rules } }

    /// What is in force, as one value.
    var current: State { state.withLock { $0 } }

    /// Changes what is in force and hands the gateway a new snapshot; on failure nothing changes.
    func change(_ body: (inout State) throws -> Void) throws {
        try state.withLock { state in
            var next = state
            try body(&next)
            next.pricing = PriceBook(next.book).overlaid(
                by: next.configuration.ownPrices,
                discounts: next.configuration.discounts
            )
            next.rules = GateRules(
                pricing: next.pricing,
                policies: PolicyBook(next.configuration) { CivilZone($0) }
            )
            next.number += 1
            snapshots.replace(with: try Self.snapshot(of: next, settings: settings))
            ingest.replace(with: IngestRules(next))
            state = next
        }
    }

    private static func snapshot(of state: State, settings: Settings) throws(StartFailure) -> GatewaySnapshot {
        var limits = GatewayLimits()
        limits.bodyBytesMax = settings.bodyBytesMax
        limits.connectionsPerAddressMax = settings.connectionsPerAddress
        do {
            return try GatewaySnapshot(
                number: state.number,
                upstreams: state.configuration.upstreams,
                credentials: ProviderCredentials(vault: state.providerKeys).resolve(state.configuration.upstreams),
                keys: state.clientKeys,
                tariff: (state.pricing, Attributor(state.configuration)),
                aids: GatewaySnapshot.Aids(
                    tokens: state.tokenKeys.verifier(for: state.configuration.tags.tokens),
                    tokenizers: state.tokenizers
                ),
                limits: limits
            )
        } catch {
            throw StartFailure(error.description, fault: .configuration)
        }
    }

    /// The vault's keys; one that another master key sealed (a restored backup) is reported and left out.
    private static func providerKeys(
        in ledger: SQLiteLedger,
        under masterKey: MasterKey,
        logger: Logger
    ) async throws -> [String: Secret] {
        var keys: [String: Secret] = [:]
        for (name, sealed) in try await ledger.secrets() {
            do {
                keys[name] = try masterKey.open(sealed, purpose: ProviderCredentials.purpose, name: name)
            } catch {
                logger.error("a provider key cannot be used; store it again", metadata: ["reason": "\(error)"])
            }
        }
        return keys
    }
}

/// The wall clock, in microseconds.
package enum SystemClock {
    package static func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1000)
    }

    /// Nanoseconds of a clock that nobody sets.
    package static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// How long processors have worked for this process so far.
    static func ofProcess() -> Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
