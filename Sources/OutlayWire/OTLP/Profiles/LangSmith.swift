import OutlayCore

/// LangSmith's SDK in OpenTelemetry mode: runs of type `llm` are calls; chains repeat them.
///
/// Tokens of caches are told apart in a Python text, and in JSON among the run's metadata.
struct LangSmith: ConventionProfile {
    let name = "langsmith"
    let largeAttributes = [inputDetails, outputDetails, usageMetadata]

    var attributes: [String] { Self.words.names + ["langsmith.span.id"] }
    var vocabulary: Vocabulary { Self.words }

    private static let inputDetails = "gen_ai.usage.input_token_details"
    private static let outputDetails = "gen_ai.usage.output_token_details"
    private static let usageMetadata = "langsmith.metadata.usage_metadata"

    private static let words = Vocabulary([
        (.provider, ["langsmith.metadata.ls_provider", "gen_ai.provider.name", "gen_ai.system"]),
        (.requestModel, ["gen_ai.request.model", "langsmith.metadata.ls_model_name"]),
        (.isStream, ["langsmith.request.streaming", "gen_ai.request.stream"]),
    ]).over(.genAI)

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("langsmith")
    }

    func owns(_ attributes: Attributes) -> Bool {
        attributes["langsmith.span.kind"] != nil || attributes["langsmith.span.id"] != nil
    }

    func tokens(_ facts: Facts) -> TokenConvention { .inclusive }

    func correct(_ call: inout CallFacts, _ attributes: Attributes) {
        if call.facts.text(.kind) == "embedding" { call.facts[.operation] = .string("embeddings") }
        let metadata = attributes.text(Self.usageMetadata).map { LooseText($0) }
        let input = attributes.text(Self.inputDetails).map { LooseText($0) } ?? metadata
        let output = attributes.text(Self.outputDetails).map { LooseText($0) } ?? metadata
        add(.input, ["input_tokens"], of: metadata, to: &call.facts)
        add(.output, ["output_tokens"], of: metadata, to: &call.facts)
        add(.cacheRead, ["cache_read"], of: input, to: &call.facts)
        add(.cacheWrite, ["cache_creation"], of: input, to: &call.facts)
        add(.cacheWrite5m, ["ephemeral_5m_input_tokens"], of: input, to: &call.facts)
        add(.cacheWrite1h, ["ephemeral_1h_input_tokens"], of: input, to: &call.facts)
        add(.reasoning, ["reasoning"], of: output, to: &call.facts)
    }

    private func add(_ fact: Fact, _ keys: [String], of text: LooseText?, to facts: inout Facts) {
        guard facts[fact] == nil, let text else { return }
        facts[fact] = keys.lazy.compactMap { text.count($0) }.first
    }
}
