import OutlayCore

/// Pydantic AI and Logfire: spans lead; an agent's span sums up under `gen_ai.aggregated_usage.*`.
///
/// Logfire's own instrumentations of SDKs end the span of a streamed request when its stream begins, and tell what it
/// used in another beside it: two spans with nothing in common, of which only the second is the call.
struct PydanticAI: ConventionProfile {
    let name = "pydantic-ai"
    let largeAttributes = [rawUsage]

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("pydantic") || context.scopeName.hasPrefix("logfire")
    }

    func tokens(_ facts: Facts) -> TokenConvention { .inclusive }

    var attributes: [String] { ["agent_name", "model_name", Self.spanType, Self.finishReasons] }
    var vocabulary: Vocabulary { Self.words }

    private static let words = Vocabulary([
        (.requestModel, ["gen_ai.request.model", "model_name"])
    ]).over(.genAI)
    /// The provider's usage as JSON.
    private static let rawUsage = "gen_ai.usage.raw"
    private static let spanType = "logfire.span_type"
    private static let finishReasons = "gen_ai.response.finish_reasons"

    /// Older versions sum up under the names of single calls, on the span of an agent without an operation.
    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature {
        let nature = SpanNature(facts)
        guard nature == .call else { return nature }
        if facts[.operation] == nil, span.attributes["agent_name"] != nil { return .aggregate }
        return isBeginOfStream(span, facts) ? .step : .call
    }

    func correct(_ call: inout CallFacts, _ attributes: Attributes) {
        guard let raw = attributes.text(Self.rawUsage).map({ LooseText($0) }) else { return }
        let details: [(Fact, String)] = [
            (.cacheWrite5m, "ephemeral_5m_input_tokens"), (.cacheWrite1h, "ephemeral_1h_input_tokens"),
        ]
        for (fact, key) in details where call.facts[fact] == nil { call.facts[fact] = raw.count(key) }
    }

    /// Whether it only says that a request was sent: of an answer that came whole there is an id, its end or its usage.
    private func isBeginOfStream(_ span: SpanRecord, _ facts: Facts) -> Bool {
        span.attributes[Self.spanType] == .string("span") && span.status != 2 && facts[.errorType] == nil
            && facts[.operation] == .string("chat") && !facts.hasCounts && facts[.responseID] == nil
            && span.attributes[Self.finishReasons] == nil
    }
}
