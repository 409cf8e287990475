extension RawSpan {
    /// The text of `range`, which must be UTF-8.
    func text(in range: Range<Int>) throws(TelemetryReadError) -> String {
        guard let text = try? UTF8Span(validating: Span<UInt8>(_bytes: extracting(range))) else {
            throw .malformed(at: range.lowerBound, .text)
        }
        return String(copying: text)
    }

    /// The beginning of the text, at most `limit` bytes and no half letter.
    func text(in range: Range<Int>, cutAt limit: Int) throws(TelemetryReadError) -> String {
        guard range.count > limit else { return try text(in: range) }
        var end = range.lowerBound + limit
        while end > range.lowerBound, self[end] & 0xC0 == 0x80 { end -= 1 }
        return try text(in: range.lowerBound..<end)
    }
}
