/// Writes values into a compact, self-contained run of bytes.
///
/// Integers are LEB128, signed ones zigzag. A text seen before in the same run, or one of ``CodecWords``, is
/// written as its number, so an event that repeats its model and units stays small.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []
    private var words: [Word] = []

    /// A text that was written in full: where it stands, and its mark, with which nearly every comparison ends.
    private struct Word {
        let mark: UInt64
        let start: Int
        let count: Int
    }

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
        for half in [UInt64(truncatingIfNeeded: value >> 64), UInt64(truncatingIfNeeded: value)] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: half >> shift))
            }
        }
    }

    /// `nil` is 0, a known word an odd number, anything else an even number (its length) and its bytes.
    package mutating func text(_ value: String?) {
        guard let value else { return bytes.append(0) }
        let text = value.utf8.span
        guard text.count <= Self.wordBytesMax else { return write(text) }
        let mark = Self.mark(of: text)
        if let number = number(of: text, mark: mark) { return unsigned(UInt64(number) << 1 | 1) }
        write(text)
        if words.isEmpty { words.reserveCapacity(12) }
        words.append(Word(mark: mark, start: bytes.count - text.count, count: text.count))
    }

    package mutating func optional(_ value: Int64?) {
        flag(value != nil)
        if let value { signed(value) }
    }

    private mutating func write(_ text: Span<UInt8>) {
        unsigned((UInt64(text.count) + 1) << 1)
        // The bytes are copied before the closure ends.
        unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    private func number(of text: Span<UInt8>, mark: UInt64) -> Int? {
        if let known = CodecWords.number(of: text, mark: mark) { return known }
        for index in words.indices where words[index].mark == mark && isText(words[index], text) {
            return CodecWords.all.count + index
        }
        return nil
    }

    private func isText(_ word: Word, _ text: Span<UInt8>) -> Bool {
        guard word.count == text.count else { return false }
        for index in text.indices where bytes[word.start + index] != text[index] { return false }
        return true
    }

    /// A number that texts of other bytes all but never share, also when Unicode calls them equal.
    ///
    /// Eight bytes at a time, mixed as FNV-1a mixes one; never stored.
    static func mark(of text: Span<UInt8>) -> UInt64 {
        // The bytes of a text hold no padding.
        let bytes = unsafe text.bytes
        var mark = 0xCBF2_9CE4_8422_2325 ^ UInt64(truncatingIfNeeded: bytes.byteCount)
        var index = 0
        while index &+ 8 <= bytes.byteCount {
            // Any eight bytes are a number, and the function itself traps outside the bounds.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            mark = mixed(mark, word)
            index &+= 8
        }
        var rest: UInt64 = 0
        while index < bytes.byteCount {
            rest = rest << 8 | UInt64(text[index])
            index &+= 1
        }
        return mixed(mark, rest)
    }

    @inline(__always)
    private static func mixed(_ mark: UInt64, _ word: UInt64) -> UInt64 {
        let product = (mark ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 32
    }
}
