import OutlayCore
import Testing

/// What reported events become: priced by the one book, attributed by the one resolver.
@Suite struct ReportedEventTests {
    private static let now = TestBook.start.advanced(bySeconds: 3600)

    private static var resources: Resources {
        var resources = Resources()
        resources.tools = [ToolPrice(name: "web-crawl", perCall: Money(picodollars: 5_000_000_000))]
        resources.prices = [
            own("basement", "llama", [.computeSeconds: Rate(picodollars: 400_000_000, per: 1000)]),
            own("human", "human", [.humanSeconds: Rate(picodollars: 20_000_000_000, per: 1000)]),
            own("storage", "*", [.storageGBHours: Rate(picodollars: 30_000_000, per: 1000)]),
        ]
        return resources
    }

    private static func own(_ provider: String, _ model: String, _ rates: [UsageUnit: Rate]) -> OwnPrice {
        OwnPrice(provider: provider, model: model, from: Timestamp(seconds: 0), rates: rates)
    }

    private static func event(_ report: ReportedEvent, key: KeyRules? = nil) -> CostEvent {
        let book = TestBook.book.overlaid(by: resources.ownPrices, discounts: [])
        return ReportedEventRules(resolver: AttributionResolver(resources), pricing: book)
            .event(for: report, id: EventID(source: "api", id: "1"), key: key, receivedAt: now)
    }

    private static func report(_ kind: ReportedEvent.Kind, _ model: String?, _ usage: Usage?) -> ReportedEvent {
        var report = ReportedEvent(kind: kind)
        report.model = model
        report.usage = usage
        report.at = TestBook.start
        return report
    }

    /// Kind, provider, model, usage, calls, and what it costs ("" is nothing known).
    @Test(
        arguments: [
            (ReportedEvent.Kind.tool, nil, "web-crawl", nil, 3, "0.015"),
            (.tool, nil, "web-crawl", [.toolCall: 2], 1, "0.01"),
            (.tool, nil, "unknown-tool", nil, 1, ""),
            (.compute, "basement", "llama", [.computeSeconds: 12_500], 1, "0.005"),
            (.human, nil, nil, [.humanSeconds: 90_000], 1, "1.8"),
            (.storage, nil, nil, [.storageGBHours: 2_500], 1, "0.000075"),
            (.call, "acme-cloud", "wide", [.input: 1_000_000], 1, "2"),
            (.call, nil, "wide", [.input: 1_000_000], 1, "2"),
            (.call, nil, "mystery", [.input: 1_000_000], 1, ""),
        ] as [(ReportedEvent.Kind, String?, String?, Usage?, Int64, String)]
    )
    func `tools, machines, people and storage are priced by one book`(
        kind: ReportedEvent.Kind,
        provider: String?,
        model: String?,
        usage: Usage?,
        calls: Int64,
        dollars: String
    ) {
        var report = Self.report(kind, model, usage)
        report.provider = provider
        report.calls = calls
        let event = Self.event(report)

        #expect(event.rating.total == Money(dollars: dollars))
        #expect(event.rating.state == (dollars.isEmpty ? .unpriced : .rated))
        #expect(event.callCount == calls)
    }

    @Test func `the provider is the book's own name, or that of the one who has the model`() {
        var report = Self.report(.call, "wide", [.input: 1])
        #expect(Self.event(report).service.provider == "acme")
        report.provider = "ACME-cloud"
        #expect(Self.event(report).service.provider == "acme")
        report.provider = nil
        report.model = "twin"
        #expect(Self.event(report).service.provider == "unknown", "two providers sell it")
    }

    @Test func `a reported cost is kept beside ours, and booked where ours is not whole`() {
        var report = Self.report(.call, "wide", [.input: 1_000_000])
        report.reportedCost = Money(dollars: "9")
        #expect(Self.event(report).rating.total == Money(dollars: "2"))
        #expect(Self.event(report).reportedCost == Money(dollars: "9"))
        report.model = "mystery"
        #expect(Self.event(report).rating.total == Money(dollars: "9"))
        report.usage = nil
        #expect(Self.event(report).metering.quality == .unmetered)
        #expect(Self.event(report).rating.total == Money(dollars: "9"))
    }

    @Test func `a call that nobody counted, or counted as zeros, is unmetered and never free`() {
        for usage in [nil, Usage.none] {
            let event = Self.event(Self.report(.call, "wide", usage))
            #expect(event.metering.quality == .unmetered)
            #expect(event.rating.total == nil)
        }
        var failed = Self.report(.call, "wide", nil)
        failed.outcome = CallOutcome(ending: .providerError, status: 500)
        #expect(Self.event(failed).metering.quality == .unbilled)
        #expect(Self.event(failed).rating.total == .zero)
    }

    @Test func `a cache of the caller's own costs nothing and says what it saved`() {
        var report = Self.report(.call, "wide", [.input: 1_000_000])
        report.isCacheHit = true
        let event = Self.event(report)
        #expect(event.rating.total == .zero)
        #expect(event.avoidedCost == Money(dollars: "2"))
    }

    @Test(arguments: [(601, true), (600, false), (-86_400, false)])
    func `a time more than ten minutes ahead is booked when it is heard of, and flagged`(
        seconds: Int64,
        isFlagged: Bool
    ) {
        var report = Self.report(.call, "wide", [.input: 1])
        report.at = Self.now.advanced(bySeconds: seconds)
        let event = Self.event(report)
        #expect(event.at == (isFlagged ? Self.now : report.at))
        #expect(event.metering.flags.contains("future_time") == isFlagged)
    }

    @Test func `tags are claims: the key's locks and lists decide`() {
        var report = Self.report(.call, "wide", [.input: 1])
        report.tags = [("Team.Name", "growth"), ("feature", "search"), ("colour", "red"), ("workspace", "theirs")]
            .map { ReportedEvent.Claim(name: $0.0, value: $0.1) }
        let key = KeyRules(name: "bot", workspace: "ours", tags: [.team: "platform"], allow: [.feature: ["chat"]])
        let attribution = Self.event(report, key: key).attribution
        #expect(attribution.effective[.team] == "platform")
        #expect(attribution.effective[.feature] == nil)
        #expect(attribution.effective.first { $0.dimension.name == "colour" }?.value == "red")
        #expect(attribution.claimed[.team] == "growth")
        #expect(attribution.workspace == "ours" && attribution.key == "bot")
        #expect(Set(attribution.conflicts).isSuperset(of: [.team, .feature]))
        #expect(Self.event(report).attribution.key == nil)
        #expect(Self.event(report).attribution.effective[.team] == "growth")
    }

    @Test func `the same words are the same report, whatever prices and clocks made of them`() {
        var report = Self.report(.call, "wide", [.input: 1])
        let first = Self.event(report)
        var later = first
        later.rating = Rating(lines: [], state: .unpriced, version: "newer")
        #expect(first.isSameReport(as: later))
        report.usage = [.input: 2]
        #expect(!first.isSameReport(as: Self.event(report)))
        report.usage = [.input: 1]
        report.reportedCost = Money(dollars: "1")
        #expect(!first.isSameReport(as: Self.event(report)))
    }
}
