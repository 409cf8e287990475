internal import NIOCore

/// The bytes that HTTP/1.1 is made of (RFC 9110, section 5.6; RFC 9112).
enum HTTPBytes {
    static let carriageReturn: UInt8 = 0x0D
    static let lineFeed: UInt8 = 0x0A
    static let space: UInt8 = 0x20
    static let colon = UInt8(ascii: ":")

    /// The byte at `index`, bounds-checked.
    @inline(__always)
    static func byte(_ bytes: RawSpan, _ index: Int) -> UInt8 {
        // A load of one byte is always aligned, and the function itself traps outside the bounds.
        unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    /// Eight bytes from `index` on, the first one lowest, bounds-checked.
    @inline(__always)
    private static func word(_ bytes: RawSpan, _ index: Int) -> UInt64 {
        // Any eight bytes are a number, and the function itself traps outside the bounds.
        UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The first index of `wanted` in `bytes` from `start` on, or their count.
    static func index(of wanted: UInt8, in bytes: RawSpan, from start: Int) -> Int {
        var index = start
        while index &+ 8 <= bytes.byteCount {
            let difference = word(bytes, index) ^ (ones &* UInt64(wanted))
            // The lowest bit that is set is right, those above may not be.
            let found = (difference &- ones) & ~difference & tops
            if found != 0 { return index &+ found.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < bytes.byteCount, byte(bytes, index) != wanted { index &+= 1 }
        return min(index, bytes.byteCount)
    }

    /// Whether a field's value may hold all of `range`.
    static func isText(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            // Nothing below a space and no DEL among eight; where a bit is set, each byte is looked at.
            if index &+ 8 <= range.upperBound {
                let word = word(bytes, index)
                let delete = word ^ (ones &* 0x7F)
                let odd = (word &- ones &* UInt64(space)) & ~word | (delete &- ones) & ~delete
                if odd & tops == 0 {
                    index &+= 8
                    continue
                }
            }
            guard isText(byte(bytes, index)) else { return false }
            index &+= 1
        }
        return true
    }

    /// The text of `range`, with what is no UTF-8 replaced.
    static func text(_ bytes: RawSpan, _ range: Range<Int>) -> String {
        // The bytes are copied before the closure ends.
        unsafe bytes.extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    enum Line {
        /// The line's length without its end.
        case whole(Int)
        /// How many bytes there are of a line without an end.
        case partial(Int)
    }

    /// Looks for the end of the line at `start`, from `searched` on: CR LF, and no LF alone.
    static func lineLength(
        _ bytes: RawSpan,
        at start: Int = 0,
        from searched: Int
    ) throws(CodecProblem) -> Line {
        let end = index(of: lineFeed, in: bytes, from: searched)
        guard end < bytes.byteCount else { return .partial(end - start) }
        guard end > start, byte(bytes, end - 1) == carriageReturn else { throw .malformed }
        return .whole(end - 1 - start)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == space || byte == 0x09 }

    /// What a field's value may hold: visible characters, spaces, tabs, and bytes beyond ASCII.
    @inline(__always)
    static func isText(_ byte: UInt8) -> Bool { byte >= space ? byte != 0x7F : byte == 0x09 }

    /// What a message may begin with; an empty line may come before it.
    static func isStart(_ byte: UInt8) -> Bool { isToken(byte) || byte == carriageReturn }

    /// What a method and a field's name are made of.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        byte < 0x80 && (byte < 64 ? lowTokens >> UInt64(byte) : highTokens >> UInt64(byte &- 64)) & 1 == 1
    }

    /// Bits 33 `!`, 35–39 `#$%&'`, 42 `*`, 43 `+`, 45 `-`, 46 `.`, 48–57 digits.
    private static let lowTokens: UInt64 = 0x03FF_6CFA_0000_0000
    /// Bits of 65–90 and 97–122 letters, 94 `^`, 95 `_`, 96 `` ` ``, 124 `|`, 126 `~`, less 64.
    private static let highTokens: UInt64 = 0x57FF_FFFF_C7FF_FFFE
}
