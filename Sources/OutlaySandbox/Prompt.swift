/// What is looked at in a prompt: how long it is, what it hashes to, and lines that direct the sandbox.
struct Prompt {
    /// Unicode scalars of text.
    private(set) var characters = 0
    /// FNV-1a over the text.
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var directions: [(name: String, value: String)] = []

    private static let fields = [
        "messages", "input", "instructions", "system", "prompt", "contents", "content", "systemInstruction",
        "system_instruction", "requests", "tools",
    ]
    private static let skipped: Set<String> = ["role", "type", "id", "data", "image_url", "cache_control", "mimeType"]

    init(_ body: JSON) {
        for field in Self.fields {
            if let value = body[field] { take(value) }
        }
        for member in body["metadata"]?.members ?? [] {
            if let text = member.value.text { direct("\(member.name): \(text)") }
        }
    }

    private mutating func take(_ value: JSON) {
        switch value {
        case .string(let text): take(text)
        case .array(let elements): elements.forEach { take($0) }
        case .object(let members):
            for member in members where !Self.skipped.contains(member.name) { take(member.value) }
        default: break
        }
    }

    private mutating func take(_ text: String) {
        characters += text.unicodeScalars.count
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        direct(text)
    }

    private mutating func direct(_ text: String) {
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: Directions.prefix.utf8) {
            let pair = Substring(line).split(separator: ":", maxSplits: 1).map { $0.trimmingSpaces() }
            if pair.count == 2 { directions.append((pair[0], pair[1])) }
        }
    }
}

/// Answers of exactly so many tokens: a token is a word with the space before it.
enum Wording {
    private static let words = [
        "tokens", "ledger", "team", "invoice", "meter", "quota", "model", "prompt", "spend", "margin", "credit",
        "agent", "trace", "bucket", "report", "limit", "share", "ratio", "cache", "batch",
    ]

    /// The most tokens that are written out; longer answers repeat nothing and simply end there.
    static let writtenMax = 200_000

    /// Tokens `range` of the answer to a prompt with this hash.
    static func text(_ hash: UInt64, _ range: Range<Int>) -> String {
        var text = ""
        for index in range.clamped(to: 0..<writtenMax) {
            let mixed = (hash &+ UInt64(truncatingIfNeeded: index)) &* 0x9E37_79B9_7F4A_7C15
            if index > 0 { text += " " }
            text += words[Int(mixed >> 33) % words.count]
        }
        return text
    }
}
