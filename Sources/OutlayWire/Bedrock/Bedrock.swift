import OutlayCore

/// Bedrock's Converse API: `inputTokens` excludes caches, writes are split by lifetime in a list.
///
/// The answer names no model; it is in the request's path.
enum BedrockConverse: AnswerFlavour {
    static let picks: [String: Pick] = [
        "usage": .raw(.usage),
        "metadata.usage": .raw(.usage),
        "serviceTier.type": .text(.tier),
        "metadata.serviceTier.type": .text(.tier),
        "trace.promptRouter.invokedModelId": .text(.model),
        "stopReason": .mark(.finished),
        "messageStop.stopReason": .mark(.finished),
        "output.message.content.text": .characters,
        "contentBlockDelta.delta.text": .characters,
        // A stream's message is what its event type names, without the name around it.
        "delta.text": .characters,
        "delta.reasoningContent.text": .characters,
        "delta.toolUse.input": .characters,
        "message": .mark(.error),
    ]
    static let paths = JSONPaths(picks)

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        reading.context.serviceTier = usage.picks.string(.tier)
        reading.isError = reading.isError && usage.picks[.usage].isEmpty
        reading.parts = [UsagePart(usage: tokens(&usage))]
    }

    static func tokens(_ usage: inout UsageReport) -> Usage {
        var short: Int64 = 0
        var long: Int64 = 0
        for detail in usage.value("cacheDetails")?.elements ?? [] {
            let tokens = detail["inputTokens"].flatMap { usage.count(of: $0) } ?? 0
            if detail["ttl"]?.string == "1h" { long &+= tokens } else { short &+= tokens }
        }
        let written =
            usage.count(any: [["cacheWriteInputTokens"], ["cacheWriteInputTokenCount"]]) ?? (short &+ long)
        if written < short &+ long { usage.flag("inconsistent") }
        return [
            .input: usage.count(any: [["inputTokens"], ["inputTokenCount"]]) ?? 0,
            .cacheRead: usage.count(any: [["cacheReadInputTokens"], ["cacheReadInputTokenCount"]]) ?? 0,
            .cacheWrite5m: short &+ max(0, written &- short &- long),
            .cacheWrite1h: long,
            .output: usage.count(any: [["outputTokens"], ["outputTokenCount"]]) ?? 0,
        ]
    }
}

/// Bedrock's InvokeModel: the native body of the model's maker, or the metrics Bedrock adds to it.
enum BedrockInvoke: AnswerFlavour {
    static let picks: [String: Pick] = AnthropicMessages.picks.merging([
        "prompt_token_count": .text(.itemType),
        "generation_token_count": .text(.itemAction),
        "generation": .characters,
        "stop_reason": .mark(.finished),
    ]) { _, new in new }
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        AnthropicMessages.endDocument(&picks)
    }

    static func isComplete(_ picks: Picks) -> Bool {
        picks.marks.contains(.done) || picks.marks.contains(.finished)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        if usage.value("inputTokens") != nil || usage.value("inputTokenCount") != nil {
            reading.parts = [UsagePart(usage: BedrockConverse.tokens(&usage))]
        } else if let prompt = usage.picks.string(.itemType) {
            let answer = usage.picks.string(.itemAction) ?? "0"
            reading.parts = [UsagePart(usage: [.input: number(prompt, &usage), .output: number(answer, &usage)])]
        } else {
            AnthropicMessages.read(&usage, into: &reading)
        }
    }

    private static func number(_ text: String, _ usage: inout UsageReport) -> Int64 {
        (try? JSONDocument(Array(text.utf8))).flatMap { usage.count(of: $0.root) } ?? 0
    }
}
