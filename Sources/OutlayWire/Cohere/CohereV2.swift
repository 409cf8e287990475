import OutlayCore

/// Cohere's chat, embed, rerank and classify: what is billed is in `billed_units`, not in `tokens`.
enum CohereV2: AnswerFlavour {
    static let picks: [String: Pick] = [
        "id": .text(.id),
        "generation_id": .text(.id),
        "response_id": .text(.id),
        "model": .text(.model),
        "type": .text(.type),
        "event_type": .text(.eventName),
        "usage": .raw(.usage),
        "delta.usage": .raw(.usage),
        "meta": .raw(.fallback),
        "response.meta": .raw(.fallback),
        "finish_reason": .mark(.finished),
        "delta.finish_reason": .mark(.finished),
        "message.content.text": .characters,
        "delta.message.content.text": .characters,
        "delta.message.content.thinking": .characters,
        "delta.message.tool_plan": .characters,
        "delta.message.tool_calls.function.arguments": .characters,
        "text": .characters,
    ]
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        if picks.isText(.type, "message-end") || picks.isText(.eventName, "stream-end") { picks.marks.insert(.done) }
        picks.clear(.type)
        picks.keepCharacters()
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        let hasBilled = usage.value("billed_units") != nil
        func count(_ name: String) -> Int64 {
            usage.count(any: [["billed_units", name]] + (hasBilled ? [] : [["tokens", name]])) ?? 0
        }
        reading.parts = [
            UsagePart(usage: [
                .input: count("input_tokens"), .output: count("output_tokens"), .searchUnits: count("search_units"),
                .classifications: count("classifications"), .inputImage: count("image_tokens"),
            ])
        ]
    }
}
