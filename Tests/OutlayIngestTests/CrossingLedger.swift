import OutlayCore
import OutlaySQLite

/// A ledger in which a call of the gateway is booked, and heard of, the moment after the first report was.
final class CrossingLedger: TelemetryLedger {
    let noticed = Locked<@Sendable () async throws -> Void>({})
    private let base: SQLiteLedger
    private let crossing: Locked<CostEvent?>

    init(_ base: SQLiteLedger, crossing: CostEvent) {
        self.base = base
        self.crossing = Locked(crossing)
    }

    func ready(_ event: CostEvent) throws(LedgerError) -> any ReadyEvent { try base.ready(event) }

    func record(
        _ body: @escaping @Sendable (any TelemetryTransaction) throws -> [any ReadyEvent]
    ) async throws(LedgerError) -> RecordedTelemetry {
        let recorded = try await base.record(body)
        if let call = crossing.value {
            crossing.value = nil
            _ = try await base.append([call])
            try? await noticed.value()
        }
        return recorded
    }

    func append(_ events: [CostEvent]) async throws(LedgerError) -> AppendResult { try await base.append(events) }

    func spend(_ query: SpendQuery) async throws(LedgerError) -> SpendTable { try await base.spend(query) }

    func history(of id: String) async throws(LedgerError) -> [CostEvent] { try await base.history(of: id) }

    func events(
        in span: Range<Timestamp>,
        after: Int64,
        limit: Int
    ) async throws(LedgerError) -> [RecordedEvent] {
        try await base.events(in: span, after: after, limit: limit)
    }

    func verify() async throws(LedgerError) -> Verification { try await base.verify() }

    func telemetrySources() async throws(LedgerError) -> [TelemetrySource] { try await base.telemetrySources() }

    func reports(of event: CostEvent) async throws(LedgerError) -> [String] { try await base.reports(of: event) }

    func runTree(_ run: String) async throws(LedgerError) -> RunTree? { try await base.runTree(run) }

    func forgetTelemetry(receivedBefore time: Timestamp) async throws(LedgerError) {
        try await base.forgetTelemetry(receivedBefore: time)
    }
}
