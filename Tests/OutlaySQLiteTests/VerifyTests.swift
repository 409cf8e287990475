import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

/// Whatever is edited behind the product's back is found.
@Suite struct VerifyTests {
    private func differences(
        after tampering: (SQLiteLedger) async throws -> Void
    ) async throws -> [String] {
        try await withLedger(eventsWaitingMax: 10) { ledger in
            var generator = EventGenerator(seed: 5)
            for number in 0..<4 {
                if number == 3 { try await ledger.foldRuns() }
                _ = try await ledger.append(generator.events(20))
            }
            #expect(try await ledger.verify().differences == [])
            try await tampering(ledger)
            return try await ledger.verify().differences
        }
    }

    @Test(arguments: [
        ("DELETE FROM tile WHERE id >> 60 = 2", "day tile at"),
        ("UPDATE tile SET sums = x'01' WHERE id >> 60 = 3", "a month tile cannot be read"),
        ("DELETE FROM tile_run", "quarter-hour tile at"),
        ("DELETE FROM event WHERE sequence = 3", "1 events have no row"),
        ("DELETE FROM event_identity WHERE sequence = 3", "the chain"),
        ("UPDATE event SET effective = effective + 1 WHERE sequence = 3", "the row of event 3 has effective"),
        ("UPDATE event SET at = at + 1 WHERE sequence = 3", "another time"),
        ("UPDATE event_body SET body = zeroblob(9) WHERE sequence = 3", "event 3 is not what was booked"),
        ("UPDATE event_identity SET received_at = 1 WHERE sequence = 3", "the chain ends in"),
        ("UPDATE event SET series_id = series_id + 1 WHERE sequence = 3", "event 3 is summed under"),
        ("UPDATE tag_set_tag SET value = 'sales' WHERE dimension = 'team'", "other tags"),
        ("UPDATE service SET provider = 'acme'", "another provider"),
        ("UPDATE event SET names = x'00' WHERE sequence = 3", "the row of event 3 is looked for by other names"),
        ("DELETE FROM event_rest", "cannot be found by their run, task or user"),
        ("UPDATE chain SET events = events + 1", "the chain counts"),
    ])
    func `verify names what was changed`(_ row: (sql: String, named: String)) async throws {
        let found = try await differences { try await $0.tamper(row.sql) }
        #expect(found.contains { $0.contains(row.named) }, "\(row.sql): \(found)")
    }

    static let changes: [(grain: TileGrain, change: @Sendable (inout ColumnSums) -> Void, named: String)] = [
        (.quarterHour, { $0.effective += 1 }, "has effective"),
        (.quarterHour, { $0.others["web_search", default: 0] += 5 }, "web_search"),
        (.day, { $0.counters[5] += 1 }, "has input"),
        (.month, { $0.list -= 1 }, "has list"),
        (.month, { $0.others["web_search", default: 0] -= 2 }, "web_search"),
    ]

    @Test(arguments: changes.indices)
    func `verify names the tile and the sum that was changed`(index: Int) async throws {
        let row = Self.changes[index]
        let found = try await differences { try await $0.tamper(row.grain, row.change) }
        #expect(found.contains { $0.contains("tile at") && $0.contains(row.named) }, "\(found)")
    }

    @Test func `a ledger that is damaged all over is told in a hundred sentences`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append((0..<150).map { .event("\($0)") })
            try await ledger.tamper("UPDATE event SET effective = 0")
            let differences = try await ledger.verify().differences
            #expect(differences.count == 101)
            #expect(differences.last?.hasSuffix("more differences are not listed") == true)
        }
    }
}
