/// Writes values into a compact, self-contained run of bytes.
///
/// Integers are LEB128, signed ones zigzag. A text seen before in the same run, or one of ``CodecWords``, is
/// written as its number, so an event that repeats its model and units stays small.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []
    private var words: [String] = []
    /// The length of each word: most comparisons end here.
    private var wordLengths: [Int] = []

    /// Longer texts are written in full each time.
    static let wordBytesMax = 64

    init(reservingCapacity capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    mutating func flag(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    mutating func count(_ value: Int) {
        unsigned(UInt64(UInt(bitPattern: value)))
    }

    mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func signed(_ value: Int64) {
        unsigned(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    mutating func signed(_ value: Int128) {
        var rest = UInt128(bitPattern: (value << 1) ^ (value >> 127))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func fixed(_ value: UInt128) {
        for shift in stride(from: UInt128(120), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// `nil` is 0, a known word an odd number, anything else an even number (its length) and its bytes.
    mutating func text(_ value: String?) {
        guard let value else { return bytes.append(0) }
        if let number = number(of: value) { return unsigned(UInt64(number) << 1 | 1) }
        let length = value.utf8.count
        unsigned((UInt64(length) + 1) << 1)
        bytes.append(contentsOf: value.utf8)
        guard length <= Self.wordBytesMax else { return }
        words.append(value)
        wordLengths.append(length)
    }

    mutating func optional(_ value: Int64?) {
        flag(value != nil)
        if let value { signed(value) }
    }

    private func number(of value: String) -> Int? {
        let length = value.utf8.count
        guard length <= Self.wordBytesMax else { return nil }
        if let known = CodecWords.number(of: value, length: length) { return known }
        for index in words.indices where wordLengths[index] == length {
            let word = words[index]
            if word == value, word.utf8.elementsEqual(value.utf8) { return CodecWords.all.count + index }
        }
        return nil
    }
}
