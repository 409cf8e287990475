import OutlayCore
import Testing

@Suite struct PricingReratingTests {
    private let later = TestBook.start.advanced(bySeconds: 999)

    private func event(_ model: String, quality: Metering.Quality = .exact) -> CostEvent {
        let parts = [UsagePart(usage: [.input: 1_000_000])]
        let rating = TestBook.book.rate(
            parts,
            provider: "acme",
            api: "chat",
            model: model,
            at: TestBook.start,
            context: RatingContext()
        )
        return CostEvent(
            id: EventID(source: "gateway", id: "call_1"),
            at: TestBook.start,
            receivedAt: TestBook.start,
            service: ServiceUse(provider: "acme", api: "chat", model: model),
            attribution: Attribution(workspace: "default"),
            metering: Metering(parts: parts, quality: quality),
            rating: rating
        )
    }

    private var newer: PriceBook {
        let price = OwnPrice(
            provider: "acme",
            model: "mystery",
            from: TestBook.start,
            rates: [.input: TestBook.perMillion("5")]
        )
        return TestBook.book.overlaid(by: [price], discounts: [])
    }

    @Test func `an event whose price arrives later is reversed and replaced`() throws {
        let original = event("mystery")
        let pair = try #require(original.rerated(by: newer, now: later))

        #expect(pair.map(\.kind) == [.reversal(of: original.id), .replacement(of: original.id)])
        #expect(pair.map(\.at) == [original.at, original.at])
        #expect(pair.map(\.receivedAt) == [later, later])
        let sum = ([original] + pair).map { Contribution(of: $0) }
        #expect(sum.reduce(0) { $0 + $1.calls } == 1)
        #expect(sum.reduce(0) { $0 + $1.unpricedCalls } == 0)
        #expect(sum.reduce(Money.zero) { $0 + $1.effective } == Money(dollars: "5"))
    }

    @Test func `an event whose price does not change is left alone, whatever the book is called`() {
        #expect(event("wide").rerated(by: newer, now: later) == nil)
        #expect(event("mystery").rerated(by: TestBook.book, now: later) == nil)
    }

    @Test func `the same correction made twice has the same identity`() throws {
        let first = try #require(event("mystery").rerated(by: newer, now: later))
        let second = try #require(event("mystery").rerated(by: newer, now: later.advanced(bySeconds: 5)))

        #expect(first.map(\.id) == second.map(\.id))
        #expect(Set(first.map(\.id)).count == 2)
        #expect(first.allSatisfy { $0.id.source == "rerate" })
    }

    @Test func `going back to a price posts a pair of its own`() throws {
        let there = try #require(event("mystery").rerated(by: newer, now: later))
        let back = try #require(there[1].rerated(by: TestBook.book, now: later))
        let again = try #require(back[1].rerated(by: newer, now: later))

        #expect(Set((there + back + again).map(\.id)).count == 6)
        #expect(there[0].rerated(by: newer, now: later) == nil)
    }

    @Test(arguments: [Metering.Quality.unmetered, .indeterminate, .unbilled])
    func `what was not metered is not priced again`(quality: Metering.Quality) {
        #expect(event("mystery", quality: quality).rerated(by: newer, now: later) == nil)
    }
}
