import OutlayCore
import Testing

@Suite struct PricingDiffTests {
    @Test func `a book differs from itself in nothing`() {
        #expect(PriceBookDiff(from: TestBook.contents, to: TestBook.contents).isEmpty)
    }

    @Test func `added and removed models are named`() {
        var newer = TestBook.contents
        newer.models.removeFirst()
        newer.models.append(BookModel(provider: "acme", name: "next", prices: []))
        let diff = PriceBookDiff(from: TestBook.contents, to: newer)

        #expect(diff.added == ["acme next"])
        #expect(diff.removed == ["acme wide"])
        #expect(diff.changes.isEmpty)
    }

    @Test func `a changed rate is shown with its date, mode and tier, old and new`() throws {
        var newer = TestBook.contents
        let day = TestBook.start.advanced(bySeconds: 50 * 86_400)
        let wide = try #require(newer.models.firstIndex { $0.name == "wide" })
        newer.models[wide].prices[0].modes["flex"]?.rates[.input] = TestBook.perMillion("1.5")
        newer.models[wide].prices.append(DatedPrice(from: day, standard: TestBook.table("4", "20")))
        let tiered = try #require(newer.models.firstIndex { $0.name == "tiered" })
        newer.models[tiered].prices[0].standard.tiers[1].rates[.input] = TestBook.perMillion("5")
        let changes = PriceBookDiff(from: TestBook.contents, to: newer).changes

        #expect(changes.map(\.model) == ["wide", "wide", "tiered"])
        #expect(changes.map(\.from) == [nil, day, nil])
        #expect(changes.map(\.mode) == ["flex", nil, nil])
        #expect(changes.map(\.tier) == [nil, nil, 5000])
        #expect(changes.map(\.unit) == [.input, .output, .input])
        #expect(changes.map(\.old) == ["1", "16", "3"].map(TestBook.perMillion))
        #expect(changes.map(\.new) == ["1.5", "20", "5"].map(TestBook.perMillion))
    }
}
