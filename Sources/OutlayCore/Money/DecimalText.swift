/// Decimal numbers as text, read and written exactly: no floating point is ever involved.
package enum DecimalText {
    /// The most digits before the decimal point that ``parse(_:scale:)`` accepts.
    package static let wholeDigitsMax = 20

    /// Reads `text` as a whole number of 10⁻ˢᶜᵃˡᵉ units: `"0.15"` at scale 6 is 150 000.
    ///
    /// - Returns: `nil` unless `text` is an optional sign, digits and at most one point, with no more than
    ///   `scale` decimals that matter (trailing zeros are free).
    package static func parse(_ text: some StringProtocol, scale: Int) -> Int128? {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !bytes.isEmpty, whole.count <= wholeDigitsMax else { return nil }
        var decimals = parts.count > 1 ? parts[1] : bytes.prefix(0)
        while decimals.last == UInt8(ascii: "0") { decimals = decimals.dropLast() }
        guard decimals.count <= scale, !(whole.isEmpty && (parts.count < 2 || parts[1].isEmpty)) else { return nil }
        var value: Int128 = 0
        for byte in whole {
            guard let digit = digit(byte) else { return nil }
            value = value * 10 + digit
        }
        for byte in decimals {
            guard let digit = digit(byte) else { return nil }
            value = value * 10 + digit
        }
        for _ in decimals.count..<scale { value *= 10 }
        return isNegative ? -value : value
    }

    /// Writes `value` units of 10⁻ˢᶜᵃˡᵉ without trailing zeros: 150 000 at scale 6 is `0.15`.
    package static func format(_ value: Int128, scale: Int) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(48)
        var rest = value.magnitude
        while let high = append(rest, to: &digits) { rest = high }
        while digits.count <= scale { digits.append(UInt8(ascii: "0")) }
        let end = digits.prefix(scale).firstIndex { $0 != UInt8(ascii: "0") } ?? scale
        if end < scale { digits.insert(UInt8(ascii: "."), at: scale) }
        if value < 0 { digits.append(UInt8(ascii: "-")) }
        return String(decoding: digits[end...].reversed(), as: UTF8.self)
    }

    /// Appends the lowest digits of `value`, the lowest first; returns what is above them, `nil` for nothing.
    ///
    /// Divides in 64 bits wherever they suffice: in 128 a division is a hundred times as dear.
    private static func append(_ value: UInt128, to digits: inout [UInt8]) -> UInt128? {
        let (high, low) = value.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
        var rest = UInt64(truncatingIfNeeded: low)
        var count = 0
        while rest > 0 || (high > 0 && count < 18) || digits.isEmpty {
            digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
            count += 1
        }
        return high > 0 ? high : nil
    }

    private static func digit(_ byte: UInt8) -> Int128? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int128(byte - UInt8(ascii: "0")) : nil
    }
}
