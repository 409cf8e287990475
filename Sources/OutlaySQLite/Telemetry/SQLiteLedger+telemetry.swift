import GRDB
package import OutlayCore

extension SQLiteLedger: TelemetryLedger {
    package func ready(_ event: CostEvent) throws(LedgerError) -> any ReadyEvent {
        try BookedRow(event)
    }

    package func record(
        _ body: @escaping @Sendable (any TelemetryTransaction) throws -> [any ReadyEvent]
    ) async throws(LedgerError) -> RecordedTelemetry {
        try await writeTelemetry { db, tables in
            let rows = try body(tables).map { try $0 as? BookedRow ?? BookedRow($0.event) }
            try tables.index(from: self.observationsWaitingMax)
            self.remember(tables.takeRecentEvents())
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
            isDone = try await writeTelemetry { _, tables in try tables.forget(receivedBefore: time) }
        }
    }

    /// One transaction with the tables of telemetry, which hand on what they remember.
    private func writeTelemetry<Value: Sendable>(
        _ body: @escaping @Sendable (Database, TelemetryTables) throws -> Value
    ) async throws(LedgerError) -> Value {
        try await write { db in
            let tables = TelemetryTables(
                db,
                recent: self.takeRecentObservations(),
                recentEvents: self.takeRecentEvents()
            )
            let value = try body(db, tables)
            if let events = tables.takeRecentEvents() { self.remember(events) }
            try tables.writeRows()
            self.remember(try tables.recent)
            return value
        }
    }
}
