import OutlayCore

/// The Responses API: totals with subsets, writes split by lifetime, tools beside the usage object.
///
/// Streams carry the usage in `response.completed`, `response.incomplete` or `response.failed`, inside a frame
/// that repeats the whole answer; only what matters of it is kept.
enum OpenAIResponses: AnswerFlavour {
    static let picks: [String: Pick] = {
        var picks: [String: Pick] = [
            "type": .text(.type),
            "error": .mark(.error),
            "delta": .characters,
            "item.type": .text(.itemType),
            "item.action.type": .text(.itemAction),
            "item.container_id": .text(.itemContainer),
        ]
        for place in ["", "response."] {
            picks["\(place)id"] = .text(.id)
            picks["\(place)model"] = .text(.model)
            picks["\(place)status"] = .text(.status)
            picks["\(place)service_tier"] = .text(.tier)
            picks["\(place)usage"] = .raw(.usage)
            picks["\(place)tool_usage"] = .raw(.tools)
            picks["\(place)error"] = .mark(.error)
            picks["\(place)output"] = .item
            picks["\(place)output.type"] = .text(.itemType)
            picks["\(place)output.action.type"] = .text(.itemAction)
            picks["\(place)output.container_id"] = .text(.itemContainer)
            picks["\(place)output.environment.container_id"] = .text(.itemContainer)
            picks["\(place)tools"] = .tool
            picks["\(place)tools.type"] = .text(.toolType)
            picks["\(place)tools.model"] = .text(.toolModel)
        }
        picks["output.content.text"] = .characters
        picks["output.arguments"] = .characters
        picks["output.summary.text"] = .characters
        return picks
    }()
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        switch picks.string(.type) {
        case "response.completed", "response.incomplete", "response.failed": picks.marks.insert(.done)
        case "response.output_item.done": picks.closeItem(isStreamed: true)
        case let type? where type.contains("audio") || type.contains("image"): picks.dropCharacters()
        case "error": picks.marks.formUnion([.error, .done])
        default: break
        }
        [TextSlot.type, .itemType, .itemAction, .itemContainer].forEach { picks.clear($0) }
        picks.keepCharacters()
    }

    static func isComplete(_ picks: Picks) -> Bool {
        picks.marks.contains(.done)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        reading.context.serviceTier = usage.picks.string(.tier)
        if ["queued", "in_progress"].contains(usage.picks.string(.status)), usage.picks[.usage].isEmpty {
            usage.flag("pending")
        }
        let prompt = prompt(of: &usage).counts(flagging: &usage)
        let output = InclusiveOutput(total: usage.count("output_tokens") ?? 0).counts(flagging: &usage)
        let main = prompt + output + ToolUsage.fees(&usage)
        reading.parts = [UsagePart(usage: main)] + ToolUsage.images(&usage)
        reading.reportedCost = OpenAITokens.cost(usage)
    }

    static func prompt(of usage: inout UsageReport) -> InclusivePrompt {
        var prompt = InclusivePrompt()
        prompt.total = usage.count("input_tokens") ?? 0
        prompt.cached = usage.count("input_tokens_details", "cached_tokens") ?? 0
        let written = usage.count("input_tokens_details", "cache_write_tokens")
        let long = usage.count("input_tokens_details", "cache_write_tokens_details", "ttl_12h_tokens")
        let short = usage.count("input_tokens_details", "cache_write_tokens_details", "ttl_30m_tokens")
        let split = (long ?? 0) &+ (short ?? 0)
        // What the split leaves over has the lifetime that was asked for.
        let rest = max(0, (written ?? split) &- split)
        prompt.writes = [
            UnitCount(.cacheWrite12h, long ?? 0), UnitCount(.cacheWrite30m, short ?? 0),
            UnitCount(OpenAITokens.writeUnit(usage.asked.cacheTTL), rest),
        ]
        return prompt
    }
}

/// What tools of the Responses API consumed beside the answer's tokens.
enum ToolUsage {
    /// The image tool's model where the answer does not repeat its declaration: the API's default.
    static let defaultImageModel = "gpt-image-1"

    /// Searches and containers, billed per use.
    ///
    /// `tool_usage` counts the searches that are billed; without it the `search` actions are.
    static func fees(_ usage: inout UsageReport) -> Usage {
        let reported = document(usage.picks)?.root["web_search"]?["num_requests"].flatMap { usage.count(of: $0) }
        let searches = reported ?? max(usage.picks[.webSearch], usage.picks[.streamedWebSearch])
        let isPreview = usage.picks.marks.contains(.previewSearch)
        return [
            isPreview ? .webSearchPreview : .webSearch: searches,
            .fileSearch: max(usage.picks[.fileSearch], usage.picks[.streamedFileSearch]),
            .container: Int64(usage.picks.containers.count),
        ]
    }

    /// Tokens of the image tool, priced at the image model.
    static func images(_ usage: inout UsageReport) -> [UsagePart] {
        guard let view = document(usage.picks)?.root["image_gen"] else { return [] }
        var report = UsageReport(view, of: usage)
        let tokens = OpenAIImages.tokens(&report)
        usage.absorb(report)
        guard !tokens.isEmpty else { return [] }
        let model = usage.picks.string(.imageModel) ?? defaultImageModel
        return [UsagePart(model: model, label: "image_gen", usage: tokens)]
    }

    private static func document(_ picks: Picks) -> JSONDocument? {
        try? JSONDocument(picks[.tools])
    }
}
