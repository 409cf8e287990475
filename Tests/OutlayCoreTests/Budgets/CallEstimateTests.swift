import OutlayCore
import Testing

@Suite struct CallEstimateTests {
    private static func rate(_ dollarsPerMillion: Int128) -> Rate {
        Rate(picodollars: dollarsPerMillion * 1_000_000)
    }

    private static let book: PriceBook = {
        func model(_ name: String, _ rates: [UsageUnit: Rate], max: Int64?) -> BookModel {
            var model = BookModel(
                provider: "acme",
                name: name,
                prices: [DatedPrice(standard: RateTable(rates: rates, tiers: []))]
            )
            model.maxOutputTokens = max
            return model
        }
        return PriceBook(
            BookContents(
                version: "2026-11-21",
                providers: [BookProvider(name: "acme")],
                models: [
                    model("small", [.input: rate(1), .output: rate(4)], max: 1000),
                    model("cached", [.input: rate(1), .cacheWrite1h: rate(2), .output: rate(4)], max: 1000),
                    model("large", [.input: rate(10), .output: rate(40)], max: 2000),
                ]
            )
        )
    }()

    private func most(_ estimate: CallEstimate, model: String) -> Consumption? {
        var service = ServiceUse(provider: "acme", api: estimate.api)
        service.requestedModel = model
        return Self.book.most(estimate, service: service, at: Timestamp(seconds: 1_793_491_200))
    }

    private func estimate(api: String = "chat.completions", characters: Int = 4000, max: Int? = nil) -> CallEstimate {
        var estimate = CallEstimate(api: api, promptCharacters: characters, ratio: .standard)
        estimate.maxOutputTokens = max
        return estimate
    }

    @Test func `a call without a cap may write as much as its model can`() {
        // 4,000 characters: 1,000 tokens, a quarter more, 16 on top: 1,266 × $1 + 1,000 × $4 per million.
        #expect(most(estimate(), model: "small")?.cost == Money(dollars: "0.005266"))
        #expect(most(estimate(), model: "small")?.tokens == 2266)
    }

    @Test func `a cap of the caller counts, and never beyond what the model can`() {
        #expect(most(estimate(max: 10), model: "small")?.tokens == 1276)
        #expect(most(estimate(max: 50_000), model: "small")?.tokens == 2266)
    }

    @Test func `each answer that is asked for may be as long`() {
        var four = estimate(max: 100)
        four.choices = 4
        #expect(most(four, model: "small")?.tokens == 1666)
    }

    @Test func `the prompt may have to be written to the dearest cache`() {
        #expect(most(estimate(max: 0), model: "cached")?.cost == Money(dollars: "0.002532"))
    }

    @Test func `an unknown model is taken for the dearest of its provider, never for free`() {
        #expect(most(estimate(), model: "unheard-of") == most(estimate(), model: "large"))
    }

    @Test func `embeddings answer nothing`() {
        #expect(most(estimate(api: "embeddings"), model: "small")?.cost == Money(dollars: "0.001266"))
    }

    @Test func `pictures in a prompt are more than their text`() {
        var picture = estimate(max: 0)
        picture.bodyBytes = 16_384 + 16_000 + 64_000
        #expect(most(picture, model: "small")?.tokens == 2266)
    }
}
