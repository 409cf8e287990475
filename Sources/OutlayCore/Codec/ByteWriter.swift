/// Writes values into a compact, self-contained run of bytes.
///
/// Integers are LEB128, signed ones zigzag. A text seen before in the same run, or one of ``CodecWords``, is
/// written as its number, so an event that repeats its model and units stays small.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []
    private var words: [String] = []
    /// The mark of each word: nearly every comparison ends here.
    private var marks: [UInt64] = []

    /// Longer texts are written in full each time.
    static let wordBytesMax = 64

    package init(reservingCapacity capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    package mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    package mutating func flag(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    package mutating func count(_ value: Int) {
        unsigned(UInt64(UInt(bitPattern: value)))
    }

    package mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func signed(_ value: Int64) {
        unsigned(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    package mutating func signed(_ value: Int128) {
        if let narrow = Int64(exactly: value) { return signed(narrow) }
        var rest = UInt128(bitPattern: (value << 1) ^ (value >> 127))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func fixed(_ value: UInt128) {
        for shift in stride(from: UInt128(120), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// `nil` is 0, a known word an odd number, anything else an even number (its length) and its bytes.
    package mutating func text(_ value: String?) {
        guard let value else { return bytes.append(0) }
        let length = value.utf8.count
        guard length <= Self.wordBytesMax else { return write(value, length) }
        let mark = Self.mark(of: value)
        if let number = number(of: value, mark: mark) { return unsigned(UInt64(number) << 1 | 1) }
        write(value, length)
        words.append(value)
        marks.append(mark)
    }

    package mutating func optional(_ value: Int64?) {
        flag(value != nil)
        if let value { signed(value) }
    }

    private mutating func write(_ value: String, _ length: Int) {
        unsigned((UInt64(length) + 1) << 1)
        bytes.append(contentsOf: value.utf8)
    }

    private func number(of value: String, mark: UInt64) -> Int? {
        if let known = CodecWords.number(of: value, mark: mark) { return known }
        for index in marks.indices where marks[index] == mark && words[index] == value {
            return CodecWords.all.count + index
        }
        return nil
    }

    /// A number that texts of other bytes all but never share (FNV-1a), also when Unicode calls them equal.
    static func mark(of text: String) -> UInt64 {
        var mark: UInt64 = 0xCBF2_9CE4_8422_2325
        let bytes = text.utf8.span
        for index in bytes.indices { mark = (mark ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
        return mark
    }
}
