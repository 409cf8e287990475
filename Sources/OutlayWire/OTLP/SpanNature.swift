/// What kind of thing a span reports.
enum SpanNature: Hashable {
    /// One call to a model.
    case call
    /// A call that costs nothing: tokens counted in advance, an answer fetched again.
    case freeCall
    /// An agent, a workflow, a turn: its counts repeat those of the calls in it.
    case aggregate
    case tool
    /// Anything else.
    case step

    /// By what the conventions say, the surest first: names of sums, the kind of span, the operation, the counts.
    init(_ facts: Facts) {
        if facts[.aggregatedUsage] != nil {
            self = .aggregate
        } else if let kind = facts.text(.kind)?.lowercased(), let nature = Self.kinds[kind] {
            self = nature
        } else if let operation = facts.text(.operation)?.lowercased(), let nature = Self.operations[operation] {
            self = nature
        } else {
            self = facts.hasCounts ? .call : facts[.tool] != nil ? .tool : .step
        }
    }

    /// Kinds of spans in OpenInference, OpenLLMetry and LangSmith.
    private static let kinds: [String: SpanNature] = [
        "llm": .call, "embedding": .call, "reranker": .call,
        "tool": .tool,
        "agent": .aggregate, "chain": .aggregate, "workflow": .aggregate, "task": .aggregate, "retriever": .aggregate,
        "guardrail": .aggregate, "evaluator": .aggregate, "prompt": .aggregate, "parser": .aggregate,
    ]

    private static let operations: [String: SpanNature] = {
        var natures: [String: SpanNature] = [:]
        for name in calls { natures[name] = .call }
        for name in aggregates { natures[name] = .aggregate }
        for name in free { natures[name] = .freeCall }
        natures["execute_tool"] = .tool
        return natures
    }()

    private static let calls = [
        "chat", "text_completion", "completion", "acompletion", "atext_completion", "generate_content", "embeddings",
        "embedding", "aembedding", "rerank", "arerank", "responses", "aresponses", "anthropic_messages",
        "image_generation", "aimage_generation", "speech", "aspeech", "transcription", "atranscription",
        "multimodal_completion", "message",
    ]

    private static let aggregates = [
        "invoke_agent", "agent_step", "invoke_workflow", "create_agent", "execute_event_loop_cycle", "chain", "agent",
        "workflow", "task", "plan",
    ]

    private static let free = ["count_tokens", "fetch_response", "get_response", "list_models"]
}
