import OutlayCore

/// Image generation and edits: totals split by modality.
///
/// The answer names no model.
enum OpenAIImages: AnswerFlavour {
    static let picks: [String: Pick] = [
        "type": .text(.type), "model": .text(.model), "usage": .raw(.usage), "error": .mark(.error),
        "data.svg_usage": .raw(.tools), "svg_usage": .raw(.tools),
    ]
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        if picks.string(.type)?.hasSuffix(".completed") == true { picks.marks.insert(.done) }
        picks.clear(.type)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        reading.parts = [UsagePart(usage: tokens(&usage))]
        guard let drawing = try? JSONDocument(usage.picks[.tools]) else { return }
        var report = UsageReport(drawing.root, of: usage)
        let tokens: Usage = [
            .input: report.count("input_tokens") ?? report.count("input") ?? 0,
            .output: report.count("output_tokens") ?? report.count("output") ?? 0,
        ]
        usage.absorb(report)
        guard !tokens.isEmpty else { return }
        reading.parts.append(UsagePart(model: report.string("model"), label: "svg", usage: tokens))
    }

    /// Tokens of one image usage object; output that is not said to be text is image.
    static func tokens(_ usage: inout UsageReport) -> Usage {
        var prompt = InclusivePrompt()
        prompt.total = usage.count("input_tokens") ?? 0
        prompt.modalities.image = usage.count("input_tokens_details", "image_tokens") ?? 0
        prompt.cached =
            usage.count(any: [["input_tokens_details", "cached_tokens"], ["cached_tokens"]]) ?? 0
        if usage.value("cached_tokens_details") != nil {
            prompt.cachedModalities = Modalities(image: usage.count("cached_tokens_details", "image_tokens") ?? 0)
        }
        var output = InclusiveOutput(total: usage.count("output_tokens") ?? 0)
        let text = usage.count("output_tokens_details", "text_tokens")
        let image = usage.count("output_tokens_details", "image_tokens")
        output.modalities.image = image ?? max(0, output.total &- (text ?? 0))
        return prompt.counts(flagging: &usage) + output.counts(flagging: &usage)
    }
}

/// Transcriptions and translations: tokens, or a duration.
enum OpenAITranscription: AnswerFlavour {
    static let picks: [String: Pick] = [
        "type": .text(.type), "model": .text(.model), "usage": .raw(.usage), "error": .mark(.error),
        "duration": .text(.duration), "text": .characters, "delta": .characters, "x_groq.id": .text(.id),
    ]
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        if picks.isText(.type, "transcript.text.done") {
            picks.marks.insert(.done)
            picks.dropCharacters()
        }
        picks.clear(.type)
        picks.keepCharacters()
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        if usage.string("type") == "duration" || usage.picks[.usage].isEmpty {
            let reported = usage.thousandths("seconds")
            let milliseconds = reported ?? usage.picks.string(.duration).flatMap { usage.thousandths(of: $0) }
            reading.parts = [UsagePart(usage: [.audioSeconds: milliseconds ?? 0])]
            return
        }
        var prompt = InclusivePrompt()
        prompt.total = usage.count(any: [["input_tokens"], ["prompt_tokens"]]) ?? 0
        prompt.modalities.audio =
            usage.count(any: [["input_token_details", "audio_tokens"], ["input_tokens_details", "audio_tokens"]]) ?? 0
        let output = usage.count(any: [["output_tokens"], ["completion_tokens"]]) ?? 0
        var tokens = prompt.counts(flagging: &usage)
        tokens[.output] = output
        tokens[.audioSeconds] = usage.thousandths("prompt_audio_seconds") ?? 0
        reading.parts = [UsagePart(usage: tokens)]
    }
}

/// Speech: the answer is sound; what it cost is in the request's characters, or in the usage of an event stream.
enum OpenAISpeech: AnswerFlavour {
    static let picks: [String: Pick] = [
        "type": .text(.type), "usage": .raw(.usage), "error": .mark(.error),
    ]
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        if picks.isText(.type, "speech.audio.done") { picks.marks.insert(.done) }
        picks.clear(.type)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        let input = usage.count("input_tokens")
        let output = usage.count("output_tokens")
        if input != nil || output != nil {
            reading.parts = [UsagePart(usage: [.input: input ?? 0, .outputAudio: output ?? 0])]
        } else if let characters = usage.asked.inputCharacters, !usage.picks.marks.contains(.error) {
            reading.parts = [UsagePart(usage: [.inputCharacters: Int64(characters)])]
            reading.hasUsage = true
        }
    }
}

/// One `response.done` of the Realtime API: cached tokens split by modality.
enum OpenAIRealtime: AnswerFlavour {
    static let picks: [String: Pick] = [
        "type": .text(.type), "error": .mark(.error), "usage": .raw(.fallback),
        "response.id": .text(.id), "response.model": .text(.model), "response.usage": .raw(.usage),
        "response.status": .text(.status),
    ]
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        if picks.isText(.type, "response.done") { picks.marks.insert(.done) }
        picks.clear(.type)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        var prompt = InclusivePrompt()
        prompt.total = usage.count("input_tokens") ?? 0
        prompt.cached = usage.count("input_token_details", "cached_tokens") ?? 0
        prompt.modalities.audio = usage.count("input_token_details", "audio_tokens") ?? 0
        prompt.modalities.image = usage.count("input_token_details", "image_tokens") ?? 0
        if usage.value("input_token_details", "cached_tokens_details") != nil {
            prompt.cachedModalities = Modalities(
                audio: usage.count("input_token_details", "cached_tokens_details", "audio_tokens") ?? 0,
                image: usage.count("input_token_details", "cached_tokens_details", "image_tokens") ?? 0
            )
        }
        var output = InclusiveOutput(total: usage.count("output_tokens") ?? 0)
        output.modalities.audio = usage.count("output_token_details", "audio_tokens") ?? 0
        let tokens = prompt.counts(flagging: &usage) + output.counts(flagging: &usage)
        reading.parts = [UsagePart(usage: tokens)]
    }
}

/// Calls that providers do not bill: there is nothing to read but an error.
enum FreeAnswer: AnswerFlavour {
    static let picks: [String: Pick] = ["id": .text(.id), "model": .text(.model), "error": .mark(.error)]
    static let paths = JSONPaths(picks)

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {}
}
