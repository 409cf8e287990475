package import OutlayCore

/// Random but plausible events, and questions about them, that a seed repeats.
package struct EventGenerator: Sendable {
    package var random: SeededGenerator
    private var count = 0
    private var past: [CostEvent] = []
    /// The times the events fall into.
    private let span: Range<Timestamp>

    package init(seed: UInt64, span: Range<Timestamp> = .someWeeks) {
        random = SeededGenerator(seed: seed)
        self.span = span
    }

    /// The next event: mostly a call, now and then a correction or the same event again.
    package mutating func event() -> CostEvent {
        if let again = past.last, random.isOnce(in: 12) { return again }
        if !past.isEmpty, random.isOnce(in: 8) { return correction(of: random.pick(past)) }
        let event = call()
        past.append(event)
        if past.count > 200 { past.removeFirst(100) }
        return event
    }

    package mutating func events(_ count: Int) -> [CostEvent] {
        (0..<count).map { _ in event() }
    }

    private mutating func correction(of event: CostEvent) -> CostEvent {
        count += 1
        guard random.isOnce(in: 2) else { return event.reversal("fix-\(count)") }
        let rating = rating()
        return event.replacement("fix-\(count)") { $0.rating = rating }
    }

    private mutating func call() -> CostEvent {
        count += 1
        let micros = Int64.random(in: span.lowerBound.microseconds..<span.upperBound.microseconds, using: &random)
        let at = Timestamp(microseconds: micros)
        var event = CostEvent(
            id: EventID(source: random.pick(["gateway", "import:csv", "otlp:claude-code"]), id: "event-\(count)"),
            at: at,
            receivedAt: at.advanced(bySeconds: Int64.random(in: 0...90_000, using: &random)),
            service: service(),
            attribution: attribution(),
            metering: metering(),
            rating: rating(),
            reportedCost: random.isOnce(in: 5) ? Money(picodollars: 12_345_678_901) : nil,
            outcome: outcome(),
            links: links(at: at)
        )
        event.isNotional = random.isOnce(in: 15)
        if random.isOnce(in: 20) { event.callCount = random.pick([0, 12]) }
        return event
    }

    private mutating func service() -> ServiceUse {
        var context = RatingContext()
        context.region = random.pick([nil, nil, "eu", "us-east-1"])
        context.serviceTier = random.pick([nil, "flex"])
        let model = random.pick([nil, "gpt-5", "claude-sonnet-5", "gemini-3-pro"])
        return ServiceUse(
            provider: random.pick(["openai", "anthropic", "google"]),
            api: random.pick(["chat.completions", "messages"]),
            upstream: random.pick([nil, "openai", "house"]),
            requestedModel: random.pick([nil, "gpt-5", "latest"]),
            model: model,
            context: context
        )
    }

    private mutating func attribution() -> Attribution {
        var tags = TagSet.empty
        tags[.team] = random.pick([nil, "growth", "platform", "größe"])
        tags[.environment] = random.pick([nil, "production", "staging"])
        tags[.feature] = random.pick([nil, "search", "chat", ""])
        tags[.run] = random.pick([nil, nil, "run-1", "run-2"])
        tags[.user] = random.pick([nil, "ann", "bob"])
        let origins = tags.map { TagOrigin($0.dimension, from: .header, detail: "x-\($0.dimension)") }
        return Attribution(
            workspace: random.pick(["default", "lab"]),
            key: random.pick([nil, "ci", "app"]),
            effective: tags,
            claimed: random.isOnce(in: 3) ? [.team: "sales"] : tags,
            origins: origins,
            conflicts: random.isOnce(in: 6) ? [.team] : []
        )
    }

    private mutating func metering() -> Metering {
        var usage = Usage.none
        for unit in [UsageUnit.input, .cacheRead, .cacheWrite5m, .output, .webSearch, .outputAudio] {
            if !random.isOnce(in: 3) { usage[unit] = Int64.random(in: 0...200_000, using: &random) }
        }
        var parts = [UsagePart(usage: usage)]
        if random.isOnce(in: 6) { parts.append(UsagePart(model: "mini", label: "compaction", usage: [.input: 77])) }
        return Metering(
            parts: parts,
            quality: random.pick([.exact, .exact, .exact, .estimated, .unmetered, .indeterminate, .unbilled]),
            method: random.isOnce(in: 4) ? "characters/4.1" : nil,
            flags: random.isOnce(in: 9) ? ["duplicate_key"] : [],
            raw: random.isOnce(in: 2) ? "{\"prompt_tokens\":12,\"text\":\"\(String(repeating: "x", count: 90))\"}" : nil
        )
    }

    private mutating func rating() -> Rating {
        let state = random.pick([Rating.State.rated, .rated, .partial, .unpriced])
        guard state != .unpriced else { return Rating(lines: [], state: state, version: "b1", unpriced: [.input]) }
        let rate = Rate(picodollars: Int128(Int64.random(in: 1...90_000_000, using: &random)))
        let discounted = random.isOnce(in: 3) ? rate.scaled(by: 927, over: 1000) : rate
        let quantity = Int64.random(in: 0...100_000, using: &random)
        let lines = [
            CostLine(unit: .input, model: "gpt-5", quantity: quantity, listRate: rate, rate: discounted),
            CostLine(unit: .output, label: "compaction", model: "mini", quantity: 3, listRate: .free),
        ]
        return Rating(lines: lines, state: state, version: "b1", unpriced: state == .partial ? [.webSearch] : [])
    }

    private mutating func outcome() -> CallOutcome {
        CallOutcome(
            ending: random.pick(CallOutcome.Ending.allCases),
            status: random.pick([nil, 200, 529]),
            latencyMicroseconds: random.pick([nil, 812_345]),
            timeToFirstTokenMicroseconds: random.pick([nil, 123_456]),
            isStream: random.isOnce(in: 2)
        )
    }

    private mutating func links(at: Timestamp) -> CallLinks {
        CallLinks(
            call: random.isOnce(in: 3) ? nil : CallID(at: at, random: &random),
            attempt: random.pick([1, 1, 2]),
            responseID: random.pick([nil, "chatcmpl-\(count)"]),
            requestID: random.pick([nil, "req_\(count)"]),
            clientRequestID: random.pick([nil, "client-\(count)"]),
            traceID: random.pick([nil, "0af7651916cd43dd8448eb211c80319c"]),
            spanID: random.pick([nil, "b7ad6b7169203331"])
        )
    }
}

