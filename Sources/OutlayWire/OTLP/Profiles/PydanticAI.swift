import OutlayCore

/// Pydantic AI and Logfire: spans lead; an agent's span sums up under `gen_ai.aggregated_usage.*`.
struct PydanticAI: ConventionProfile {
    let name = "pydantic-ai"

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("pydantic") || context.scopeName.hasPrefix("logfire")
    }

    func tokens(_ facts: Facts) -> TokenConvention { .inclusive }

    /// Older versions sum up under the names of single calls, on a span that asks no model for anything.
    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature {
        let nature = SpanNature(facts)
        guard nature == .call, facts[.operation] == nil, facts[.requestModel] == nil else { return nature }
        return .aggregate
    }
}
