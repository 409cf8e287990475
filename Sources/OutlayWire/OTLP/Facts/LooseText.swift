import OutlayCore

/// Texts that are JSON, or what Python prints of a dictionary: only single numbers and texts are taken from them.
struct LooseText {
    private let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8.prefix(TelemetryLimits().largeValueBytes))
    }

    /// The first whole number that stands behind `key`: `'key': 12`, `"key":12` or `key=12`.
    func count(_ key: String) -> AttributeValue? {
        for end in ends(of: key) {
            let digits = bytes[end...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard !digits.isEmpty else { continue }
            return .string(String(decoding: digits, as: UTF8.self))
        }
        return nil
    }

    /// The first text in quotes that stands behind `key`.
    func text(_ key: String) -> String? {
        for end in ends(of: key) {
            guard end < bytes.count, Self.isQuote(bytes[end]) else { continue }
            let letters = bytes[(end + 1)...].prefix { $0 != bytes[end] && $0 != UInt8(ascii: "\\") }
            guard !letters.isEmpty, letters.endIndex < bytes.count else { continue }
            return String(decoding: letters, as: UTF8.self)
        }
        return nil
    }

    /// Where the values behind `key` begin.
    private func ends(of key: String) -> [Int] {
        let key = Array(key.utf8)
        var ends: [Int] = []
        var index = 0
        while index + key.count <= bytes.count {
            defer { index += 1 }
            guard bytes[index] == key[0], bytes[index..<(index + key.count)].elementsEqual(key),
                index == 0 || !Self.isLetter(bytes[index - 1]), let end = separator(at: index + key.count)
            else { continue }
            ends.append(end)
        }
        return ends
    }

    /// The place behind an optional quote, a colon or equals sign and spaces.
    private func separator(at index: Int) -> Int? {
        var index = index
        // A quote inside a text that is itself inside JSON comes with a backslash.
        while index < bytes.count, Self.isQuote(bytes[index]) || bytes[index] == UInt8(ascii: "\\") { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: "=") else {
            return nil
        }
        index += 1
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
        return index
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
