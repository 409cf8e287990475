extension RawSpan {
    /// The byte at `index`, bounds-checked.
    @inline(__always)
    subscript(index: Int) -> UInt8 {
        // A load of one byte is always aligned, and the function itself traps outside the bounds.
        unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    /// The first index in `range` of a byte that is `first` or `second`, or the range's end.
    @inline(__always)
    func index(of first: UInt8, or second: UInt8, in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = self[index]
            if byte == first || byte == second { return index }
            index &+= 1
        }
        return range.upperBound
    }
}

extension [UInt8] {
    /// Hands all bytes to `scanner`.
    func scan(with scanner: inout JSONScanner, into sink: inout some JSONSink) {
        // The bytes of an array of bytes hold no padding.
        unsafe scanner.scan(span.bytes, 0..<count, into: &sink)
    }

    /// Appends `bytes[range]`, but never grows past `limit`.
    ///
    /// - Returns: Whether all of it fitted.
    mutating func append(_ bytes: RawSpan, _ range: Range<Int>, limit: Int) -> Bool {
        let room = limit - count
        let fitting = Swift.max(0, Swift.min(range.count, room))
        var index = range.lowerBound
        while index < range.lowerBound + fitting {
            append(bytes[index])
            index &+= 1
        }
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
