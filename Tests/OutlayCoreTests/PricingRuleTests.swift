import OutlayCore
import Testing

/// How a price is found, on a book of its own.
@Suite struct PricingRuleTests {
    private func rate(
        _ usage: Usage,
        _ model: String? = "wide",
        of provider: String = "acme",
        at time: Timestamp = TestBook.start,
        _ change: (inout RatingContext) -> Void = { _ in }
    ) -> Rating {
        var context = RatingContext()
        change(&context)
        return TestBook.book.rate(
            [UsagePart(usage: usage)],
            provider: provider,
            api: "chat",
            model: model,
            at: time,
            context: context
        )
    }

    @Test(arguments: [
        "wide", "wide-latest", "wide-2026-01-31", "WIDE", "Wide-Latest", "wide-pro", "wide-pro-max", "models/wide",
        "publishers/acme/models/wide-2026-01-31",
    ])
    func `a model is found by its names and patterns`(name: String) {
        #expect(rate([.input: 1_000_000], name).total == Money(dollars: "2"))
    }

    @Test(arguments: ["wid", "wider", "wide-2026-1-31", "wide-2026-01-3x", "wide-pro-speech", "", "old"])
    func `a name that only looks like a model is unpriced, never zero`(name: String) {
        let rating = rate([.input: 10, .output: 5], name)

        #expect(rating.state == .unpriced)
        #expect(rating.total == nil)
        #expect(rating.unpriced == [.input, .output])
    }

    @Test func `no model and an unknown provider are unpriced`() {
        #expect(rate([.input: 10], nil).state == .unpriced)
        #expect(rate([.input: 10], of: "nobody").state == .unpriced)
        #expect(rate([:], nil).total == nil)
        #expect(rate([:]).total == .zero)
    }

    @Test func `a redirected name is served by the other model from its day on`() {
        let day = TestBook.start.advanced(bySeconds: 86_400)

        #expect(rate([.input: 1_000_000], "old", at: day).total == Money(dollars: "2"))
        #expect(rate([.input: 1], "old", at: Timestamp(microseconds: day.microseconds - 1)).state == .unpriced)
    }

    @Test func `the entry in force when the call was made counts, to the microsecond`() {
        let change = TestBook.start.advanced(bySeconds: 30 * 86_400)

        #expect(rate([.input: 1_000_000], at: change).total == Money(dollars: "4"))
        let before = Timestamp(microseconds: change.microseconds - 1)
        #expect(rate([.input: 1_000_000], at: before).total == Money(dollars: "2"))
    }

    @Test(arguments: [(1000, "0.001"), (1001, "0.002002"), (4999, "0.009998"), (5000, "0.015")])
    func `one tier holds for the whole prompt`(tokens: Int64, dollars: String) {
        #expect(rate([.input: tokens], "tiered").total == Money(dollars: dollars))
    }

