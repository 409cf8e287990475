import GRDB
package import OutlayCore

extension SQLiteLedger: TelemetryLedger {
    package func record(
        _ body: @escaping @Sendable (any TelemetryTransaction) throws -> [CostEvent]
    ) async throws(LedgerError) -> RecordedTelemetry {
        try await write { db in
            let events = try body(TelemetryTables(db))
            var rows: [BookedRow] = []
            rows.reserveCapacity(events.count)
            for event in events { rows.append(try BookedRow(event)) }
            return RecordedTelemetry(events: events, result: try self.book(rows, in: db))
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
