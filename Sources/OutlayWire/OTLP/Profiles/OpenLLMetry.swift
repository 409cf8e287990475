import OutlayCore

/// OpenLLMetry and Traceloop's SDK: spans lead, histograms repeat them.
///
/// Entities of kind `agent` and `tool` name the agent and the tool of what is below them.
struct OpenLLMetry: ConventionProfile {
    let name = "openllmetry"

    var attributes: [String] { [Self.entity] }

    private static let entity = "traceloop.entity.name"

    func recognises(_ context: RecordContext) -> Bool {
        if context.scopeName.contains("traceloop") { return true }
        let prefix = "opentelemetry.instrumentation."
        guard context.scopeName.hasPrefix(prefix) else { return false }
        return Self.libraries.contains(String(context.scopeName.dropFirst(prefix.count).prefix { $0 != "." }))
    }

    func owns(_ attributes: Attributes) -> Bool {
        attributes.entries.contains { $0.key.hasPrefix("traceloop.") }
    }

    func tokens(_ facts: Facts) -> TokenConvention {
        switch CallFacts(facts).provider {
        case "openai", "azure", "anthropic": .inclusive
        default: .unsaid
        }
    }

    func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? {
        guard var observation = conventional(span, in: reading) else { return nil }
        guard observation.level == .step, let entity = span.attributes.text(Self.entity) else { return observation }
        switch span.attributes.text("traceloop.span.kind") {
        case "tool": observation.tool = entity.cut(toBytes: RecordReading.titleBytesMax)
        case "agent":
            let claim = TelemetryClaim(.agent, entity, reach: .record, attribute: Self.entity)
            observation.claims.insert(claim, at: 0)
        default: break
        }
        return observation
    }

    /// The libraries it instruments, whose scopes have no other mark.
    private static let libraries: Set<String> = [
        "openai", "anthropic", "cohere", "mistralai", "bedrock", "vertexai", "google_generativeai", "groq", "ollama",
        "langchain", "llamaindex", "crewai", "haystack", "replicate", "together", "watsonx", "sagemaker",
        "alephalpha", "transformers", "writer", "openai_agents", "agno", "voyageai",
    ]
}
