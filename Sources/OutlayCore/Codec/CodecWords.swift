/// Texts that nearly every event holds, written as one or two bytes.
///
/// Part of the format: words may be added at the end for a new version, never moved or removed.
enum CodecWords {
    static let all: [String] = [
        "gateway", "api", "openai", "anthropic", "google", "azure", "aws", "mistral", "deepseek", "xai", "groq",
        "together", "openrouter", "cohere", "perplexity", "gemini", "chat.completions", "responses", "embeddings",
        "messages", "generateContent", "models", "default",
        "team", "project", "workspace", "environment", "customer", "client", "tenant", "feature", "agent", "user",
        "cost_center", "purpose", "run", "task", "role", "provider", "model", "key", "upstream", "region",
        "input", "input_audio", "input_image", "input_video", "cache_read", "cache_read_audio", "cache_read_image",
        "cache_read_video", "cache_write_5m", "cache_write_30m", "cache_write_1h", "cache_write_12h", "output",
        "output_audio", "output_image", "output_reasoning", "output_citation", "web_search", "file_search",
        "search_units", "input_characters", "audio_seconds",
        "header", "baggage", "metadata", "trace", "rule", "telemetry", "event",
        "exact", "estimated", "unmetered", "indeterminate", "unbilled", "rated", "partial", "unpriced",
        "completed", "provider_error", "unreachable", "truncated", "client_gone", "cut", "crashed",
        "production", "staging", "development", "standard", "auto", "flex", "priority", "batch", "us", "eu", "global",
    ]

    private static let marks = all.map { ByteWriter.mark(of: $0) }
    private static let slotMask = 511

    /// The number of each word, in the slot its mark names or the next free one.
    private static let slots: [Int] = {
        var slots = [Int](repeating: -1, count: slotMask + 1)
        for (number, mark) in marks.enumerated() {
            var slot = Int(truncatingIfNeeded: mark) & slotMask
            while slots[slot] >= 0 { slot = (slot + 1) & slotMask }
            slots[slot] = number
        }
        return slots
    }()

    /// The number of the word with these bytes; `mark` is theirs.
    static func number(of text: String, mark: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: mark) & slotMask
        while slots[slot] >= 0 {
            let number = slots[slot]
            if marks[number] == mark, all[number] == text { return number }
            slot = (slot + 1) & slotMask
        }
        return nil
    }
}
