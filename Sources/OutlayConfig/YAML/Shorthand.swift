/// YAML's shorthands that a configuration must not use, by the character that begins them.
///
/// Each has a character of the private use area to hide behind: U+E000 to U+E002, `EE 80 80` and on in UTF-8.
enum Shorthand: CaseIterable {
    case alias
    case anchor
    case tag

    /// The shorthand that `text`, hidden before parsing, begins with.
    init?(beginning text: String) {
        guard let match = Self.allCases.first(where: { text.utf8.starts(with: $0.hiddenBytes) }) else { return nil }
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
        guard text.utf8.contains(where: { Self($0) != nil }) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            guard let shorthand = Self(byte) else { bytes.append(byte); continue }
            bytes.append(contentsOf: shorthand.hiddenBytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Undoes ``hidden(_:)``.
    static func shown(_ text: String) -> String {
        guard text.utf8.contains(leadByte) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let following = rest.prefix(2)
            if byte == leadByte,
                let shorthand = allCases.first(where: { following.elementsEqual($0.hiddenBytes[1...]) })
            {
                bytes.append(shorthand.byte)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether `text` has characters that shorthands hide behind.
    static func isHeld(by text: String) -> Bool {
        text.utf8.contains(leadByte) && text.unicodeScalars.contains { (0xe000...0xe002).contains($0.value) }
    }

    /// What to say of a syntax error in lines that seem to hold a shorthand.
    static func hint(near lines: [[UInt8]]) -> String? {
        for line in lines.reversed() {
            let words = line.split { " \t[{,".utf8.contains($0) }
            let found = allCases.first { shorthand in
                words.contains { $0.first == shorthand.byte && $0.count > 1 }
            }
            if let found { return found.refusal }
        }
        return nil
    }

    private init?(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "*"): self = .alias
        case UInt8(ascii: "&"): self = .anchor
        case UInt8(ascii: "!"): self = .tag
        default: return nil
        }
    }

    private var byte: UInt8 {
        switch self {
        case .alias: UInt8(ascii: "*")
        case .anchor: UInt8(ascii: "&")
        case .tag: UInt8(ascii: "!")
        }
    }

    private var hiddenBytes: [UInt8] {
        switch self {
        case .alias: Self.hiddenAlias
        case .anchor: Self.hiddenAnchor
        case .tag: Self.hiddenTag
        }
    }

    private static let hiddenAlias: [UInt8] = [0xee, 0x80, 0x80]
    private static let hiddenAnchor: [UInt8] = [0xee, 0x80, 0x81]
    private static let hiddenTag: [UInt8] = [0xee, 0x80, 0x82]
    private static let leadByte: UInt8 = 0xee
}
