/// A pattern of model names, hosts and context values: `*` is any run of characters, `#` one digit.
///
/// ASCII letters match in either case. `gpt-6.1-sol-####-##-##` is the dated snapshots of gpt-6.1-sol,
/// `*amazon.nova-pro*` every profile and ARN of Nova Pro. A pattern without either is a plain name.
package struct NamePattern: Hashable, Sendable {
    package let text: String
    /// Whether the pattern has a `*` or `#`.
    package let isPlain: Bool
    private let bytes: [UInt8]

    private static let star = UInt8(ascii: "*")
    private static let hash = UInt8(ascii: "#")

    package init(_ text: String) {
        self.text = text
        bytes = text.utf8.map(Self.lowered)
        isPlain = !bytes.contains(Self.star) && !bytes.contains(Self.hash)
    }

    /// How many characters the pattern names itself: of two patterns that match, the one with more wins.
    package var specificity: Int {
        bytes.count { $0 != Self.star }
    }

    package func matches(_ name: String) -> Bool {
        if isPlain { return name == text || (name.utf8.count == bytes.count && matches(lowered: Self.lowered(name))) }
        return matches(lowered: Self.lowered(name))
    }

    /// Whether the pattern matches a name whose ASCII letters are already lower-case.
    ///
    /// Greedy with one point of return, so the time is at most the product of both lengths.
    func matches(lowered name: [UInt8]) -> Bool {
        var (place, index) = (0, 0)
        var (retryPlace, retryIndex) = (-1, 0)
        while index < name.count {
            if place < bytes.count, bytes[place] == Self.star {
                (retryPlace, retryIndex) = (place, index)
                place += 1
            } else if place < bytes.count, Self.fits(bytes[place], name[index]) {
                place += 1
                index += 1
            } else if retryPlace >= 0 {
                retryIndex += 1
                place = retryPlace + 1
                index = retryIndex
            } else {
                return false
            }
        }
        while place < bytes.count, bytes[place] == Self.star { place += 1 }
        return place == bytes.count
    }

    static func lowered(_ name: String) -> [UInt8] {
        name.utf8.map(lowered)
    }

    private static func fits(_ pattern: UInt8, _ byte: UInt8) -> Bool {
        pattern == byte || (pattern == hash && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte))
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
