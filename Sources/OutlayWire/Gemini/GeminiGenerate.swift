import OutlayCore

/// `generateContent` and `streamGenerateContent`, on the Gemini API and Vertex.
///
/// `promptTokenCount` includes cached tokens, its modality details too; thoughts are outside
/// `candidatesTokenCount`, tool-use prompts outside `promptTokenCount`. Every chunk of a stream repeats the usage
/// so far: the last one wins.
enum GeminiGenerate: AnswerFlavour {
    static let picks: [String: Pick] = [
        "modelVersion": .text(.model),
        "responseId": .text(.id),
        "usageMetadata": .raw(.usage),
        "error": .mark(.error),
        "promptFeedback.blockReason": .mark(.finished),
        "candidates.finishReason": .mark(.finished),
        "candidates.content.parts.text": .characters,
        "candidates.content.parts.functionCall": .characters,
        "candidates.content.parts.executableCode.code": .characters,
        "candidates.groundingMetadata.webSearchQueries": .tally(.query),
        "candidates.groundingMetadata.groundingChunks.web": .mark(.grounded),
        "candidates.groundingMetadata.groundingChunks.maps": .mark(.mapsGrounded),
    ]
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        // A later chunk repeats the queries of an earlier one.
        picks[.webSearch] = max(picks[.webSearch], picks[.query])
        picks[.query] = 0
        picks.keepCharacters()
    }

    static func isComplete(_ picks: Picks) -> Bool {
        picks.marks.contains(.finished)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        reading.context.serviceTier = tier(usage)
        var prompt = InclusivePrompt()
        prompt.total = usage.count("promptTokenCount") ?? 0
        prompt.cached = usage.count("cachedContentTokenCount") ?? 0
        prompt.modalities = modalities(["promptTokensDetails"], &usage)
        if usage.value("cacheTokensDetails") != nil {
            prompt.cachedModalities = modalities(["cacheTokensDetails"], &usage)
        }
        var output = InclusiveOutput()
        let candidates = usage.count(any: [["candidatesTokenCount"], ["responseTokenCount"]])
        output.total = (candidates ?? 0) &+ (usage.count("thoughtsTokenCount") ?? 0)
        output.modalities = modalities(["candidatesTokensDetails"], &usage)
        var tokens = prompt.counts(flagging: &usage) + output.counts(flagging: &usage)
        tokens[.input] &+= usage.count("toolUsePromptTokenCount") ?? 0
        let model = usage.picks.string(.model) ?? usage.asked.model ?? ""
        reading.parts = [UsagePart(usage: tokens + fees(usage.picks, model: model))]
    }

    /// Tokens by modality; documents are priced like images.
    static func modalities(_ path: [String], _ usage: inout UsageReport) -> Modalities {
        var counts = Modalities()
        for detail in usage.value(path)?.elements ?? [] {
            let tokens = (detail["tokenCount"] ?? detail["tokens"]).flatMap { usage.count(of: $0) } ?? 0
            switch detail["modality"]?.string?.uppercased() {
            case "AUDIO": counts.audio &+= tokens
            case "IMAGE", "DOCUMENT": counts.image &+= tokens
            case "VIDEO": counts.video &+= tokens
            default: break
            }
        }
        return counts
    }

    /// Google Search is billed by query from Gemini 3 on, by grounded prompt before.
    private static func fees(_ picks: Picks, model: String) -> Usage {
        let queries = max(picks[.webSearch], picks[.query])
        let isGrounded = queries > 0 || picks.marks.contains(.grounded)
        let isByPrompt = GeminiModel.isBefore3(model)
        return [
            .webSearch: isByPrompt ? (isGrounded ? 1 : 0) : queries,
            .mapsGrounding: picks.marks.contains(.mapsGrounded) ? 1 : 0,
        ]
    }

    /// The price book's name of the tier: the Gemini API and Vertex spell it differently.
    private static func tier(_ usage: UsageReport) -> String? {
        if let tier = usage.string("serviceTier") { return tier.lowercased() }
        guard let traffic = usage.string("trafficType") else { return nil }
        let onDemand = "ON_DEMAND_"
        if traffic.hasPrefix(onDemand) { return traffic.dropFirst(onDemand.count).lowercased() }
        return traffic == "ON_DEMAND" ? "standard" : traffic.lowercased()
    }
}

enum GeminiModel {
    /// Whether `model` is of the generations 1 and 2.
    static func isBefore3(_ model: String) -> Bool {
        let name = model.split(separator: "/").last ?? ""
        return name.hasPrefix("gemini-1") || name.hasPrefix("gemini-2")
    }
}

/// The Interactions API of Gemini: totals under other names.
enum GeminiInteractions: AnswerFlavour {
    static let picks: [String: Pick] = {
        var picks: [String: Pick] = [
            "error": .mark(.error), "event_type": .text(.type), "delta.text": .characters,
            "outputs.text": .characters,
        ]
        for place in ["", "interaction."] {
            picks["\(place)id"] = .text(.id)
            picks["\(place)model"] = .text(.model)
            picks["\(place)status"] = .text(.status)
            picks["\(place)usage"] = .raw(.usage)
        }
        return picks
    }()
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        if let type = picks.string(.type), type.hasSuffix(".complete") || type.hasSuffix(".completed") {
            if type.hasPrefix("interaction") { picks.marks.insert(.done) }
        }
        picks.clear(.type)
        picks.keepCharacters()
    }

    static func isComplete(_ picks: Picks) -> Bool {
        picks.marks.contains(.done) || picks.isText(.status, "completed")
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        reading.context.serviceTier = usage.string("service_tier")
        var prompt = InclusivePrompt()
        prompt.total = usage.count("total_input_tokens") ?? 0
        prompt.cached = usage.count("total_cached_tokens") ?? 0
        prompt.modalities = GeminiGenerate.modalities(["input_tokens_by_modality"], &usage)
        if usage.value("cached_tokens_by_modality") != nil {
            prompt.cachedModalities = GeminiGenerate.modalities(["cached_tokens_by_modality"], &usage)
        }
        var output = InclusiveOutput()
        let answered = usage.count("total_output_tokens") ?? 0
        output.total = answered &+ (usage.count(any: [["total_thought_tokens"], ["total_reasoning_tokens"]]) ?? 0)
        output.modalities = GeminiGenerate.modalities(["output_tokens_by_modality"], &usage)
        var tokens = prompt.counts(flagging: &usage) + output.counts(flagging: &usage)
        tokens[.input] &+= usage.count("total_tool_use_tokens") ?? 0
        tokens[.webSearch] = searches(&usage)
        reading.parts = [UsagePart(usage: tokens)]
    }

    /// `grounding_tool_count` is a number, or a list of counts by tool.
    private static func searches(_ usage: inout UsageReport) -> Int64 {
        guard let counts = usage.value("grounding_tool_count") else { return 0 }
        if counts.number != nil { return usage.count(of: counts) ?? 0 }
        return counts.elements.reduce(0) { $0 &+ ($1["count"].flatMap { usage.count(of: $0) } ?? 0) }
    }
}
