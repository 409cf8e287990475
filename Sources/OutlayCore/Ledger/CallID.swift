/// The name of one call: 48 bits of milliseconds and 80 random bits, so names sort by time.
///
/// Written as `call_` and 26 characters of Crockford's base 32.
package struct CallID: Hashable, Sendable {
    package let bits: UInt128

    package init(bits: UInt128) {
        self.bits = bits
    }

    /// A name for a call that begins `at`; `random` supplies the 80 bits.
    package init(at timestamp: Timestamp, random: inout some RandomNumberGenerator) {
        let milliseconds = UInt128(UInt64(clamping: timestamp.microseconds / 1000) & 0xFFFF_FFFF_FFFF)
        let high = UInt128(random.next() as UInt64) & 0xFFFF
        let low = UInt128(random.next() as UInt64)
        bits = milliseconds << 80 | high << 64 | low
    }
}

extension CallID: CustomStringConvertible {
    private static let prefix = "call_"
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    /// The value of each digit by its byte; 255 for what is no digit.
    private static let values: [UInt8] = (0...255).map { byte in
        digits.firstIndex(of: byte).map { UInt8($0) } ?? 255
    }

    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.prefix.utf8.count + 26)
        bytes.append(contentsOf: Self.prefix.utf8)
        // 128 bits are 26 digits of 5 with two bits to spare; taken in parts that fit a word.
        Self.write(UInt64(truncatingIfNeeded: bits >> 120), digits: 2, to: &bytes)
        Self.write(UInt64(truncatingIfNeeded: bits >> 60), digits: 12, to: &bytes)
        Self.write(UInt64(truncatingIfNeeded: bits), digits: 12, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the lowest `count` digits of `value`.
    private static func write(_ value: UInt64, digits count: Int, to bytes: inout [UInt8]) {
        let digits = digits.span
        var shift = UInt64(count) * 5
        while shift > 0 {
            shift -= 5
            bytes.append(digits[Int(truncatingIfNeeded: value >> shift) & 31])
        }
    }

    /// - Returns: `nil` unless `text` is a name as ``description`` writes it.
    package init?(_ text: some StringProtocol) {
        // An array first: what is generic here is slow for each byte.
        let bytes = Array(text.utf8)
        guard bytes.count == 31, bytes.starts(with: Self.prefix.utf8) else { return nil }
        let values = Self.values.span
        // The first two digits, and those of the two words behind them.
        var parts: (first: UInt64, high: UInt64, low: UInt64) = (0, 0, 0)
        for (position, byte) in bytes.dropFirst(5).enumerated() {
            let digit = UInt64(values[Int(byte)])
            guard digit < 32, position > 0 || digit < 8 else { return nil }
            switch position {
            case 0..<2: parts.first = parts.first << 5 | digit
            case 2..<14: parts.high = parts.high << 5 | digit
            default: parts.low = parts.low << 5 | digit
            }
        }
        self.init(bits: UInt128(parts.first) << 120 | UInt128(parts.high) << 60 | UInt128(parts.low))
    }
}
