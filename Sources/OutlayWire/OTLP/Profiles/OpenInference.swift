import OutlayCore

/// OpenInference, as Phoenix and Arize read it: only spans of kind `LLM`, `EMBEDDING` and `RERANKER` are calls.
///
/// It names no id of an answer; where the output is the provider's JSON, its `id` is one.
struct OpenInference: ConventionProfile {
    let name = "openinference"
    let idAttributes = ["output.value"]

    var vocabulary: Vocabulary { Self.words }

    private static let words = Vocabulary([
        (.responseID, ["gen_ai.response.id", "llm.response.id", "output.value"])
    ]).over(.genAI)

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.contains("openinference")
    }

    func owns(_ attributes: Attributes) -> Bool {
        attributes["openinference.span.kind"] != nil
    }

    func tokens(_ facts: Facts) -> TokenConvention { .inclusive }

    func correct(_ call: inout CallFacts, _ attributes: Attributes) {
        switch call.facts.text(.kind)?.lowercased() {
        case "embedding": call.facts[.operation] = .string("embeddings")
        case "reranker": call.facts[.operation] = .string("rerank")
        default: break
        }
        // The output of an agent or a chain is no provider's answer.
        if call.level == .aggregate { call.facts[.responseID] = nil }
    }
}
