import OutlayCore

/// Perplexity's chat: reasoning, citations and searches beside the OpenAI counts, each with a price of its own.
enum PerplexityChat: AnswerFlavour {
    static let picks = OpenAIChat.picks
    static let paths = JSONPaths(picks)

    static func endDocument(_ picks: inout Picks) {
        OpenAIChat.endDocument(&picks)
    }

    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading) {
        let reasoning = usage.count(any: [["reasoning_tokens"], ["completion_tokens_details", "reasoning_tokens"]])
        let tokens: Usage = [
            .input: usage.count("prompt_tokens") ?? 0,
            .output: usage.count("completion_tokens") ?? 0,
            .outputReasoning: reasoning ?? 0,
            .outputCitation: usage.count("citation_tokens") ?? 0,
            .webSearch: usage.count("num_search_queries") ?? 0,
        ]
        reading.parts = [UsagePart(usage: tokens)]
        reading.reportedCost = OpenAITokens.cost(usage)
    }
}
