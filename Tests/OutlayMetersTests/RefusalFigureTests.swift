import OutlayCore
import OutlayMeters
import Testing

/// What a refusal says of the budget that stands in the way.
@Suite struct RefusalFigureTests {
    private static let now = Timestamp(seconds: 1_793_491_200)

    private static func refusal(_ budget: Budget, _ tags: TagSet = .empty, most: Int128) -> BudgetRefusal? {
        var board = MeterBoard([budget])
        let subject = CallSubject(
            service: ServiceUse(provider: "sandbox", api: "responses"),
            attribution: Attribution(workspace: "default", effective: tags)
        )
        let most = Consumption(cost: Money(picodollars: most), tokens: 0)
        guard case .refused(let refusal) = board.reserve(BudgetRequest(subject, at: now, most: most), at: now) else {
            return nil
        }
        return refusal
    }

    @Test func `a rolling period does not begin anew, a month does`() throws {
        var budget = Budget(name: "all", limit: BudgetLimit(.dollars, 100))
        #expect(Self.refusal(budget, most: 101)?.resetsAt == Timestamp(seconds: 1_793_491_200 + 30 * 86_400))
        budget.calendar = BudgetCalendar(.rolling(seconds: 3600))
        let refusal = try #require(Self.refusal(budget, most: 101))
        #expect(refusal.resetsAt == nil)
    }

    @Test func `a critical call that was signed off is held to the second limit`() throws {
        var budget = Budget(name: "all", limit: BudgetLimit(.dollars, 100))
        budget.critical = CriticalCap(scopes: [[.purpose: "incident"]], limit: 200)
        #expect(Self.refusal(budget, [.purpose: "incident"], most: 201)?.limit == 100)
        budget.critical?.signOff = CriticalCap.SignOff(by: "cfo", from: Self.now)
        #expect(Self.refusal(budget, [.purpose: "incident"], most: 201)?.limit == 200)
        #expect(Self.refusal(budget, [.purpose: "batch"], most: 201)?.limit == 100)
    }
}
