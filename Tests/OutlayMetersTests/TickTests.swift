import OutlayCore
import OutlayMeters
import OutlayTestKit
import Testing

/// A tick looks only at the meters that time has changed something about.
@Suite struct TickTests {
    private static let start = Timestamp(seconds: 1_793_491_200)

    private static let budgets = [
        Budget(name: "hour", groupBy: [.team], calendar: BudgetCalendar(.hour), limit: dollars(900), thresholds: some),
        Budget(
            name: "carry",
            calendar: BudgetCalendar(.hour),
            limit: dollars(2500),
            thresholds: some,
            carryOver: .init()
        ),
        Budget(
            name: "forecast",
            groupBy: [.team],
            calendar: BudgetCalendar(.day),
            limit: dollars(9000),
            thresholds: [50, 100].map { Threshold(percent: $0, basis: .forecast) } + some
        ),
        Budget(
            name: "rolling",
            calendar: BudgetCalendar(.rolling(seconds: 3600)),
            limit: dollars(2000),
            thresholds: some
        ),
        Budget(
            name: "nothing",
            calendar: BudgetCalendar(.day),
            limit: dollars(0),
            enforcement: .soft,
            thresholds: some
        ),
    ]

    private static let some = [30, 60, 100].map { Threshold(percent: $0) }

    private static func dollars(_ picodollars: Int128) -> BudgetLimit { BudgetLimit(.dollars, picodollars) }

    private static func amount(_ picodollars: Int) -> Consumption {
        Consumption(cost: Money(picodollars: Int128(picodollars)), tokens: 0)
    }

    private static func subject(_ team: Int) -> CallSubject {
        CallSubject(
            service: ServiceUse(provider: "sandbox", api: "chat.completions"),
            attribution: Attribution(workspace: "default", effective: [.team: "t\(team)"])
        )
    }

    private static func grant(_ id: Int, to budget: String, from: Timestamp, seconds: Int64) -> Adjustment {
        Adjustment(
            id: "\(id)",
            budget: budget,
            change: .grant(300),
            from: from,
            until: from.advanced(bySeconds: seconds),
            by: "dana",
            reason: "test"
        )
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `it finds what a look at every meter finds`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var now = Self.start
        var (board, thorough) = (MeterBoard(Self.budgets), MeterBoard(Self.budgets))
        var grants: [Adjustment] = []
        for step in 0..<600 {
            if step % 40 == 20 {
                let later = now.advanced(bySeconds: Int64.random(in: 0...3000, using: &random))
                let name = random.pick(Self.budgets).name
                grants.append(Self.grant(step, to: name, from: later, seconds: .random(in: 60...4000, using: &random)))
                board.use(adjustments: grants)
            }
            // Other adjustments make it look at everything, these ones at budgets that do not exist.
            thorough.use(adjustments: grants + [Self.grant(-step, to: "no such budget", from: now, seconds: 60)])
            if random.isOnce(in: 2) {
                let (team, cost) = (Int.random(in: 0..<3, using: &random), Int.random(in: -60...150, using: &random))
                let at = now.advanced(
                    bySeconds: -Int64.random(in: 0...4000, using: &random) * (random.isOnce(in: 5) ? 1 : 0)
                )
                board.post(Self.amount(cost), of: Self.subject(team), eventAt: at, at: now)
                thorough.post(Self.amount(cost), of: Self.subject(team), eventAt: at, at: now)
            }
            now = now.advanced(bySeconds: .random(in: 0...(random.isOnce(in: 30) ? 7000 : 40), using: &random))
            board.tick(at: now)
            thorough.tick(at: now)
            #expect(Set(board.takeEffects()) == Set(thorough.takeEffects()), "seed \(seed), step \(step)")
        }
        let figures = board.status(at: now).map { [$0.posted, $0.limit, $0.carried] }
        #expect(figures == thorough.status(at: now).map { [$0.posted, $0.limit, $0.carried] }, "seed \(seed)")
    }
}
