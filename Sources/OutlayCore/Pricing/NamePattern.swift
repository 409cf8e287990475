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
        if isPlain, name == text { return true }
        return matches(name.utf8.map(Self.lowered))
    }

    /// Greedy with one point of return, so the time is at most the product of both lengths.
    private func matches(_ name: [UInt8]) -> Bool {
        var (place, index) = (0, 0)
        var retry: (place: Int, index: Int)?
        while index < name.count {
            if place < bytes.count, bytes[place] == Self.star {
                retry = (place, index)
                place += 1
            } else if place < bytes.count, Self.fits(bytes[place], name[index]) {
                place += 1
                index += 1
            } else if let last = retry {
                retry = (last.place, last.index + 1)
                place = last.place + 1
                index = last.index + 1
            } else {
                return false
            }
        }
        return bytes[place...].allSatisfy { $0 == Self.star }
    }

    private static func fits(_ pattern: UInt8, _ byte: UInt8) -> Bool {
        pattern == byte || (pattern == hash && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte))
    }

    static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
