import OutlayCore

/// What one make-believe call consumes, in disjoint counts.
///
/// `reasoning` is part of `output`; everything else stands beside the others.
struct SandboxUsage: Hashable, Sendable {
    var input = 0
    var cacheRead = 0
    var cacheWrite = 0
    var cacheWriteLong = 0
    var output = 0
    var reasoning = 0
    var webSearch = 0
    /// Milliseconds of audio, for transcriptions billed by time.
    var audioMilliseconds = 0
    var characters = 0

    static let none = SandboxUsage()

    /// The names usable in `x-sandbox-usage`.
    static let names: KeyValuePairs<String, any WritableKeyPath<SandboxUsage, Int> & Sendable> = [
        "input": \.input, "cache_read": \.cacheRead, "cache_write": \.cacheWrite,
        "cache_write_long": \.cacheWriteLong, "output": \.output, "reasoning": \.reasoning,
        "web_search": \.webSearch, "audio_ms": \.audioMilliseconds, "characters": \.characters,
    ]

    /// All tokens of the prompt.
    var prompt: Int { input + cacheRead + cacheWrite + cacheWriteLong }

    /// The same call, ended after `generated` tokens.
    func cut(after generated: Int) -> SandboxUsage {
        var usage = self
        usage.output = min(output, generated)
        usage.reasoning = min(reasoning, usage.output)
        return usage
    }

    /// The ledger's units, as `provider` names its cache writes.
    func units(of provider: Dialect) -> Usage {
        let (short, long): (UsageUnit, UsageUnit) =
            provider == .openai ? (.cacheWrite30m, .cacheWrite12h) : (.cacheWrite5m, .cacheWrite1h)
        return [
            .input: Int64(input), .cacheRead: Int64(cacheRead), short: Int64(cacheWrite),
            long: Int64(cacheWriteLong), .output: Int64(output), .webSearch: Int64(webSearch),
            .audioSeconds: Int64(audioMilliseconds), .inputCharacters: Int64(characters),
        ]
    }
}

/// Which provider's language a request speaks.
enum Dialect: String, Hashable, Sendable, CaseIterable {
    case openai
    case anthropic
    case google
}
