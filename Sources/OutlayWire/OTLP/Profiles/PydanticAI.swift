import OutlayCore

/// Pydantic AI and Logfire: spans lead; an agent's span sums up under `gen_ai.aggregated_usage.*`.
struct PydanticAI: ConventionProfile {
    let name = "pydantic-ai"

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("pydantic") || context.scopeName.hasPrefix("logfire")
    }

    func tokens(_ facts: Facts) -> TokenConvention { .inclusive }

    var attributes: [String] { ["agent_name", "model_name"] }
    var vocabulary: Vocabulary { Self.words }

    private static let words = Vocabulary([
        (.requestModel, ["gen_ai.request.model", "model_name"])
    ]).over(.genAI)

    /// Older versions sum up under the names of single calls, on the span of an agent without an operation.
    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature {
        let nature = SpanNature(facts)
        guard nature == .call, facts[.operation] == nil, span.attributes["agent_name"] != nil else { return nature }
        return .aggregate
    }
}
