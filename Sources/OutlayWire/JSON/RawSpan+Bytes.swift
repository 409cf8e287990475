extension RawSpan {
    /// The byte at `index`, bounds-checked.
    @inline(__always)
    subscript(index: Int) -> UInt8 {
        // A load of one byte is always aligned, and the function itself traps outside the bounds.
        unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    /// Eight bytes from `index` on, the first one lowest; all of them must be in bounds.
    @inline(__always)
    func word(_ index: Int) -> UInt64 {
        // Any eight bytes are a number, and the function itself traps outside the bounds.
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// The first index in `range` of a byte that is `first` or `second`, or the range's end.
    func index(of first: UInt8, or second: UInt8, in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while range.upperBound &- index >= 8 {
            let word = word(index)
            let found = Bytes.equal(word, first) | Bytes.equal(word, second)
            if found != 0 { return index &+ found.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < range.upperBound {
            let byte = self[index]
            if byte == first || byte == second { return index }
            index &+= 1
        }
        return range.upperBound
    }

    /// The first index in `range` of a quote, a backslash or a control character, or the range's end.
    func indexOfStringBreak(in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while range.upperBound &- index >= 8 {
            let word = word(index)
            let found = Bytes.equal(word, 0x22) | Bytes.equal(word, 0x5C) | Bytes.below(word, 0x20)
            if found != 0 { return index &+ found.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < range.upperBound {
            let byte = self[index]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { return index }
            index &+= 1
        }
        return range.upperBound
    }

    /// How many Unicode scalars the UTF-8 in `range` holds: its bytes that continue none.
    func scalars(in range: Range<Int>) -> Int {
        var continuing = 0
        var index = range.lowerBound
        while range.upperBound &- index >= 8 {
            let word = word(index)
            continuing &+= ((word >> 7) & ~(word >> 6) & Bytes.ones).nonzeroBitCount
            index &+= 8
        }
        while index < range.upperBound {
            if self[index] & 0xC0 == 0x80 { continuing &+= 1 }
            index &+= 1
        }
        return range.count &- continuing
    }
}

/// Eight bytes looked at at once; the lowest bit that is set in an answer is right, those above may not be.
private enum Bytes {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let tops: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    static func equal(_ word: UInt64, _ byte: UInt8) -> UInt64 {
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference & tops
    }

    @inline(__always)
    static func below(_ word: UInt64, _ byte: UInt8) -> UInt64 {
        (word &- ones &* UInt64(byte)) & ~word & tops
    }
}

extension [UInt8] {
    /// Hands all bytes to `scanner`.
    func scan(from start: Int = 0, with scanner: inout JSONScanner, into sink: inout some JSONSink) {
        // The bytes of an array of bytes hold no padding.
        unsafe scanner.scan(span.bytes, start..<count, into: &sink)
    }

    /// Appends `bytes[range]`, but never grows past `limit`.
    ///
    /// - Returns: Whether all of it fitted.
    mutating func append(_ bytes: RawSpan, _ range: Range<Int>, limit: Int) -> Bool {
        let fitting = Swift.max(0, Swift.min(range.count, limit - count))
        // The bytes live as long as the closure; they are copied at once.
        let taken = bytes.extracting(range.lowerBound..<(range.lowerBound + fitting))
        unsafe taken.withUnsafeBytes { unsafe append(contentsOf: $0) }
        return fitting == range.count
    }

    /// Appends `scalar` as UTF-8; what is no scalar becomes U+FFFD.
    mutating func append(scalar: UInt32) {
        let valid = Unicode.Scalar(scalar) ?? "\u{FFFD}"
        append(contentsOf: UTF8.encode(valid) ?? UTF8.encodedReplacementCharacter)
    }

    /// Whether the bytes are those of `text`.
    func isEqual(to text: String) -> Bool {
        let other = text.utf8
        return count == other.count && elementsEqual(other)
    }
}
