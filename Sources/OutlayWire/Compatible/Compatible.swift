import OutlayCore

/// xAI's chat completions: like OpenAI's, but reasoning is outside `completion_tokens`, and searches are billed.
enum XAIChat: AnswerFlavour {
    static let picks = OpenAIChat.picks
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        OpenAIChat.endDocument(&picks)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        reading.context.serviceTier = usage.picks.string(.tier)
        let prompt = OpenAITokens.prompt(of: &usage)
        var output = OpenAITokens.output(of: &usage)
        output.total &+= usage.count("completion_tokens_details", "reasoning_tokens") ?? 0
        var tokens = prompt.counts(flagging: &usage) + output.counts(flagging: &usage)
        for tool in ["web_search_calls", "x_search_calls"] {
            tokens[.webSearch] &+= usage.count("server_side_tool_usage_details", tool) ?? 0
        }
        reading.parts = [UsagePart(usage: tokens)]
        reading.reportedCost = OpenAITokens.cost(usage)
    }
}

/// Ollama's own API: counts at the top of the last line of an NDJSON stream, or of the one body.
///
/// `prompt_eval_count` is absent when the whole prompt was cached.
enum OllamaNative: AnswerFlavour {
    static let picks: [String: Pick] = [
        "model": .text(.model),
        "prompt_eval_count": .text(.itemType),
        "eval_count": .text(.itemAction),
        "done": .mark(.done),
        "error": .mark(.error),
        "message.content": .characters,
        "message.thinking": .characters,
        "response": .characters,
        "thinking": .characters,
    ]
    static let paths = JSONPaths(picks)

    static func isComplete(_ picks: Picks) -> Bool { picks.marks.contains(.done) }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        let counts = [TextSlot.itemType, .itemAction].map { slot in usage.picks.string(slot) }
        let numbers = counts.map { text in
            text.flatMap { try? JSONDocument(Array($0.utf8)) }.flatMap { usage.count(of: $0.root) }
        }
        reading.parts = [UsagePart(usage: [.input: numbers[0] ?? 0, .output: numbers[1] ?? 0])]
        let names = ["prompt_eval_count", "eval_count"]
        let members = zip(names, counts).compactMap { name, text in text.map { "\"\(name)\":\($0)" } }
        reading.raw = members.isEmpty ? nil : "{\(members.joined(separator: ","))}"
    }
}

/// Mistral's document reading: pages.
enum MistralOCR: AnswerFlavour {
    static let picks: [String: Pick] = [
        "model": .text(.model), "usage_info": .raw(.usage), "error": .mark(.error),
        "pages.markdown": .characters,
    ]
    static let paths = JSONPaths(picks)

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        reading.parts = [UsagePart(usage: [.pages: usage.count("pages_processed") ?? 0])]
    }
}

/// An API the product does not know by name: the shape of its usage object tells whose convention it follows.
enum AnyShape: AnswerFlavour {
    static let picks: [String: Pick] = OpenAIChat.picks
        .merging(OpenAIResponses.picks) { old, _ in old }
        .merging(AnthropicMessages.picks) { old, _ in old }
        .merging(GeminiGenerate.picks) { old, _ in old }
        .merging(["type": .text(.type), "object": .text(.eventName)]) { _, new in new }
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        let type = picks.string(.type) ?? ""
        if type.hasPrefix("response.") {
            OpenAIResponses.endDocument(&picks)
        } else if type.hasPrefix("message") || type.hasPrefix("content_block") || type == "error" {
            AnthropicMessages.endDocument(&picks)
        } else {
            GeminiGenerate.endDocument(&picks)
        }
        picks.clear(.type)
    }

    static func isComplete(_ picks: Picks) -> Bool {
        picks.marks.contains(.done) || picks.marks.contains(.finished)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        convention(usage).read(&usage, into: &reading)
    }

    /// Anthropic says `cache_*_input_tokens` or nothing beside `input_tokens`; Responses has details.
    private static func convention(_ usage: UsageReport) -> any AnswerFlavour.Type {
        if usage.value("prompt_tokens") != nil { return OpenAIChat.self }
        if usage.value("promptTokenCount") != nil { return GeminiGenerate.self }
        if usage.value("inputTokens") != nil || usage.value("inputTokenCount") != nil { return BedrockConverse.self }
        if usage.value("billed_units") != nil { return CohereV2.self }
        let isAnthropic = [
            "cache_read_input_tokens", "cache_creation_input_tokens", "server_tool_use", "cache_creation",
        ]
        .contains { usage.value([$0]) != nil }
        if isAnthropic || !usage.picks[.start].isEmpty { return AnthropicMessages.self }
        return usage.value("input_tokens") != nil ? OpenAIResponses.self : OpenAIChat.self
    }
}
