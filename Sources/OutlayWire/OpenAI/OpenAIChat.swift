import OutlayCore

/// Chat completions, completions and embeddings as OpenAI, Azure and most compatible providers report them.
///
/// `prompt_tokens` and `completion_tokens` are totals; the details are subsets of them, reasoning included.
/// Streams carry usage in a chunk of its own, on the last choice, in every chunk, or in `x_groq`: the last one
/// that is not `null` wins.
enum OpenAIChat: AnswerFlavour {
    static let picks: [String: Pick] = [
        "id": .text(.id),
        "model": .text(.model),
        "service_tier": .text(.tier),
        "usage": .raw(.usage),
        "x_groq.usage": .raw(.fallback),
        "x_groq.error": .mark(.error),
        "error": .mark(.error),
        "object": .text(.type),
        "duration": .text(.duration),
        "choices.finish_reason": .mark(.finished),
        "choices.text": .characters,
        "choices.delta.content": .characters,
        "choices.delta.content.text": .characters,
        "choices.delta.reasoning_content": .characters,
        "choices.delta.reasoning": .characters,
        "choices.delta.refusal": .characters,
        "choices.delta.function_call.arguments": .characters,
        "choices.delta.tool_calls.function.name": .characters,
        "choices.delta.tool_calls.function.arguments": .characters,
        "choices.delta.tool_calls.custom.input": .characters,
        "choices.message.content": .characters,
        "choices.message.reasoning_content": .characters,
        "choices.message.reasoning": .characters,
        "choices.message.refusal": .characters,
        "choices.message.tool_calls.function.name": .characters,
        "choices.message.tool_calls.function.arguments": .characters,
    ]
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        if picks.isText(.type, "error") { picks.marks.insert(.error) }
        picks.keepCharacters()
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        reading.context.serviceTier = usage.picks.string(.tier)
        let prompt = OpenAITokens.prompt(of: &usage).counts(flagging: &usage)
        let output = OpenAITokens.output(of: &usage).counts(flagging: &usage)
        reading.parts = [UsagePart(usage: prompt + output)]
        reading.reportedCost = OpenAITokens.cost(usage)
    }
}

/// The token counts that chat completions and its relatives share.
enum OpenAITokens {
    static func prompt(of usage: inout UsageReport) -> InclusivePrompt {
        var prompt = InclusivePrompt()
        prompt.total = usage.count(of: "prompt_tokens") ?? 0
        if usage.value("completion_tokens") != nil { usage.require("prompt_tokens") }
        prompt.cached = cached(&usage)
        prompt.modalities.audio = usage.count(of: "audio_tokens", in: promptDetails) ?? 0
        prompt.modalities.image = usage.count(of: "image_tokens", in: promptDetails) ?? 0
        prompt.modalities.video = usage.count(of: "video_tokens", in: promptDetails) ?? 0
        let written = usage.count(of: "cache_write_tokens", in: promptDetails) ?? 0
        if written != 0 { prompt.writes = [UnitCount(writeUnit(usage.asked.cacheTTL), written)] }
        return prompt
    }

    private static let promptDetails = "prompt_tokens_details"
    private static let outputDetails = "completion_tokens_details"

    private static func cached(_ usage: inout UsageReport) -> Int64 {
        if usage.hasValue("cached_tokens", in: promptDetails) {
            return usage.count(of: "cached_tokens", in: promptDetails) ?? 0
        }
        for spelling in ["prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens"]
        where usage.hasValue(spelling) {
            return usage.count(of: spelling) ?? 0
        }
        return 0
    }

    static func output(of usage: inout UsageReport) -> InclusiveOutput {
        var output = InclusiveOutput()
        output.total = usage.count(of: "completion_tokens") ?? 0
        output.modalities.audio = usage.count(of: "audio_tokens", in: outputDetails) ?? 0
        output.modalities.image = usage.count(of: "image_tokens", in: outputDetails) ?? 0
        return output
    }

    /// Chat completions do not split writes by lifetime: the request says which it asked for.
    static func writeUnit(_ lifetime: String?) -> UsageUnit {
        lifetime == "12h" ? .cacheWrite12h : .cacheWrite30m
    }

    /// Money in the usage object: dollars (OpenRouter, Perplexity) or ticks of 10⁻¹⁰ dollars (xAI).
    static func cost(_ usage: UsageReport) -> Money? {
        if let ticks = usage.value("cost_in_usd_ticks")?.number { return Money(reported: ticks, scale: 10) }
        let cost = usage.value("cost")
        return (cost?.number ?? cost?["total_cost"]?.number).flatMap { Money(reported: $0) }
    }
}
