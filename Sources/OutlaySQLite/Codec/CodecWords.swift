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

    /// The number of each word, by the word's length: comparing a few short texts is cheaper than hashing one.
    private static let byLength: [[(word: String, number: Int)]] = {
        let lengthMax = all.map(\.utf8.count).max() ?? 0
        return (0...lengthMax).map { length in
            all.enumerated().filter { $0.element.utf8.count == length }.map { ($0.element, $0.offset) }
        }
    }()

    static func number(of text: String, length: Int) -> Int? {
        guard byLength.indices.contains(length) else { return nil }
        return byLength[length].first { $0.word == text }?.number
    }
}
