import OutlayCore

/// Langfuse's SDK: generations are calls, their usage and cost are JSON texts.
///
/// Usage comes as OpenAI counts it, everything inclusive, or under free names, which stand side by side.
struct Langfuse: ConventionProfile {
    let name = "langfuse"
    let largeAttributes = [usageDetails, costDetails]

    var attributes: [String] { [Self.type, "langfuse.observation.level"] }

    private static let type = "langfuse.observation.type"
    private static let usageDetails = "langfuse.observation.usage_details"
    private static let costDetails = "langfuse.observation.cost_details"

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("langfuse")
    }

    func owns(_ attributes: Attributes) -> Bool {
        attributes[Self.type] != nil
    }

    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature {
        switch span.attributes.text(Self.type) {
        case "generation", "embedding": .call
        case "tool": .tool
        case "span", "event", "agent", "chain", "retriever", "evaluator", "guardrail": .step
        default: SpanNature(facts)
        }
    }

    func correct(_ call: inout CallFacts, _ attributes: Attributes) {
        if attributes.text(Self.type) == "embedding" { call.facts[.operation] = .string("embeddings") }
        if attributes.text("langfuse.observation.level") == "ERROR" { call.isFailure = true }
        if let usage = document(attributes[Self.usageDetails]) { read(usage, into: &call) }
        if let costs = document(attributes[Self.costDetails]) { call.facts[.cost] = Self.total(of: costs) }
    }

    private func read(_ usage: JSONView, into call: inout CallFacts) {
        let isOpenAI = usage["prompt_tokens"] != nil || usage["input_tokens_details"] != nil
        let words = isOpenAI ? Self.openAIWords : Self.freeWords
        call.tokens = isOpenAI ? .inclusive : TokenConvention(cache: .exclusive, reasoning: .outside)
        for (fact, paths) in words {
            for path in paths {
                guard let value = Self.number(usage, path) else { continue }
                call.facts[fact] = value
                break
            }
        }
    }

    private static let openAIWords: [(Fact, [[String]])] = [
        (.input, [["prompt_tokens"], ["input_tokens"]]), (.output, [["completion_tokens"], ["output_tokens"]]),
        (.total, [["total_tokens"]]),
        (
            .cacheRead,
            [
                ["prompt_tokens_details", "cached_tokens"], ["input_tokens_details", "cached_tokens"],
                ["cache_read_input_tokens"],
            ]
        ),
        (
            .cacheWrite,
            [
                ["prompt_tokens_details", "cache_write_tokens"], ["input_tokens_details", "cache_write_tokens"],
                ["cache_creation_input_tokens"],
            ]
        ),
        (.inputAudio, [["prompt_tokens_details", "audio_tokens"]]),
        (.outputAudio, [["completion_tokens_details", "audio_tokens"]]),
    ]

    private static let freeWords: [(Fact, [[String]])] = [
        (.input, [["input"], ["input_tokens"]]), (.output, [["output"], ["output_tokens"]]),
        (.cacheRead, [["cache_read_input_tokens"], ["input_cached_tokens"], ["input_cache_read"], ["cache_read"]]),
        (
            .cacheWrite,
            [["cache_creation_input_tokens"], ["input_cache_creation"], ["cache_creation"], ["cache_write"]]
        ),
        (.cacheWrite5m, [["input_cache_creation_5m"], ["cache_creation", "ephemeral_5m_input_tokens"]]),
        (.cacheWrite1h, [["input_cache_creation_1h"], ["cache_creation", "ephemeral_1h_input_tokens"]]),
        (.reasoning, [["output_reasoning_tokens"], ["output_reasoning"]]),
    ]

    private func document(_ value: AttributeValue?) -> JSONView? {
        guard case .string(let text) = value else { return nil }
        return (try? JSONDocument(Array(text.utf8)))?.root
    }

    private static func number(_ view: JSONView, _ path: [String]) -> AttributeValue? {
        var view = view
        for key in path {
            guard let next = view[key] else { return nil }
            view = next
        }
        return view.number.map { .string($0) }
    }

    /// The total where it is told, else the sum of what is.
    private static func total(of costs: JSONView) -> AttributeValue? {
        if let total = costs["total"]?.number { return .string(total) }
        let amounts = costs.members.compactMap { $0.value.number.flatMap { Money(reported: $0) } }
        guard !amounts.isEmpty, amounts.allSatisfy({ $0 >= .zero && $0 <= .largest }) else { return nil }
        return .string(amounts.prefix(64).reduce(.zero, +).description)
    }
}
