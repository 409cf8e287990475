import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

@Suite struct BookingTests {
    @Test func `an amount beyond 64 bits is refused by name, and nothing of the batch is written`() async throws {
        try await withLedger { ledger in
            let error = await #expect(throws: LedgerError.self) {
                try await ledger.append([.event("a"), .event("huge", cost: "9300000")])
            }
            #expect(
                error == .unbookable(id: "huge", reason: "an amount of 9300000 dollars is more than one event can hold")
            )
            let total = try await ledger.total()
            #expect(total == SpendSum())
        }
    }

    @Test(arguments: [Int64.max, .min, 1_000_000_000_001])
    func `a count beyond sense is refused by name`(count: Int64) async throws {
        try await withLedger { ledger in
            let error = await #expect(throws: LedgerError.self) {
                try await ledger.append([.event("odd", input: count)])
            }
            #expect(error == .unbookable(id: "odd", reason: "\(count) input is more than one event can hold"))
        }
    }

    @Test func `a time outside the calendar is refused by name`() async throws {
        try await withLedger { ledger in
            await #expect(throws: LedgerError.unbookable(id: "x", reason: "its time is outside the years 1 to 9999")) {
                try await ledger.append([.event("x", at: Timestamp(microseconds: .max))])
            }
        }
    }

    @Test func `times before 1970 and at the ends of the calendar are summed`() async throws {
        try await withLedger { ledger in
            let times = [TileGrain.times.lowerBound.microseconds, -1, 0, TileGrain.times.upperBound.microseconds - 1]
            let events = times.map { CostEvent.event("\($0)", at: Timestamp(microseconds: $0)) }
            _ = try await ledger.append(events)
            #expect(try await ledger.total().calls == 4)
            let before = TileGrain.times.lowerBound..<Timestamp(microseconds: 0)
            #expect(try await ledger.spend(SpendQuery(by: [], buckets: [before])).total.calls == 2)
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test func `a late event is summed at its own time`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append([.event("now")])
            let late = Timestamp.sample.advanced(bySeconds: -40 * 86_400)
            _ = try await ledger.append([.event("late", at: late)])
            let day = TileGrain.day.start(of: late)
            let query = SpendQuery(by: [], buckets: [day..<TileGrain.day.end(ofTileAt: day)])
            #expect(try await ledger.spend(query).total.calls == 1)
        }
    }

    @Test func `values past the daily limit leave the rollups and no answer`() async throws {
        try await withLedger(tags: TagSettings(valuesPerDayMax: 3)) { ledger in
            let oracle = MemoryLedger()
            let yesterday = Timestamp.sample.advanced(bySeconds: -86_400)
            let events = (0..<10).flatMap { number in
                [
                    CostEvent.event("c\(number)", cost: "1").tagged(.customer, "customer-\(number)"),
                    CostEvent.event("y\(number)", cost: "1", at: yesterday).tagged(.customer, "customer-\(number % 3)"),
                ]
            }
            _ = try await ledger.append(events)
            _ = try await oracle.append(events)
            #expect(try await ledger.count("SELECT COUNT(*) FROM day_overflow") == 1)
            #expect(
                try await ledger.count("SELECT COUNT(*) FROM tag_set_tag JOIN series USING (tag_set_id)") < 10
            )
            for filters in [[], [SpendQuery.Filter(.customer, ["customer-9", "customer-1"])]] {
                let query = SpendQuery(by: [.customer], filters: filters, buckets: [.always])
                #expect(try await ledger.spend(query) == oracle.spend(query))
            }
        }
    }

    @Test func `a conflict keeps what was said the second time`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append([.event("a", cost: "1")])
            for _ in 0..<2 {
                #expect(try await ledger.append([.event("a", cost: "2")]).conflicts == 1)
            }
            #expect(try await ledger.count("SELECT COUNT(*) FROM conflict") == 1)
        }
    }

    @Test(arguments: [1, 15, 16, 17, 33, 70])
    func `of a batch of any length what was booked before, or before in it, is skipped`(_ count: Int) async throws {
        try await withLedger { ledger in
            var generator = EventGenerator(seed: UInt64(count))
            var ids: Set<EventID> = []
            let events = Array(generator.events(3 * count).filter { ids.insert($0.id).inserted }.prefix(count))
            _ = try await ledger.append(events.enumerated().filter { $0.offset % 5 == 2 }.map(\.element))
            var batch = events
            batch.insert(events[count / 2], at: 0)
            let result = try await ledger.append(batch)
            let known = events.indices.filter { $0 % 5 == 2 }
            let repeated = known.contains(count / 2) ? 0 : count / 2 + 1
            #expect(result.skipped == Set(known.map { $0 + 1 } + [repeated]))
            #expect(result.new == count - known.count)
            #expect(try await ledger.verify().differences == [])
            #expect(try await ledger.verify().events == Int64(count))
        }
    }

    @Test func `appends at the same time are all booked once`() async throws {
        try await withLedger { ledger in
            try await withThrowingTaskGroup { group in
                for number in 0..<20 {
                    group.addTask { _ = try await ledger.append([.event("\(number)"), .event("shared")]) }
                }
                try await group.waitForAll()
            }
            #expect(try await ledger.total().calls == 21)
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test func `a response is found wherever in a long ledger it was booked`() async throws {
        try await withLedger { ledger in
            let events = (0..<16_400).map { number in
                CostEvent.event("\(number)").with { $0.links.responseID = "resp-\(number)" }
            }
            _ = try await ledger.append(events)
            for number in [0, 16_382, 16_383, 16_384, 16_399] {
                #expect(try await ledger.history(of: "resp-\(number)").map(\.id.id) == ["\(number)"])
            }
        }
    }
}

@Suite struct CardinalityTests {
    @Test func `values of days long past are forgotten, and the limit holds for the days that count`() async throws {
        try await withLedger(tags: TagSettings(valuesPerDayMax: 2)) { ledger in
            let oracle = MemoryLedger()
            func customers(_ day: Int64, _ values: Range<Int>) -> [CostEvent] {
                let at = Timestamp.sample.advanced(bySeconds: day * 86_400)
                return values.map { number in
                    CostEvent.event("\(day)-\(number)", cost: "1", at: at).tagged(.customer, "customer-\(number)")
                        .with { $0.receivedAt = at }
                }
            }
            let batches = [
                customers(-100, 0..<3), customers(-40, 0..<2), customers(0, 0..<1), customers(-100, 3..<5),
                customers(-40, 2..<3), customers(0, 1..<3),
            ]
            for batch in batches {
                _ = try await ledger.append(batch)
                _ = try await oracle.append(batch)
            }
            let sample = TileGrain.day.start(of: .sample).microseconds
            func values(_ day: Int64) async throws -> Int {
                let start = sample + day * 86_400_000_000
                return try await ledger.count(
                    "SELECT COUNT(*) FROM day_value WHERE dimension = 'customer' AND day = \(start)"
                )
            }
            #expect(try await values(-40) == 2)
            #expect(try await values(0) == 2)
            #expect(try await ledger.count("SELECT COUNT(*) FROM day_overflow") == 3)
            let later = customers(1, 0..<1)
            _ = try await ledger.append(later)
            _ = try await oracle.append(later)
            #expect(try await values(-100) == 0)
            #expect(try await values(-40) == 2)
            let query = SpendQuery(by: [.customer], buckets: [.always])
            #expect(try await ledger.spend(query) == oracle.spend(query))
            #expect(try await ledger.verify().differences == [])
        }
    }
}
