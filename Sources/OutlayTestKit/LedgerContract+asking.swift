import OutlayCore

extension LedgerRule {
    private static func query(_ by: [Dimension], _ filters: [SpendQuery.Filter] = []) -> SpendQuery {
        SpendQuery(by: by, filters: filters, buckets: [.always])
    }

    /// `key=dollars` per row, for short comparisons.
    private static func rows(_ table: SpendTable) -> [String] {
        table.rows.map { row in
            row.key.map { $0 ?? "-" }.joined(separator: "/") + "=" + (row.sum.cost?.description ?? "?")
        }
    }

    static let asking = [
        LedgerRule(name: "rows come dearest first, ties by key, untagged spend under no value") { ledger in
            _ = try await ledger.append([
                .event("a", team: "zeta", cost: "2"), .event("b", team: "alpha", cost: "2"),
                .event("c", team: "growth", cost: "7"), .event("d", team: nil, cost: "2"),
            ])
            let table = try await ledger.spend(query([.team]))
            try demand(rows(table), is: ["growth=7", "alpha=2", "zeta=2", "-=2"], "the list of rows")
            try demand(table.total.effective.description, is: "13", "the total")
        },
        LedgerRule(name: "of more rows than an answer names the dearest come, the others as one sum at the end") {
            ledger in
            let dollars = [3, 9, 1, 7, 5]
            let events = dollars.map { CostEvent.event("\($0)", team: "team-\($0)", cost: "\($0)") }
            _ = try await ledger.append(events)
            var asked = query([.team])
            asked.rowsMax = 2
            let table = try await ledger.spend(asked)
            try demand(rows(table), is: ["team-9=9", "team-7=7", "-=9"], "the list of rows")
            try demand(table.rows.map(\.folded), is: [0, 0, 3], "how many rows each stands for")
            try demand(table.total.effective.description, is: "25", "the total")
            asked.rowsMax = 5
            try demand(try await ledger.spend(asked).rows.map(\.folded), is: [0, 0, 0, 0, 0], "what is added up")
        },
        LedgerRule(name: "spend is grouped by tags, the call's own answers and the key's workspace") { ledger in
            _ = try await ledger.append([
                .event("a", team: "x", model: "m1", cost: "3").tagged(.workspace, "claimed"),
                .event("b", team: "x", model: "m2", cost: "1"),
            ])
            let table = try await ledger.spend(query([.team, .model, .workspace]))
            try demand(rows(table), is: ["x/m1/default=3", "x/m2/default=1"], "the list of rows")
        },
        LedgerRule(name: "values of one condition are alternatives, conditions must all hold, none means absent") {
            ledger in
            _ = try await ledger.append([
                .event("a", team: "x", model: "m1", cost: "1"), .event("b", team: nil, model: "m1", cost: "2"),
                .event("c", team: "y", model: "m1", cost: "4"), .event("d", team: "x", model: "m2", cost: "8"),
            ])
            let filters = [SpendQuery.Filter(.team, ["x", nil]), SpendQuery.Filter(.model, ["m1"])]
            let table = try await ledger.spend(query([.team], filters))
            try demand(rows(table), is: ["-=2", "x=1"], "the list of rows")
            let nothing = try await ledger.spend(query([.team], [SpendQuery.Filter(.team, [])]))
            try demand(nothing.rows, is: [], "the answer to a condition without values")
        },
        LedgerRule(name: "spend of one run is found by its unbounded tag") { ledger in
            _ = try await ledger.append([
                CostEvent.event("a", cost: "1").tagged(.run, "r1"), CostEvent.event("b", cost: "2").tagged(.run, "r1"),
                CostEvent.event("c", cost: "4").tagged(.run, "r2"), CostEvent.event("d", cost: "8"),
            ])
            try demand(
                rows(try await ledger.spend(query([.run]))),
                is: ["-=8", "r2=4", "r1=3"],
                "the list of rows"
            )
            let one = try await ledger.spend(query([.run, .team], [SpendQuery.Filter(.run, ["r1"])]))
            try demand(rows(one), is: ["r1/growth=3"], "the row of one run")
        },
        LedgerRule(name: "a bucket holds its start and not its end") { ledger in
            let start = Timestamp.sample
            let end = start.advanced(bySeconds: 3600)
            _ = try await ledger.append([
                .event("a", cost: "1", at: start), .event("b", cost: "2", at: end),
                .event("c", cost: "4", at: Timestamp(microseconds: start.microseconds - 1)),
            ])
            let spans = [start..<end, end..<end.advanced(bySeconds: 1)]
            let table = try await ledger.spend(SpendQuery(by: [], buckets: spans))
            try demand(table.rows.map(\.sum.effective.description), is: ["1", "2"], "the sum per bucket")
            try demand(table.rows.map(\.bucket), is: [0, 1], "the list of buckets")
        },
        LedgerRule(name: "a call that could not be priced has no cost, and is counted") { ledger in
            _ = try await ledger.append([.event("a", cost: nil)])
            let total = try await ledger.total()
            try demand(total.cost, is: nil, "the cost")
            try demand(total.unpricedCalls, is: 1, "the number of unpriced calls")
        },
        LedgerRule(name: "what a subscription covers stands apart") { ledger in
            _ = try await ledger.append([
                .event("a", cost: "1"), CostEvent.event("b", cost: "5").with { $0.isNotional = true },
            ])
            let total = try await ledger.total()
            try demand(total.effective.description, is: "1", "the effective cost")
            try demand(total.notional.description, is: "5", "the notional cost")
        },
        LedgerRule(name: "sums go past 64 bits") { ledger in
            let large = (1...4).map { CostEvent.event("\($0)", cost: "9000000") }
            _ = try await ledger.append(large)
            try demand(try await ledger.total().effective.description, is: "36000000", "the total")
        },
        LedgerRule(name: "random questions get the answers of a plain list of events") { ledger in
            var generator = EventGenerator(seed: 7)
            let oracle = MemoryLedger()
            let events = generator.events(80)
            try demand(try await ledger.append(events), is: try await oracle.append(events), "the result")
            for _ in 0..<12 {
                let query = generator.query()
                try demand(try await ledger.spend(query), is: try await oracle.spend(query), "the answer")
            }
        },
    ]
}
