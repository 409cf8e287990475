import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

/// Whatever is edited behind the product's back is found.
@Suite struct VerifyTests {
    private func differences(after sql: String) async throws -> [String] {
        try await withLedger { ledger in
            var generator = EventGenerator(seed: 5)
            for _ in 0..<4 { _ = try await ledger.append(generator.events(20)) }
            #expect(try await ledger.verify().differences == [])
            try await ledger.tamper(sql)
            return try await ledger.verify().differences
        }
    }

    @Test(arguments: [
        ("UPDATE tile SET effective_low = effective_low + 1 WHERE grain = 1", "quarter-hour tile at"),
        ("UPDATE tile SET input = input + 1 WHERE grain = 2", "day tile at"),
        ("UPDATE tile SET calls = calls + 1 WHERE grain = 3", "month tile at"),
        ("DELETE FROM tile WHERE grain = 2", "day tile at"),
        ("UPDATE tile_usage SET quantity = quantity + 5 WHERE grain = 1", "is off by 5"),
        ("UPDATE tile_usage SET quantity = quantity - 2 WHERE grain = 3", "is off by -2"),
        ("DELETE FROM event WHERE sequence = 3", "1 events have no row"),
        ("DELETE FROM event_identity WHERE sequence = 3", "the chain"),
        ("UPDATE event SET effective = effective + 1 WHERE sequence = 3", "the row of event 3 has effective"),
        ("UPDATE event SET at = at + 1 WHERE sequence = 3", "another time"),
        ("UPDATE event_body SET body = zeroblob(9) WHERE sequence = 3", "event 3 is not what was booked"),
        ("UPDATE event_identity SET received_at = 1 WHERE sequence = 3", "the chain ends in"),
        ("UPDATE event SET series_id = series_id + 1 WHERE sequence = 3", "event 3 is summed under"),
        ("UPDATE tag_set_tag SET value = 'sales' WHERE dimension = 'team'", "other tags"),
        ("UPDATE service SET provider = 'acme'", "another provider"),
        ("UPDATE chain SET events = events + 1", "the chain counts"),
    ])
    func `verify names what was changed`(_ row: (sql: String, named: String)) async throws {
        let found = try await differences(after: row.sql)
        #expect(found.contains { $0.contains(row.named) }, "\(row.sql): \(found)")
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
