extension RawSpan {
    /// The index behind the number that begins at the range's lower bound; `nil` where there is none.
    func endOfNumber(in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        if index < range.upperBound, self[index] == UInt8(ascii: "-") { index &+= 1 }
        let whole = endOfDigits(in: index..<range.upperBound)
        guard whole > index, self[index] != UInt8(ascii: "0") || whole == index &+ 1 else { return nil }
        index = whole
        if index < range.upperBound, self[index] == UInt8(ascii: ".") {
            let fraction = endOfDigits(in: (index &+ 1)..<range.upperBound)
            guard fraction > index &+ 1 else { return nil }
            index = fraction
        }
        guard index < range.upperBound, self[index] | 0x20 == UInt8(ascii: "e") else { return index }
        index &+= 1
        if index < range.upperBound, self[index] == UInt8(ascii: "+") || self[index] == UInt8(ascii: "-") {
            index &+= 1
        }
        let exponent = endOfDigits(in: index..<range.upperBound)
        return exponent > index ? exponent : nil
    }

    private func endOfDigits(in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, self[index] &- UInt8(ascii: "0") < 10 { index &+= 1 }
        return index
    }

    /// The value of plain digits; `nil` for any other text and for what is too large.
    private func digits(in range: Range<Int>) -> UInt64? {
        guard !range.isEmpty else { return nil }
        var value: UInt64 = 0
        for index in range {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (tenfold, isLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = tenfold.addingReportingOverflow(UInt64(digit))
            guard !isLarge, !isLarger else { return nil }
            value = sum
        }
        return value
    }

    /// The unsigned number that a number's text says; fractions that are whole count as whole.
    func unsigned(in range: Range<Int>) -> UInt64? {
        digits(in: range) ?? double(in: range).flatMap { UInt64(exactly: $0) }
    }

    /// The same with a sign.
    func signed(in range: Range<Int>) -> Int64? {
        guard !range.isEmpty else { return nil }
        if self[range.lowerBound] == UInt8(ascii: "-") {
            let rest = (range.lowerBound &+ 1)..<range.upperBound
            if let magnitude = digits(in: rest) {
                return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
            }
        } else if let magnitude = digits(in: range) {
            return Int64(exactly: magnitude)
        }
        return double(in: range).flatMap { Int64(exactly: $0) }
    }

    /// The nearest double; `nil` for what is no number or beyond them.
    func double(in range: Range<Int>) -> Double? {
        // No exporter writes longer numbers, and each digit costs time.
        guard range.count <= 1024, endOfNumber(in: range) == range.upperBound else { return nil }
        if let simple = simpleDouble(in: range) { return simple }
        guard let text = try? text(in: range), let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The double of a decimal without exponent whose digits and power of ten are exact; `nil` for all others.
    private func simpleDouble(in range: Range<Int>) -> Double? {
        let isNegative = self[range.lowerBound] == UInt8(ascii: "-")
        var (mantissa, scale, hasPoint): (UInt64, Int, Bool) = (0, 0, false)
        for index in (isNegative ? range.lowerBound &+ 1 : range.lowerBound)..<range.upperBound {
            let byte = self[index]
            if byte == UInt8(ascii: ".") {
                hasPoint = true
                continue
            }
            guard byte &- UInt8(ascii: "0") < 10, mantissa < 1 << 49 else { return nil }
            mantissa = mantissa &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
            if hasPoint { scale &+= 1 }
        }
        guard mantissa <= 1 << 53, scale < Self.powersOfTen.count else { return nil }
        let value = Double(mantissa) / Self.powersOfTen[scale]
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}

extension JSONCursor {
    /// The range of the number that comes next, written as a number or a string; `nil` for `null` and `""`.
    private mutating func numberText(_ bytes: RawSpan) throws(TelemetryReadError) -> Range<Int>? {
        switch try scalar(bytes) {
        case .null: return nil
        case .number(let range): return range
        case .text(let text) where !text.isEscaped: return text.range.isEmpty ? nil : text.range
        case .text, .bool: throw .malformed(at: index, .kind)
        }
    }

    mutating func unsigned(_ bytes: RawSpan) throws(TelemetryReadError) -> UInt64? {
        guard let range = try numberText(bytes) else { return nil }
        guard let value = bytes.unsigned(in: range) else { throw .malformed(at: range.lowerBound, .number) }
        return value
    }

    mutating func signed(_ bytes: RawSpan) throws(TelemetryReadError) -> Int64? {
        guard let range = try numberText(bytes) else { return nil }
        guard let value = bytes.signed(in: range) else { throw .malformed(at: range.lowerBound, .number) }
        return value
    }

    /// The double that comes next; `NaN` and the infinities are words in quotes.
    mutating func double(_ bytes: RawSpan) throws(TelemetryReadError) -> Double? {
        guard let range = try numberText(bytes) else { return nil }
        if let value = bytes.double(in: range) { return value }
        switch range.count <= 9 ? try bytes.text(in: range) : "" {
        case "NaN": return .nan
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        default: throw .malformed(at: range.lowerBound, .number)
        }
    }

    mutating func bool(_ bytes: RawSpan) throws(TelemetryReadError) -> Bool? {
        switch try scalar(bytes) {
        case .null: return nil
        case .bool(let value): return value
        case .text, .number: throw .malformed(at: index, .kind)
        }
    }

    /// The number of an enumeration's case; its name, which some exporters write, counts too.
    mutating func enumeration(
        _ bytes: RawSpan,
        names: NameTable<UInt64>
    ) throws(TelemetryReadError) -> UInt64 {
        switch try scalar(bytes) {
        case .null: return 0
        case .number(let range):
            guard let value = bytes.signed(in: range) else { throw .malformed(at: range.lowerBound, .number) }
            return UInt64(bitPattern: value)
        case .text(let text):
            if let value = bytes.unsigned(in: text.range) { return value }
            return names.name(hashed: StableHash.of(bytes, text.range))?.value ?? 0
        case .bool: throw .malformed(at: index, .kind)
        }
    }
}