    @Test func `each part has its own tier and model`() {
        let rating = TestBook.book.rate(
            [
                UsagePart(usage: [.input: 600]), UsagePart(label: "compaction", usage: [.input: 600]),
                UsagePart(model: "wide", label: "advisor", usage: [.input: 1000]),
                UsagePart(model: "mystery", usage: [.output: 3]),
            ],
            provider: "acme",
            api: "chat",
            model: "tiered",
            at: TestBook.start,
            context: RatingContext()
        )

        #expect(
            rating.lines.map { $0.displayUnit(among: rating.lines) } == [
                "input", "input(compaction)", "input(advisor)",
            ]
        )
        #expect(rating.total == Money(dollars: "0.0032"))
        #expect(rating.state == .partial)
        #expect(rating.unpriced == [.output])
    }

    @Test(arguments: ["default", "standard", "auto"])
    func `words for the plain tier are the plain rate`(tier: String) {
        #expect(rate([.input: 1_000_000]) { $0.serviceTier = tier }.total == Money(dollars: "2"))
    }

    @Test func `a mode has its own rates, and one without a price is unpriced`() {
        #expect(rate([.input: 1_000_000]) { $0.processing = "batch" }.total == Money(dollars: "1"))
        #expect(rate([.input: 1_000_000]) { $0.serviceTier = "FLEX" }.total == Money(dollars: "1"))
        #expect(rate([.input: 1]) { $0.serviceTier = "hyperspeed" }.state == .unpriced)
        #expect(rate([.input: 1]) { $0.speed = "fast" }.state == .unpriced)
    }

    @Test func `two different modes at once have no published price`() {
        let rating = rate([.input: 1]) { context in
            context.processing = "batch"
            context.serviceTier = "flex"
        }

        #expect(rating.state == .unpriced)
    }

    @Test func `fees keep their price in every mode and are known even when tokens are not`() {
        let rating = rate([.input: 10, .webSearch: 2]) { $0.serviceTier = "hyperspeed" }

        #expect(rating.state == .partial)
        #expect(rating.total == Money(dollars: "0.02"))
        #expect(rating.unpriced == [.input])
    }

    @Test func `a regional uplift holds once, however many signs of it there are`() {
        let rating = rate([.input: 1_000_000, .webSearch: 1]) { context in
            context.region = "eu-west"
            context.apiHost = "eu.acme.com"
        }

        #expect(rating.total == Money(dollars: "2.21"))
        #expect(rate([.input: 1_000_000]) { $0.region = "global" }.total == Money(dollars: "2"))
    }

    @Test func `committed capacity costs nothing more per call and says so`() {
        let rating = rate([.input: 1_000_000, .webSearch: 1]) { $0.serviceTier = "reserved" }

        #expect(rating.state == .rated)
        #expect(rating.total == Money(dollars: "0.01"))
        #expect(rating.lines.map { $0.displayUnit(among: rating.lines) } == ["input(committed)", "web_search"])
    }

    @Test func `circumstances nobody published a price for are unpriced`() {
        #expect(rate([.input: 1]) { $0.deploymentType = "secret" }.state == .unpriced)
    }

    @Test func `cached tokens without a cached rate bill as input of their modality`() {
        let rating = rate([.input: 100, .cacheRead: 50, .cacheReadAudio: 10], "tiered")

        #expect(rating.lines.map(\.unit) == [.input, .inputAudio])
        #expect(rating.lines.map(\.quantity) == [150, 10])
        #expect(rating.total == Money(dollars: "0.00024"))
    }

    @Test func `written tokens bill as input only where no lifetime has a rate`() {
        #expect(rate([.cacheWrite1h: 1_000_000], "tiered").total == Money(dollars: "3"))
        #expect(rate([.cacheWrite1h: 1]).state == .unpriced)
        #expect(rate([.cacheWrite5m: 1_000_000]).total == Money(dollars: "2.5"))
    }

    @Test func `modalities without a rate bill as the plain unit, other units never do`() {
        let usage: Usage = [.input: 1, .inputImage: 1, .output: 1, .outputReasoning: 1, .outputCitation: 1]
        let rating = rate(usage)

        #expect(rating.lines.map(\.quantity) == [2, 2])
        #expect(rating.unpriced == [.outputCitation])
        #expect(rating.state == .partial)
    }

    @Test func `hours of the day price the hours they name, on their weekdays, outside holidays`() {
        func total(_ text: String) -> String? {
            Timestamp(rfc3339: text).flatMap {
                rate([.input: 1_000_000], "night", of: "other", at: $0).total?.description
            }
        }

        #expect(total("2026-01-02T00:00:00Z") == "1")
        #expect(total("2026-01-02T03:59:59.999999Z") == "1")
        #expect(total("2026-01-02T04:00:00Z") == "2")
        #expect(total("2026-01-02T10:00:59Z") == "1")
        #expect(total("2026-01-03T01:00:00Z") == "2")
        #expect(total("2026-01-01T01:00:00Z") == "2")
        #expect(total("1969-12-31T01:00:00Z") == "1")
    }

    @Test func `a request is billed for at least the minimum`() {
        #expect(rate([.output: 1], "night", of: "other").lines.map(\.quantity) == [100])
        #expect(rate([.output: 101], "night", of: "other").lines.map(\.quantity) == [101])
    }

    @Test func `another name of the provider and a reseller have the same prices`() {
        #expect(rate([.input: 1_000_000], of: "acme-cloud").total == Money(dollars: "2"))
        #expect(rate([.input: 1_000_000], of: "reseller").total == Money(dollars: "2"))
    }

    @Test func `an upstream of unknown make is priced by exact name, unless two providers sell it`() {
        #expect(rate([.input: 1_000_000], of: "openai-compatible").total == Money(dollars: "2"))
        #expect(rate([.input: 1], "wide-pro-max", of: "openai-compatible").state == .unpriced)
        #expect(rate([.input: 1], "twin", of: "openai-compatible").state == .unpriced)
    }

    @Test func `absurd counts are priced without a trap`() {
        let rating = rate([.input: .max, .cacheRead: .max, .output: .max], "tiered")

        #expect(rating.state == .rated)
        #expect(rating.total.map { $0 > .zero } == true)
    }
}
