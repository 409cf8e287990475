import OutlayCore

/// The Messages API: `input_tokens` excludes what was read from and written to caches.
///
/// A stream starts with usage in `message_start` and updates it in `message_delta`, cumulatively: an update
/// replaces, `null` and absent fields keep what was said before, nothing is ever added.
enum AnthropicMessages: AnswerFlavour {
    static let picks: [String: Pick] = [
        "type": .text(.type),
        "id": .text(.id),
        "model": .text(.model),
        "usage": .raw(.usage),
        "message.id": .text(.id),
        "message.model": .text(.model),
        "message.usage": .raw(.start),
        "error": .mark(.error),
        "amazon-bedrock-invocationMetrics": .raw(.fallback),
        "content.text": .characters,
        "content.thinking": .characters,
        "content.input": .characters,
        "delta.stop_reason": .mark(.finished),
        "delta.text": .characters,
        "delta.thinking": .characters,
        "delta.partial_json": .characters,
    ]
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        switch picks.string(.type) {
        case "message_delta": picks.moveUsageToDeltas()
        case "message_stop": picks.marks.insert(.done)
        case "message": picks.marks.insert(.done)
        case "error": picks.marks.insert(.error)
        default: break
        }
        picks.clear(.type)
        picks.keepCharacters()
    }

    static func isComplete(_ picks: Picks) -> Bool {
        picks.marks.contains(.done)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        readContext(usage, into: &reading.context)
        let fees = fees(&usage)
        let iterations = usage.value("iterations")?.elements ?? []
        guard !iterations.isEmpty else {
            reading.parts = [UsagePart(usage: tokens(&usage) + fees)]
            return
        }
        reading.parts = iterations.map { part(of: $0, &usage) }
        addMain(&usage, to: &reading)
        let main = reading.parts.firstIndex { $0.label == nil } ?? 0
        reading.parts[main].usage = reading.parts[main].usage + fees
        reading.parts.removeAll { $0.usage.isEmpty }
    }

    private static func readContext(_ usage: UsageReport, into context: inout RatingContext) {
        switch usage.string("service_tier") {
        case "batch": context.processing = "batch"
        case let tier: context.serviceTier = tier
        }
        context.speed = usage.string("speed")
        context.inferenceGeo = usage.string("inference_geo")
    }

    /// Tokens of one usage object or iteration, which are disjoint as they come.
    static func tokens(_ usage: inout UsageReport) -> Usage {
        var tokens: Usage = [
            .input: usage.count("input_tokens") ?? 0, .cacheRead: usage.count("cache_read_input_tokens") ?? 0,
            .output: usage.count("output_tokens") ?? 0,
        ]
        let short = usage.count("cache_creation", "ephemeral_5m_input_tokens") ?? 0
        let long = usage.count("cache_creation", "ephemeral_1h_input_tokens") ?? 0
        let written = usage.count("cache_creation_input_tokens") ?? (short &+ long)
        if written < short &+ long { usage.flag("inconsistent") }
        // The split is said once, at the start of a stream; what was written later has the same lifetime.
        let rest = max(0, written &- short &- long)
        let isLong = long > 0 && short == 0
        tokens[.cacheWrite5m] = short &+ (isLong ? 0 : rest)
        tokens[.cacheWrite1h] = long &+ (isLong ? rest : 0)
        return tokens
    }

    private static func fees(_ usage: inout UsageReport) -> Usage {
        [.webSearch: usage.count("server_tool_use", "web_search_requests") ?? 0]
    }

    /// One iteration: what it is and, where another model did it, which.
    private static func part(of iteration: JSONView, _ usage: inout UsageReport) -> UsagePart {
        var report = UsageReport(iteration, of: usage)
        let tokens = tokens(&report)
        usage.absorb(report)
        let type = report.string("type") ?? "message"
        let label = type.hasSuffix("_message") ? String(type.dropLast("_message".count)) : type
        return UsagePart(
            model: report.string("model"),
            label: label == "message" ? nil : label,
            usage: tokens
        )
    }

    /// Adds the top level where no iteration stands for it: compaction is never part of it.
    private static func addMain(_ usage: inout UsageReport, to reading: inout AnswerReading) {
        let main = tokens(&usage)
        let isCovered = reading.parts.contains { $0.label == nil || $0.usage == main }
        if !isCovered, !main.isEmpty { reading.parts.insert(UsagePart(usage: main), at: 0) }
    }
}
