import OutlayCore
import Testing

/// One amount per call: ours where we can price all of it, else the reported one.
@Suite struct PricingReportedTests {
    private static func rating(_ state: Rating.State) -> Rating {
        let line = CostLine(unit: .input, model: "wide", quantity: 10, listRate: TestBook.perMillion("2"))
        return Rating(lines: state == .unpriced ? [] : [line], state: state, version: "book")
    }

    static let counted = Metering(parts: [UsagePart(usage: [.input: 10])], quality: .exact)
    static let uncounted = Metering(quality: .unmetered)

    /// An amount of "" is none.
    @Test(arguments: [
        (Rating.State.rated, "7", counted, "book"),
        (.partial, "7", counted, "reported"),
        (.unpriced, "7", counted, "reported"),
        (.rated, "7", uncounted, "reported"),
        (.unpriced, "7", uncounted, "reported"),
        (.partial, "", counted, "book"),
        (.unpriced, "", counted, "book"),
        (.unpriced, "0", counted, "book"),
        (.unpriced, "-1", counted, "book"),
        (.unpriced, "7", Metering(quality: .unbilled), "book"),
    ])
    func `the reported cost is booked only where our own is not whole`(
        state: Rating.State,
        reported: String,
        metering: Metering,
        version: String
    ) throws {
        let reported = Money(dollars: reported)
        let booked = Self.rating(state).booked(reported: reported, metering: metering, model: "wide")

        #expect(booked.version == version)
        #expect(
            booked == (version == "book" ? Self.rating(state) : Rating(reported: try #require(reported), model: "wide"))
        )
    }

    @Test func `a reported cost is one line of its own unit and costs exactly what was said`() throws {
        let amount = try #require(Money(dollars: "0.004321098765"))
        let rating = Rating(reported: amount, model: "wide")

        #expect(rating.total == amount)
        #expect(rating.listTotal == amount)
        #expect(rating.state == .rated)
        #expect(rating.isReported)
        #expect(rating.lines.map(\.unit.name) == ["reported_cost"])
        #expect(rating.lines.map(\.quantity) == [1])
    }

    @Test func `re-rating keeps a reported cost until every unit has a rate`() throws {
        let reported = try #require(Money(dollars: "7"))
        let parts = [UsagePart(usage: [.input: 1_000_000])]
        var event = CostEvent(
            id: EventID(source: "api:bot", id: "1"),
            at: TestBook.start,
            receivedAt: TestBook.start,
            service: ServiceUse(provider: "acme", api: "chat", model: "mystery"),
            attribution: Attribution(workspace: "default"),
            metering: Metering(parts: parts, quality: .exact),
            rating: Rating(reported: reported, model: "mystery"),
            reportedCost: reported
        )

        #expect(event.rerated(by: TestBook.book, now: TestBook.start) == nil)
        event.service.model = "wide"
        let pair = try #require(event.rerated(by: TestBook.book, now: TestBook.start))
        #expect(pair.last?.rating.total == Money(dollars: "2"))
        #expect(pair.last?.reportedCost == reported)
        event.service.upstream = "acme"
        event.service.model = "mystery"
        #expect(event.rerated(by: TestBook.book, now: TestBook.start)?.last?.rating.state == .unpriced)
    }
}
