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
        var bytes: [UInt8] = Array(Self.prefix.utf8)
        for position in (0..<26).reversed() {
            bytes.append(Self.digits[Int(truncatingIfNeeded: bits >> UInt128(position * 5)) & 31])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Returns: `nil` unless `text` is a name as ``description`` writes it.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.starts(with: Self.prefix.utf8), bytes.count == 31 else { return nil }
        var value: UInt128 = 0
        for (position, byte) in bytes.dropFirst(5).enumerated() {
            let digit = Self.values[Int(byte)]
            guard digit < 32, position > 0 || digit < 8 else { return nil }
            value = value << 5 | UInt128(digit)
        }
        self.init(bits: value)
    }
}
