import OutlayCore
import OutlayMeters
import Testing

/// Two calls that end as one event, as two looks at the same background response do.
@Suite struct RepeatedEventTests {
    private static let now = Timestamp(seconds: 1_793_491_200)
    private static let id = EventID(source: "gateway", id: "resp_1")
    private static let subject = CallSubject(
        service: ServiceUse(provider: "sandbox", api: "responses"),
        attribution: Attribution(workspace: "default")
    )

    /// Two calls that were settled as the same event, before the ledger had it.
    private static func board() throws -> MeterBoard {
        var board = MeterBoard([Budget(name: "all", limit: BudgetLimit(.dollars, 100))])
        let request = BudgetRequest(subject, at: now, most: amount(20))
        let numbers = [board.reserve(request, at: now), board.reserve(request, at: now)].compactMap {
            if case .admitted(let number, _, _) = $0 { number } else { nil }
        }
        try #require(numbers.count == 2)
        for number in numbers { board.settle(id, amount(5), reservation: number, isLast: true) }
        return board
    }

    private static func amount(_ picodollars: Int128) -> Consumption {
        Consumption(cost: Money(picodollars: picodollars), tokens: 0)
    }

    @Test func `one event is held once, and at rest nothing is reserved`() throws {
        var board = try Self.board()
        #expect(board.status(at: Self.now).map(\.reserved) == [5])
        board.commit(Self.id, Self.amount(5), of: Self.subject, eventAt: Self.now, at: Self.now)
        board.discard(Self.id)
        #expect(board.status(at: Self.now).map(\.reserved) == [0])
        #expect(board.status(at: Self.now).map(\.posted) == [5])
    }
}
