import OutlayCore
import OutlayMeters
import Synchronization
import Testing

/// Many clients at once, at the last dollar of a budget.
@Suite struct LastDollarTests {
    private static let now = Timestamp(seconds: 1_793_491_200)
    private static let cent = Money.picodollarsPerDollar / 100

    /// A limit of one dollar with ninety-five cents spent.
    private static func meters() -> Meters {
        var board = MeterBoard([Budget(name: "last-dollar", limit: BudgetLimit(.dollars, 100 * cent))])
        board.post(amount(95 * cent), of: subject, eventAt: now, at: now)
        return Meters(board, now: { now })
    }

    private static func amount(_ picodollars: Int128) -> Consumption {
        Consumption(cost: Money(picodollars: picodollars), tokens: 0)
    }

    private static let subject = CallSubject(
        service: ServiceUse(provider: "sandbox", api: "chat.completions"),
        attribution: Attribution(workspace: "default")
    )

    /// One client: reserves, waits where it may, consumes, is booked.
    private static func call(_ meters: Meters, _ name: String, most: Int128, actual: Int128) async -> Bool {
        let decision = await withCheckedContinuation { (answer: CheckedContinuation<BudgetDecision, Never>) in
            let request = BudgetRequest(subject, at: now, most: amount(most))
            if case .decided(let decision) = meters.reserve(request, whenDecided: { answer.resume(returning: $0) }) {
                answer.resume(returning: decision)
            }
        }
        guard case .admitted(let number, _, _) = decision else { return false }
        await Task.yield()
        let id = EventID(source: "race", id: name)
        meters.change { $0.settle(id, amount(actual), reservation: number, isLast: true) }
        await Task.yield()
        meters.change { $0.commit(id, amount(actual), of: subject, eventAt: now, at: now) }
        return true
    }

    private static func race(_ meters: Meters, clients: Int, most: Int128, actual: Int128) async -> Int {
        await withTaskGroup(of: Bool.self) { group in
            for client in 0..<clients {
                group.addTask { await call(meters, "call-\(client)", most: most, actual: actual) }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    @Test(arguments: [2, 20, 200, 1000])
    func `two hundred races for the last nickel overspend nothing`(_ clients: Int) async throws {
        var overspend: Int128 = 0
        var reserved: Int128 = 0
        let trials = 200
        for _ in 0..<trials {
            let meters = Self.meters()
            let admitted = await Self.race(meters, clients: clients, most: 2 * Self.cent, actual: Self.cent)
            let status = try #require(meters.change { $0.status(at: Self.now) }.first)
            overspend += max(0, status.posted - status.limit)
            reserved += status.reserved
            // What one call leaves, another one takes: two cents must be free for the next cent.
            #expect(admitted == min(clients, 4))
        }
        #expect(overspend == 0)
        #expect(reserved == 0)
        print("last-dollar race: \(clients) clients, \(trials) trials, overspend $\(Money(picodollars: overspend))")
    }

    @Test(arguments: [(Int128(4), 20), (12, 18)])
    func `a burst of twenty calls that exactly fits is admitted`(_ row: (sixteenths: Int128, least: Int)) async {
        let meters = Self.meters()
        // A quarter of a cent each; in the second case they reserve three times what they take.
        let most = row.sixteenths * Self.cent / 16
        let admitted = await Self.race(meters, clients: 20, most: most, actual: Self.cent / 4)
        print("burst of 20 calls that exactly fits, reserving \(row.sixteenths / 4) ×: \(admitted) admitted")
        #expect(admitted >= row.least)
    }
}
