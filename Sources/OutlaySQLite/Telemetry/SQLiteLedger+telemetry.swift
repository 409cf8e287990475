import GRDB
package import OutlayCore

extension SQLiteLedger: TelemetryLedger {
    package func ready(_ event: CostEvent) throws(LedgerError) -> any ReadyEvent {
        try BookedRow(event)
    }

    package func record(
        _ body: @escaping @Sendable (any TelemetryTransaction) throws -> [any ReadyEvent]
    ) async throws(LedgerError) -> RecordedTelemetry {
        try await write { db in
            let rows = try body(TelemetryTables(db)).map { try $0 as? BookedRow ?? BookedRow($0.event) }
            return RecordedTelemetry(rows, result: try self.book(rows, in: db))
        }
    }

    package func telemetrySources() async throws(LedgerError) -> [TelemetrySource] {
        try await read { db in try TelemetryTables(db).sources() }
    }

    package func reports(of event: CostEvent) async throws(LedgerError) -> [String] {
        try await read { db in try TelemetryTables(db).reports(of: event) }
    }

    package func runTree(_ run: String) async throws(LedgerError) -> RunTree? {
        try await read { db in
            let tables = TelemetryTables(db)
            let events = try tables.events(ofRun: run)
            guard !events.isEmpty else { return nil }
            return RunTree(run: run, events: events, spans: try tables.spans(ofRun: run))
        }
    }

    package func forgetTelemetry(receivedBefore time: Timestamp) async throws(LedgerError) {
        var isDone = false
        while !isDone {
            isDone = try await write { db in try TelemetryTables(db).forget(receivedBefore: time) }
        }
    }
}
