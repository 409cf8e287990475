import OutlayCore

/// Vercel's AI SDK, and what is built on it, such as opencode: of three spans around each call the innermost counts.
///
/// Before version 7 that is the one whose operation ends in `.doGenerate`, `.doStream` or `.doEmbed`.
struct VercelAI: ConventionProfile {
    let name = "vercel-ai"

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName == "ai" || context.scopeName.hasPrefix("@ai-sdk")
    }

    func owns(_ attributes: Attributes) -> Bool {
        attributes["ai.operationId"] != nil || attributes["ai.model.id"] != nil
    }

    var attributes: [String] { [Self.uncached] }

    /// Only versions whose input counts its cached tokens tell the rest apart.
    private static let uncached = "ai.usage.inputTokenDetails.noCacheTokens"

    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature {
        guard case .string(let operation) = span.attributes["ai.operationId"] else { return SpanNature(facts) }
        if operation == "ai.toolCall" { return .tool }
        return operation.contains(".do") ? .call : .aggregate
    }

    func correct(_ call: inout CallFacts, _ attributes: Attributes) {
        if attributes[Self.uncached] != nil { call.tokens = .inclusive }
        if case .string(let operation) = attributes["ai.operationId"] {
            if operation.contains("embed") { call.facts[.operation] = .string("embeddings") }
            if operation.contains("rerank") { call.facts[.operation] = .string("rerank") }
        }
        if call.facts.text(.provider)?.hasSuffix(".responses") == true {
            call.facts[.apiType] = .string("responses")
        }
    }
}
