import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

@Suite struct RetentionTests {
    /// Days `0..<days` before the sample, three events each.
    private func events(days: Int) -> [CostEvent] {
        (0..<days * 3).map { number in
            CostEvent.event(
                "\(number)",
                team: number.isMultiple(of: 2) ? "growth" : "platform",
                cost: "0.\(number + 1)",
                at: Timestamp.sample.advanced(bySeconds: -Int64(number / 3) * 86_400)
            ).tagged(.run, "run-\(number % 4)")
        }
    }

    private static let boundary = Timestamp.sample.advanced(bySeconds: -10 * 86_400)

    @Test func `dropping events changes no total and no verification`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append(events(days: 60))
            let query = SpendQuery(by: [.team, .model], buckets: [.always])
            let before = try await ledger.spend(query)
            let verified = try await ledger.verify()
            let dropped = try await ledger.seal(before: Self.boundary)
            #expect(dropped == 49 * 3)
            #expect(try await ledger.count("SELECT COUNT(*) FROM event") == 11 * 3)
            #expect(try await ledger.count("SELECT COUNT(*) FROM event_body") == 11 * 3)
            #expect(try await ledger.spend(query) == before)
            #expect(try await ledger.verify() == verified)
        }
    }

    @Test func `what is dropped leaves the indexes, and what stays is found`() async throws {
        try await withLedger(eventsWaitingMax: 7) { ledger in
            let all = events(days: 60).map { event in event.with { $0.links.responseID = "response-\(event.id.id)" } }
            for start in stride(from: 0, to: all.count, by: 15) {
                _ = try await ledger.append(Array(all[start..<start + 15]))
            }
            try await ledger.seal(before: Self.boundary)
            for index in ["event_rest", "event_name"] {
                let held = try await ledger.count("SELECT COUNT(*) FROM \(index)")
                let known = try await ledger.count("SELECT COUNT(*) FROM \(index) JOIN event USING (sequence)")
                #expect(held == known && held > 0, "\(index)")
            }
            let query = SpendQuery(by: [], filters: [SpendQuery.Filter(.run, ["run-1"])], buckets: [.always])
            #expect(try await ledger.spend(query).total.calls == 8)
            #expect(try await ledger.history(of: "response-32").map(\.id.id) == ["32"])
            #expect(try await ledger.history(of: "response-33") == [])
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test func `more than one sweep of events is dropped`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append(
                (0..<1203).map { .event("\($0)", at: Self.boundary.advanced(bySeconds: -86_400 - Int64($0))) }
            )
            #expect(try await ledger.seal(before: Self.boundary) == 1203)
            #expect(try await ledger.total().calls == 1203)
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test func `an old event that is sent again is still a duplicate, and one with other content a conflict`()
        async throws
    {
        try await withLedger { ledger in
            let all = events(days: 30)
            _ = try await ledger.append(all)
            try await ledger.seal(before: Self.boundary)
            let again = [all[80], all[80].with { $0.isNotional = true }]
            #expect(try await ledger.append(again) == AppendResult(duplicates: 2, conflicts: 1, skipped: [0, 1]))
        }
    }

    @Test func `what arrives late for a sealed day is booked, and leaves with the next seal`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append(events(days: 30))
            try await ledger.seal(before: Self.boundary)
            let late = CostEvent.event("late", cost: "5", at: Timestamp.sample.advanced(bySeconds: -20 * 86_400))
            let before = try await ledger.total().effective
            #expect(try await ledger.append([late]).new == 1)
            #expect(try await ledger.total().effective == before + (Money(dollars: "5") ?? .zero))
            #expect(try await ledger.verify().differences == [])
            #expect(try await ledger.seal(before: Self.boundary) == 1)
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test func `a later seal adds to an earlier one`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append(events(days: 60))
            let total = try await ledger.total()
            for days in [40, 20, 10] as [Int64] {
                try await ledger.seal(before: Timestamp.sample.advanced(bySeconds: -days * 86_400))
            }
            #expect(try await ledger.total() == total)
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test func `a question about a run finds the total of sealed days under no value`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append(events(days: 30))
            let total = try await ledger.total()
            try await ledger.seal(before: Self.boundary)
            let table = try await ledger.spend(SpendQuery(by: [.run], buckets: [.always]))
            #expect(table.total == total)
            let sealed = table.rows.first { $0.key == [nil] }
            #expect(sealed?.sum.calls == 57)
        }
    }

    @Test func `an answer cut inside a sealed quarter hour loses nothing between its buckets`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append(events(days: 30))
            let total = try await ledger.total()
            try await ledger.seal(before: Self.boundary)
            let cut = Timestamp(microseconds: Timestamp.sample.microseconds - 20 * 86_400_000_000 - 77)
            let query = SpendQuery(
                by: [],
                buckets: [TileGrain.times.lowerBound..<cut, cut..<TileGrain.times.upperBound]
            )
            #expect(try await ledger.spend(query).total == total)
        }
    }

    @Test func `a tile changed below the seal is found`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append(events(days: 30))
            try await ledger.seal(before: Self.boundary)
            try await ledger.tamper(.quarterHour) { $0.effective += 1 }
            let differences = try await ledger.verify().differences
            #expect(differences.contains { $0.hasPrefix("the sum of tiles before") }, "\(differences)")
        }
    }
}
