/// YAML's shorthands that a configuration must not use, by the character that begins them.
enum Shorthand: CaseIterable {
    case alias
    case anchor
    case tag

    /// The shorthand that `text`, hidden before parsing, begins with.
    init?(beginning text: String) {
        guard let first = text.unicodeScalars.first,
            let match = Self.allCases.first(where: { $0.hiddenCharacter == first })
        else { return nil }
        self = match
    }

    var refusal: String {
        switch self {
        case .alias: "aliases ('*name') are not supported; write the value out, or quote it if it is text"
        case .anchor: "anchors ('&name') are not supported; write the value out, or quote it if it is text"
        case .tag: "tags ('!name') are not supported; leave it out, or quote it if it is text"
        }
    }

    /// `text` with the characters that begin shorthands swapped for private-use ones.
    static func hidden(_ text: String) -> String {
        guard text.utf8.contains(where: isMark) else { return text }
        return swapped(text) { scalar in allCases.first { $0.character == scalar }?.hiddenCharacter }
    }

    /// Undoes ``hidden(_:)``.
    static func shown(_ text: String) -> String {
        guard mayHoldReserved(text) else { return text }
        return swapped(text) { scalar in allCases.first { $0.hiddenCharacter == scalar }?.character }
    }

    /// A quick look for the first byte of the characters of U+E000 and above; it may be wrong, never when it says no.
    static func mayHoldReserved(_ text: String) -> Bool {
        text.utf8.contains(0xee)
    }

    static func isReserved(_ scalar: Unicode.Scalar) -> Bool {
        (0xe000...0xe002).contains(scalar.value)
    }

    /// What to say of a syntax error in lines that seem to hold a shorthand.
    static func hint(near lines: some Collection<Substring>) -> String? {
        for line in lines.reversed() {
            let words = line.split { " \t[{,".contains($0) }
            let found = allCases.first { shorthand in
                words.contains { $0.unicodeScalars.first == shorthand.character && $0.unicodeScalars.count > 1 }
            }
            if let found { return found.refusal }
        }
        return nil
    }

    private var character: Unicode.Scalar {
        switch self {
        case .alias: "*"
        case .anchor: "&"
        case .tag: "!"
        }
    }

    private var hiddenCharacter: Unicode.Scalar {
        switch self {
        case .alias: "\u{e000}"
        case .anchor: "\u{e001}"
        case .tag: "\u{e002}"
        }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "*") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "!")
    }

    private static func swapped(_ text: String, _ other: (Unicode.Scalar) -> Unicode.Scalar?) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(other(scalar) ?? scalar) }
        return String(result)
    }
}
