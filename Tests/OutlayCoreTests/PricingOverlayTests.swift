import OutlayCore
import Testing

@Suite struct PricingOverlayTests {
    private func own(_ model: String, _ input: String, days: Int64 = 0, provider: String = "acme") -> OwnPrice {
        OwnPrice(
            provider: provider,
            model: model,
            from: TestBook.start.advanced(bySeconds: days * 86_400),
            rates: [.input: TestBook.perMillion(input), .output: TestBook.perMillion("1")]
        )
    }

    private func discount(_ terms: Discount.Terms, models: [String] = ["*"], days: Int64 = 0) -> Discount {
        Discount(
            name: "deal",
            provider: "acme",
            models: models,
            from: TestBook.start.advanced(bySeconds: days * 86_400),
            to: TestBook.start.advanced(bySeconds: 20 * 86_400),
            terms: terms
        )
    }

    private func million(
        _ book: PriceBook,
        _ model: String = "wide",
        days: Int64 = 0,
        of provider: String = "acme",
        mode: String? = nil
    ) -> Rating {
        var context = RatingContext()
        context.processing = mode
        return book.rate(
            [UsagePart(usage: [.input: 1_000_000])],
            provider: provider,
            api: "chat",
            model: model,
            at: TestBook.start.advanced(bySeconds: days * 86_400),
            context: context
        )
    }

    @Test func `an own price wins from its date on, over later changes of the book too`() {
        let book = TestBook.book.overlaid(by: [own("wide", "7", days: 10)], discounts: [])

        #expect(million(book, days: 9).total == Money(dollars: "2"))
        #expect(million(book, days: 10).total == Money(dollars: "7"))
        #expect(million(book, days: 40).total == Money(dollars: "7"))
        #expect(million(book, days: 40, mode: "batch").total == Money(dollars: "7"))
    }

    @Test func `own prices give house models and new providers a price`() {
        let prices = [
            own("house-model", "3"), own("llama", "0.2", provider: "basement"),
            own("llama", "0.1", days: 5, provider: "basement"),
        ]
        let book = TestBook.book.overlaid(by: prices, discounts: [])

        #expect(million(book, "house-model").total == Money(dollars: "3"))
        #expect(million(book, "llama", days: 4, of: "basement").total == Money(dollars: "0.2"))
        #expect(million(book, "llama", days: 5, of: "basement").total == Money(dollars: "0.1"))
        #expect(million(book, "house-model", days: -1).state == .unpriced)
    }

    @Test func `an own price for one snapshot leaves its model's other names alone`() {
        let book = TestBook.book.overlaid(by: [own("wide-latest", "9", days: 3)], discounts: [])

        #expect(million(book, "wide-latest", days: 2).total == Money(dollars: "2"))
        #expect(million(book, "wide-latest", days: 3).total == Money(dollars: "9"))
        #expect(million(book, "wide", days: 3).total == Money(dollars: "2"))
        #expect(million(book, "wide-2026-01-01", days: 3).total == Money(dollars: "2"))
    }

    @Test func `a reseller's own price leaves the other names of the model it resells`() {
        let book = TestBook.book.overlaid(by: [own("wide", "7", provider: "reseller")], discounts: [])

        #expect(million(book, "wide", of: "reseller").total == Money(dollars: "7"))
        #expect(million(book, "wide-2026-01-01", of: "reseller").total == Money(dollars: "2"))
        #expect(million(book, "wide").total == Money(dollars: "2"))
    }

    @Test func `a percent discount lowers the effective rate and keeps the list`() throws {
        let terms = Discount.Terms.percent(numerator: 73, denominator: 1000)
        let rating = million(TestBook.book.overlaid(by: [], discounts: [discount(terms)]))

        #expect(rating.listTotal == Money(dollars: "2"))
        #expect(rating.total == Money(dollars: "1.854"))
    }

    @Test(arguments: [(1, 0), (3, 2), (-1, 2), (1, -2)])
    func `a percent that is no part of a whole leaves the list price`(numerator: Int64, denominator: Int64) {
        let terms = Discount.Terms.percent(numerator: numerator, denominator: denominator)
        let book = TestBook.book.overlaid(by: [], discounts: [discount(terms)])

        #expect(million(book).total == Money(dollars: "2"))
    }

    @Test func `a discount holds for its models and time only`() {
        let terms = Discount.Terms.percent(numerator: 1, denominator: 2)
        let book = TestBook.book.overlaid(by: [], discounts: [discount(terms, models: ["wid*"], days: 5)])

        #expect(million(book, days: 4).total == Money(dollars: "2"))
        #expect(million(book, days: 5).total == Money(dollars: "1"))
        #expect(million(book, days: 20).total == Money(dollars: "2"))
        #expect(million(book, "tiered", days: 5).total == Money(dollars: "3"))
        #expect(million(book, "twin", days: 5, of: "other").total == Money(dollars: "1"))
    }

    @Test func `negotiated rates replace listed ones unit by unit`() {
        let terms = Discount.Terms.rates([.input: TestBook.perMillion("1.5")])
        let book = TestBook.book.overlaid(by: [], discounts: [discount(terms)])
        let rating = book.rate(
            [UsagePart(usage: [.input: 1_000_000, .output: 1_000_000])],
            provider: "acme",
            api: "chat",
            model: "wide",
            at: TestBook.start,
            context: RatingContext()
        )

        #expect(rating.total == Money(dollars: "9.5"))
        #expect(rating.listTotal == Money(dollars: "10"))
    }

    @Test func `the version names the overlays, the same ones by the same name`() {
        let once = TestBook.book.overlaid(by: [own("wide", "7")], discounts: [])
        let twice = TestBook.book.overlaid(by: [own("wide", "7")], discounts: [])
        let other = TestBook.book.overlaid(by: [own("wide", "7.1")], discounts: [])

        #expect(once.version.hasPrefix("test+own-"))
        #expect(once.version == twice.version)
        #expect(once.version != other.version)
        #expect(TestBook.book.overlaid(by: [], discounts: []).version == "test")
    }
}