extension EventGenerator {
    private static let dimensions: [Dimension] = [
        .team, .environment, .feature, .run, .user, .provider, .model, .api, .key, .upstream, .region, .workspace,
    ]

    /// A question with random grouping, conditions and ragged buckets.
    package mutating func query() -> SpendQuery {
        var dimensions = Self.dimensions.shuffled(using: &random)
        let by = Array(dimensions.prefix(Int.random(in: 0...3, using: &random)))
        dimensions.shuffle(using: &random)
        let filters = dimensions.prefix(random.pick([0, 0, 1, 2])).map { dimension in
            let values: [String?] = [
                "growth", "gpt-5", "production", "run-1", "ann", "openai", "default", "ci", "", nil,
            ]
            return SpendQuery.Filter(dimension, [random.pick(values), random.pick(values)])
        }
        return SpendQuery(by: by, filters: Array(filters), buckets: buckets())
    }

    /// Ascending spans apart from each other, from whole days to odd microseconds.
    private mutating func buckets() -> [Range<Timestamp>] {
        let step = random.pick([1, 60_000_000, 900_000_000, 3_600_000_000, 86_400_000_000] as [Int64])
        let (low, high) = (span.lowerBound.microseconds - 90_000_000_000, span.upperBound.microseconds)
        let cuts = (0..<random.pick([2, 2, 4, 9])).map { _ in
            Int64.random(in: low...high, using: &random) / step * step
        }
        let ascending = Set(cuts).sorted().map(Timestamp.init(microseconds:))
        return zip(ascending, ascending.dropFirst()).map { $0..<$1 }
    }
}

extension Range<Timestamp> {
    /// Seven weeks around a change of month and year.
    package static var someWeeks: Range<Timestamp> {
        Timestamp(seconds: 1_796_000_000)..<Timestamp(seconds: 1_800_200_000)
    }
}
