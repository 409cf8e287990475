import OutlayCore
import OutlayVault
import OutlayWeb
import OutlayWire
import Synchronization

/// An installation that keeps its keys in memory and stands still at noon on 20 November 2026.
final class FakeOperations: Operations {
    private let stored = Mutex<[StoredKey]>([])
    let reason: String?

    init(unready reason: String? = nil) {
        self.reason = reason
    }

    func now() -> Timestamp { Timestamp(seconds: 1_795_176_000) }
    func zone(_ identifier: String) -> (any Zone)? { identifier == "UTC" ? UTC() : nil }
    func unreadiness() async -> String? { reason }
    func doctor() async -> [Finding] { [Finding("ledger", .ok, "sound")] }
    func metrics() async -> String { "outlay_calls_total 0\n" }
    func keys() async throws -> [StoredKey] { stored.withLock { $0 } }

    func createKey(_ rules: KeyRules) async throws -> (StoredKey, Secret) {
        let key = ClientKey.generate()
        let made = StoredKey(id: "key_1", digest: key.digest, prefix: key.prefix, rules: rules, createdAt: now())
        stored.withLock { $0.append(made) }
        return (made, key.secret)
    }

    func rotateKey(_ idOrName: String, graceSeconds: Int64) async throws -> (StoredKey, Secret)? {
        guard let rules = try await keys().first(where: { $0.rules.name == idOrName })?.rules else { return nil }
        return try await createKey(rules)
    }

    func revokeKey(_ idOrName: String) async throws -> Bool {
        stored.withLock { keys in keys.contains { $0.id == idOrName || $0.rules.name == idOrName } }
    }

    func storeProviderKey(_ secret: Secret, name: String) async throws {}
    func prices(matching text: String) -> [PriceAnswer] { [] }

    func updatePrices(_ book: [UInt8], signature: [UInt8]?, isDryRun: Bool) async throws -> PriceUpdateAnswer {
        throw APIError(.untrusted, "not signed")
    }

    func rerate(_ span: Range<Timestamp>, isDryRun: Bool) async throws -> RerateAnswer {
        RerateAnswer(events: 0, changed: 0, isApplied: !isDryRun, differenceUSD: "0")
    }

    /// Books nothing, and says of everybody's events that they were accepted.
    func book(_ post: EventPost, by principal: Principal) async throws -> EventsAnswer {
        guard principal != .key("other") else { throw APIError(.forbidden, "The key is for the gateway.") }
        var answer = EventsAnswer()
        answer.accepted = post.reports.count
        answer.isDryRun = post.isDryRun
        return answer
    }

    func telemetrySources() async throws -> [TelemetrySource] { [] }
    func flushTelemetry() async throws {}
    func reports(of event: CostEvent) async throws -> [String] { [] }
    func runTree(_ run: String) async throws -> RunTree? { nil }

    func verify() async throws -> Verification {
        Verification(events: 0, effective: .zero, differences: [], chainHead: "00")
    }

    func backup() async throws -> String { throw LedgerError.unavailable(reason: "the disk is full") }
    func discardBackup(_ path: String) async {}
}
