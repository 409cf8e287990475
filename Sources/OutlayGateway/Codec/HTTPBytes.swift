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

    /// The first index of `wanted` in `bytes` from `start` on, or their count.
    static func index(of wanted: UInt8, in bytes: RawSpan, from start: Int) -> Int {
        var index = start
        while index < bytes.byteCount, byte(bytes, index) != wanted { index &+= 1 }
        return min(index, bytes.byteCount)
    }

    enum Line {
        /// The line's length without its end.
        case whole(Int)
        /// How many bytes there are of a line without an end.
        case partial(Int)
    }

    /// Looks for the end of the first line of `bytes`, from `start` on: CR LF, and no LF alone.
    static func lineLength(_ bytes: ByteBuffer, from start: Int) throws(CodecProblem) -> Line {
        let text = bytes.readableBytesSpan
        let end = index(of: lineFeed, in: text, from: start)
        guard end < text.byteCount else { return .partial(end) }
        guard end > 0, byte(text, end - 1) == carriageReturn else { throw .malformed }
        return .whole(end - 1)
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
