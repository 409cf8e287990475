/// Where a string is in a JSON text, without its quotes, and whether it has escapes.
struct JSONText {
    var range: Range<Int>
    var isEscaped: Bool
}

/// Takes a string in pieces, its escapes resolved.
protocol JSONTextTaker {
    mutating func take(_ bytes: RawSpan, _ range: Range<Int>)
    mutating func take(byte: UInt8)
}

extension RawSpan {
    /// The index behind the escape that begins at the range's lower bound; `nil` where it is none.
    func endOfEscape(in range: Range<Int>) -> Int? {
        guard range.count >= 2 else { return nil }
        switch self[range.lowerBound &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return range.lowerBound &+ 2
        case UInt8(ascii: "u"):
            return hexNumber(at: range.lowerBound &+ 2, count: 4, before: range.upperBound) == nil
                ? nil : range.lowerBound &+ 6
        default:
            return nil
        }
    }

    /// The number that `count` hexadecimal digits of either case make; `nil` where they are none.
    func hexNumber(at index: Int, count: Int, before end: Int) -> UInt64? {
        guard end &- index >= count else { return nil }
        var value: UInt64 = 0
        for offset in 0..<count {
            let byte = self[index &+ offset]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(byte & 15)
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt64((byte & 7) &+ 9)
            default: return nil
            }
        }
        return value
    }

    /// Hands the string's value to `taker`; a lone half of a surrogate pair is U+FFFD.
    func resolve(_ text: JSONText, into taker: inout some JSONTextTaker) {
        let end = text.range.upperBound
        var index = text.range.lowerBound
        while index < end {
            let stop = text.isEscaped ? indexOfStringBreak(in: index..<end) : end
            if stop > index { taker.take(self, index..<stop) }
            guard stop < end, let next = endOfEscape(in: stop..<end) else { return }
            index = resolveEscape(at: stop, next: next, before: end, into: &taker)
        }
    }

    /// - Returns: The index behind it, and behind its other half where it is one of a pair.
    private func resolveEscape(at start: Int, next: Int, before end: Int, into taker: inout some JSONTextTaker) -> Int {
        let letter = self[start &+ 1]
        guard letter == UInt8(ascii: "u"), let unit = hexNumber(at: start &+ 2, count: 4, before: end) else {
            taker.take(byte: Self.escaped(letter))
            return next
        }
        var (scalar, behind) = (UInt32(truncatingIfNeeded: unit), next)
        if unit & 0xFC00 == 0xD800, let low = lowSurrogate(at: next, before: end) {
            scalar = 0x10000 &+ (scalar & 0x3FF) << 10 &+ low
            behind = next &+ 6
        }
        let valid = Unicode.Scalar(scalar) ?? "\u{FFFD}"
        for byte in UTF8.encode(valid) ?? UTF8.encodedReplacementCharacter { taker.take(byte: byte) }
        return behind
    }

    private func lowSurrogate(at index: Int, before end: Int) -> UInt32? {
        guard end &- index >= 6, self[index] == UInt8(ascii: "\\"), self[index &+ 1] == UInt8(ascii: "u") else {
            return nil
        }
        guard let unit = hexNumber(at: index &+ 2, count: 4, before: end), unit & 0xFC00 == 0xDC00 else { return nil }
        return UInt32(truncatingIfNeeded: unit & 0x3FF)
    }

    private static func escaped(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    /// The string's value, cut at `limit` bytes.
    func text(_ text: JSONText, cutAt limit: Int) throws(TelemetryReadError) -> String {
        guard text.isEscaped else { return try self.text(in: text.range, cutAt: limit) }
        var taker = TextBytes(limit: limit + 4)
        resolve(text, into: &taker)
        // The bytes of an array of bytes hold no padding.
        let bytes = unsafe taker.bytes.span.bytes
        return try bytes.text(in: 0..<bytes.byteCount, cutAt: limit)
    }
}

extension RawSpan {
    /// Hands the bytes of the string's value to `body`; of a string with escapes at most `limit`.
    func withResolved<Value>(_ text: JSONText, limit: Int, _ body: (RawSpan, Range<Int>) -> Value) -> Value {
        guard text.isEscaped else { return body(self, text.range) }
        var taker = TextBytes(limit: limit)
        resolve(text, into: &taker)
        // The bytes of an array of bytes hold no padding.
        let bytes = unsafe taker.bytes.span.bytes
        return body(bytes, 0..<bytes.byteCount)
    }
}

/// The first bytes of a string.
struct TextBytes: JSONTextTaker {
    let limit: Int
    var bytes: [UInt8] = []
    /// Whether there were more than ``limit``.
    private(set) var isCut = false

    init(limit: Int) { self.limit = limit }

    mutating func take(_ bytes: RawSpan, _ range: Range<Int>) {
        if !self.bytes.append(bytes, range, limit: limit) { isCut = true }
    }

    mutating func take(byte: UInt8) {
        if bytes.count < limit { bytes.append(byte) } else { isCut = true }
    }
}

extension StableHash: JSONTextTaker {
    mutating func take(_ bytes: RawSpan, _ range: Range<Int>) { add(bytes, range) }
    mutating func take(byte: UInt8) { add(byte: byte) }
}

/// Hashes the bytes that a base64 text stands for; what is no digit of it is passed over.
struct Base64Hash: JSONTextTaker {
    var hash: StableHash
    private var bits: UInt32 = 0
    private var count: UInt32 = 0

    init(_ hash: StableHash) { self.hash = hash }

    mutating func take(_ bytes: RawSpan, _ range: Range<Int>) {
        for index in range { take(byte: bytes[index]) }
    }

    mutating func take(byte: UInt8) {
        let digit: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte &- 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte &- 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &+ 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
        default: return
        }
        bits = bits << 6 | UInt32(digit)
        count &+= 6
        guard count >= 8 else { return }
        count &-= 8
        hash.add(byte: UInt8(truncatingIfNeeded: bits >> count))
    }
}
