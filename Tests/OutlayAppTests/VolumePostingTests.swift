import OutlayApp
import OutlayCore
import OutlayTestKit
import OutlayWire
import Testing

/// Volume discounts, posted as spend grows.
@Suite struct VolumePostingTests {
    private let ledger = MemoryLedger()
    private static let start = Timestamp.sample
    private static let day: Int64 = 86_400

    private static func discount(
        provider: String = "openai",
        models: [String] = ["gpt-*"],
        marginal: Bool = true
    ) -> Discount {
        Discount(
            name: "volume",
            provider: provider,
            models: models,
            from: start,
            to: start.advanced(bySeconds: 30 * day),
            terms: .volume(
                steps: [Discount.VolumeStep(above: dollars(100), percentNumerator: 10, percentDenominator: 100)],
                isMarginal: marginal,
                periodEnd: start.advanced(bySeconds: 30 * day)
            )
        )
    }

    private static func dollars(_ amount: Int) -> Money {
        Money(picodollars: Int128(amount) * 1_000_000_000_000)
    }

    private static func call(_ id: String, _ cost: Int, after seconds: Int64, model: String = "gpt-5") -> CostEvent {
        .event(id, model: model, cost: "\(cost)", at: start.advanced(bySeconds: seconds))
    }

    private func book(_ events: CostEvent...) async throws {
        _ = try await ledger.append(events)
    }

    private func posting(_ discount: Discount = discount(), after seconds: Int64) throws -> VolumePosting {
        let book = PriceBook(try PriceBookJSON.read(EmbeddedBook.json))
        return VolumePosting(
            ledger: ledger,
            pricing: book,
            discount: discount,
            now: Self.start.advanced(bySeconds: seconds + VolumePosting.lagSeconds)
        )
    }

    private func total() async throws -> Money {
        try await ledger.verify().effective
    }

    @Test func `a run goes on where the last one came to, and the sum is the contract's`() async throws {
        try await book(Self.call("a", 90, after: 10), Self.call("b", 30, after: 20))
        let first = try await posting(after: 100).post()
        #expect(first.corrected == 1)
        #expect(try await total() == Self.dollars(118))
        try await book(Self.call("c", 100, after: 200))
        let second = try await posting(after: 300).post(since: first.progress)
        #expect(second.corrected == 1)
        #expect(try await total() == Self.dollars(208))
        let third = try await posting(after: 400).post(since: second.progress)
        #expect(third.corrected == 0)
    }

    @Test(arguments: [true, false])
    func `in steps or at once, whatever comes late or is corrected, the sum is the same`(_ isMarginal: Bool)
        async throws
    {
        let discount = Self.discount(marginal: isMarginal)
        var progress: VolumePosting.Progress?
        var list = 0
        var random = SeededGenerator(seed: 5)
        for hour in 0..<40 {
            for number in 0..<3 {
                let cost = Int.random(in: 1...5, using: &random)
                list += cost
                // Every seventh call is told a few hours late.
                let at = Int64(hour * 3600 + number * 60) - (hour % 7 == 6 ? 4 * 3600 : 0)
                try await book(Self.call("\(hour)-\(number)", cost, after: max(0, at)))
            }
            let ran = try await posting(discount, after: Int64(hour + 1) * 3600).post(since: progress)
            progress = ran.progress
            let volume = try #require(VolumeDiscount(discount))
            #expect(try await total() == volume.effective(ofPeriod: Self.dollars(list)), "hour \(hour)")
        }
    }

    @Test func `the last hour waits, because its calls are still being booked`() async throws {
        try await book(Self.call("a", 200, after: 10))
        let early = try await posting(after: 5).post()
        #expect(early.corrected == 0)
        #expect(try await posting(after: 11).post(since: early.progress).corrected == 1)
    }

    @Test(arguments: [
        (["gpt-5"], "gpt-5", true), (["GPT-*"], "gpt-5", true), (["*-mini"], "gpt-5-mini", true),
        (["gpt-4o"], "gpt-4o-2024-08-06", true), (["gpt-5"], "gpt-5-mini", false), (["o*"], "gpt-5", false),
    ])
    func `volume and other discounts concern the same models`(
        _ row: (models: [String], model: String, isConcerned: Bool)
    ) async throws {
        try await book(Self.call("a", 200, after: 10, model: row.model))
        let volume = Self.discount(models: row.models)
        #expect(try await posting(volume, after: 100).post().corrected == (row.isConcerned ? 1 : 0))
        var percent = volume
        percent.terms = .percent(numerator: 10, denominator: 100)
        let book = PriceBook(try PriceBookJSON.read(EmbeddedBook.json)).overlaid(by: [], discounts: [percent])
        let rating = book.rate(
            [UsagePart(usage: [.input: 1000])],
            provider: "openai",
            api: "responses",
            model: row.model,
            at: Self.start.advanced(bySeconds: 10),
            context: RatingContext()
        )
        #expect((rating.total != rating.listTotal) == row.isConcerned)
    }

    @Test func `a context the book does not ask about is told, with what was meant`() {
        #expect(OfflinePrices.unknownContext(["service_tier=flex", "api_host=x"]).isEmpty)
        let told = OfflinePrices.unknownContext(["service_teir=flex", "colour=red"])
        #expect(told.count == 2)
        #expect(told.first?.contains("did you mean 'service_tier'?") ?? false)
    }
}
