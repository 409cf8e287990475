import GRDB
import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

/// Each question reads only what it must, by an index.
@Suite struct PlanTests {
    private func plan(_ text: SQLText?, in ledger: SQLiteLedger) async throws -> [String] {
        let text = try #require(text)
        return try await ledger.pool.read { db in
            let statement = try SQLText("EXPLAIN QUERY PLAN " + text.sql, text.arguments).statement(in: db)
            var lines: [String] = []
            while try statement.step() { lines.append(statement.text(3) ?? "") }
            return lines
        }
    }

    private func spendPlan(
        _ query: SpendQuery,
        asksUnbounded: Bool = false,
        in ledger: SQLiteLedger
    ) async throws -> [String] {
        let plan = SpendPlan(query, coverage: Coverage(asksUnbounded: asksUnbounded))
        var lines: [String] = []
        for text in [plan.tileRows, plan.eventRows, plan.eventUsage].compactMap(\.self) {
            lines += try await self.plan(text, in: ledger)
        }
        return lines
    }

    private static let month = Timestamp(seconds: 1_793_491_200)..<Timestamp(seconds: 1_796_083_200)

    @Test func `spend by team and model walks a range of tiles`() async throws {
        try await withLedger { ledger in
            let lines = try await spendPlan(SpendQuery(by: [.team, .model], buckets: [Self.month]), in: ledger)
            #expect(lines.contains { $0.contains("SEARCH tile USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)") })
            #expect(!lines.contains { $0.hasPrefix("SCAN event") || $0.hasPrefix("SCAN tile") }, "\(lines)")
        }
    }

    @Test func `a ragged edge walks a range of events`() async throws {
        try await withLedger { ledger in
            let edge = Timestamp.sample..<Timestamp.sample.advanced(bySeconds: 60)
            let lines = try await spendPlan(SpendQuery(by: [.team], buckets: [edge]), in: ledger)
            #expect(lines.contains { $0.contains("SEARCH event USING INDEX event_at (at>? AND at<?)") }, "\(lines)")
        }
    }

    @Test func `the spend of one run is found by its tag`() async throws {
        try await withLedger { ledger in
            let query = SpendQuery(
                by: [.model],
                filters: [SpendQuery.Filter(.run, ["r1"])],
                buckets: [Self.month]
            )
            let lines = try await spendPlan(query, asksUnbounded: true, in: ledger)
            #expect(
                lines.contains { $0.contains("SEARCH event_rest USING PRIMARY KEY (rest_set_id=? AND at>? AND at<?)") },
                "\(lines)"
            )
            #expect(lines.contains { $0.contains("SEARCH event USING INTEGER PRIMARY KEY (rowid>?)") }, "\(lines)")
            #expect(!lines.contains { $0.hasPrefix("SCAN event") || $0.contains("event_at") }, "\(lines)")
        }
    }

    @Test func `the events of one run are found by its tag`() async throws {
        try await withLedger { ledger in
            let lines = try await plan(TelemetryTables.sequences(ofRun: "r1"), in: ledger)
            #expect(lines.contains { $0.contains("SEARCH event_rest USING PRIMARY KEY (rest_set_id=?)") }, "\(lines)")
            #expect(!lines.contains { $0.hasPrefix("SCAN event") }, "\(lines)")
        }
    }

    @Test(arguments: [
        ("SELECT sequence FROM event WHERE target_hash = ?", "event_target (target_hash=?)"),
        ("SELECT sequence FROM event_identity WHERE identity_hash = ?", "(identity_hash=?)"),
        (
            "SELECT sequence FROM event WHERE sequence > ? AND +at >= ? AND +at < ? ORDER BY sequence LIMIT ?",
            "PRIMARY KEY (rowid>?)"
        ),
    ])
    func `an event is found by its names`(_ row: (sql: String, index: String)) async throws {
        try await withLedger { ledger in
            let lines = try await plan(SQLText(row.sql), in: ledger)
            #expect(lines.contains { $0.contains(row.index) }, "\(lines)")
            #expect(!lines.contains { $0.contains("SCAN") || $0.contains("TEMP B-TREE") }, "\(lines)")
        }
    }

    @Test func `an event is found by its call or response in each block of events`() async throws {
        try await withLedger { ledger in
            let lines = try await plan(SQLText(EventIndex.indexedNames), in: ledger)
            #expect(
                lines.contains { $0.contains("SEARCH event_name USING PRIMARY KEY (block=? AND name=?)") },
                "\(lines)"
            )
        }
    }
}
