import OutlayCore

/// An emitter that follows the GenAI conventions, more or less; it says only where it departs from them.
protocol ConventionProfile: EmitterProfile {
    var vocabulary: Vocabulary { get }
    /// How far single signals are believed.
    var spanAuthority: Authority { get }
    var logAuthority: Authority { get }

    /// What its counts hold, given who served the call.
    func tokens(_ facts: Facts) -> TokenConvention
    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature
    /// Corrects what this emitter is known to get wrong.
    func correct(_ call: inout CallFacts, _ attributes: Attributes)
}

extension ConventionProfile {
    var vocabulary: Vocabulary { .genAI }
    var spanAuthority: Authority { .leading }
    var logAuthority: Authority { .echo }
    package var metrics: [String] { GenAIMetrics.names }

    func tokens(_ facts: Facts) -> TokenConvention { .unsaid }
    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature { SpanNature(facts) }
    func correct(_ call: inout CallFacts, _ attributes: Attributes) {}

    package func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? {
        conventional(span, in: reading)
    }

    package func observation(of log: LogRecord, in reading: RecordReading) -> Observation? {
        conventional(log, in: reading)
    }

    package func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint? {
        GenAIMetrics.reading(of: point, in: reading, by: self)
    }

    func conventional(_ span: SpanRecord, in reading: RecordReading) -> Observation? {
        let facts = vocabulary.facts(in: span.attributes)
        let nature = nature(of: span, facts)
        switch nature {
        case .step: return reading.step(span, facts: facts, by: self)
        case .tool: return reading.step(span, facts: facts, isTool: true, by: self)
        case .call, .freeCall, .aggregate: break
        }
        var call = CallFacts(facts)
        call.tokens = tokens(facts)
        call.level = nature == .aggregate ? .aggregate : .call
        call.authority = nature == .aggregate ? .aggregate : spanAuthority
        call.isFree = nature == .freeCall
        call.isFailure = span.status == 2 || facts[.errorType] != nil
        correct(&call, span.attributes)
        return reading.observation(of: span, call, by: self)
    }

    /// The event that repeats what the span of a call says.
    func conventional(_ log: LogRecord, in reading: RecordReading) -> Observation? {
        guard Self.isCallEvent(log) else { return nil }
        let facts = vocabulary.facts(in: log.attributes)
        let nature = SpanNature(facts)
        guard nature == .call || nature == .freeCall else { return nil }
        var call = CallFacts(facts)
        call.tokens = tokens(facts)
        call.authority = logAuthority
        call.isFree = nature == .freeCall
        call.isFailure = facts[.errorType] != nil
        correct(&call, log.attributes)
        return reading.observation(of: log, named: Self.callEvent, call, by: self)
    }

    private static var callEvent: String { "gen_ai.client.inference.operation.details" }

    static func isCallEvent(_ log: LogRecord) -> Bool {
        log.eventName == callEvent || log.body == callEvent
            || log.attributes["event.name"] == .string(callEvent)
    }
}

/// The metrics of the GenAI conventions, old and new.
enum GenAIMetrics {
    static let names = [
        "gen_ai.client.token.usage", "gen_ai.client.inference.usage.*", "gen_ai.usage.cost", "operation.cost",
        "gen_ai.client.token.cost",
    ]

    static func reading(of point: PointRecord, in reading: RecordReading, by profile: some ConventionProfile)
        -> CounterPoint?
    {
        let facts = profile.vocabulary.facts(in: point.attributes)
        let type: String? = if case .string(let type) = point.attributes[tokenType] { type } else { nil }
        guard var role = role(of: point.metric, tokenType: type) else { return nil }
        if role == .inputWithCache, profile.tokens(facts).cache == .exclusive { role = .input }
        var call = CallFacts(facts)
        profile.correct(&call, point.attributes)
        var counter = CounterFacts(role, of: call.service(), tokenType: tokenType)
        // Who changes over to the newer counters sends both for a while.
        if point.metric.hasPrefix("gen_ai.client.inference.") { counter.authority = .aggregate }
        return reading.counter(point, counter, by: profile)
    }

    /// What a point counts; `nil` where that is counted elsewhere too.
    ///
    /// A cost that is told apart by the kind of token could not be joined with its tokens.
    static func role(of metric: String, tokenType: String?) -> CounterReading.Role? {
        switch (metric, tokenType) {
        case ("gen_ai.client.token.usage", "input"): return .inputWithCache
        case ("gen_ai.client.token.usage", "output"), ("gen_ai.client.token.usage", "completion"): return .output
        case ("gen_ai.client.token.usage", "cache_read"), ("gen_ai.client.token.usage", "input_cached"):
            return .cacheRead
        case ("gen_ai.client.inference.usage.input_tokens", _): return .inputWithCache
        case ("gen_ai.client.inference.usage.cache_read.input_tokens", _): return .cacheRead
        case ("gen_ai.client.inference.usage.cache_write.input_tokens", _),
            ("gen_ai.client.inference.usage.cache_creation.input_tokens", _):
            return .cacheWrite
        case ("gen_ai.client.inference.usage.output_tokens", _): return .output
        case ("gen_ai.usage.cost", nil), ("operation.cost", nil), ("gen_ai.client.token.cost", nil): return .cost
        default: return nil
        }
    }

    static let tokenType = "gen_ai.token.type"
}
