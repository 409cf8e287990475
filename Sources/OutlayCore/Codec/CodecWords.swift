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

    /// A word in the table that is asked by marks.
    private struct Slot {
        var mark: UInt64 = 0
        /// The place in ``all``; -1 in a free slot.
        var number = -1
        var text = ""
    }

    private static let slotMask = 511

    /// No word is longer.
    private static let lengthMax = all.map(\.utf8.count).max() ?? 0

    /// Each word in the slot its mark names or the next free one.
    private static let slots: [Slot] = {
        var slots = [Slot](repeating: Slot(), count: slotMask + 1)
        for (number, text) in all.enumerated() {
            let mark = ByteWriter.mark(of: text.utf8.span)
            var slot = Int(truncatingIfNeeded: mark) & slotMask
            while slots[slot].number >= 0 { slot = (slot + 1) & slotMask }
            slots[slot] = Slot(mark: mark, number: number, text: text)
        }
        return slots
    }()

    /// The number of the word with these bytes; `mark` is theirs.
    static func number(of text: Span<UInt8>, mark: UInt64) -> Int? {
        guard text.count <= lengthMax else { return nil }
        let slots = slots.span
        var slot = Int(truncatingIfNeeded: mark) & slotMask
        while slots[slot].number >= 0 {
            if slots[slot].mark == mark, isEqual(slots[slot].text.utf8.span, text) { return slots[slot].number }
            slot = (slot + 1) & slotMask
        }
        return nil
    }

    private static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
