import OutlayCore

/// Reads numbers as text, exactly, whatever their size and notation.
enum CountText {
    enum Parsed: Hashable {
        case none
        case negative
        /// Rounded up to a whole number where `isExact` is false.
        case value(Int64, isExact: Bool)
        case huge
    }

    /// Reads `text` as a whole number of 10⁻ˢᶜᵃˡᵉ: `12`, `12.0`, `1.2e1` are 12 at scale 0.
    static func parse(_ text: String, scale: Int = 0) -> Parsed {
        guard let decimal = Decimal(text) else { return .none }
        let shift = decimal.exponent + scale
        if decimal.digits.isEmpty { return .value(0, isExact: true) }
        if decimal.isNegative { return .negative }
        guard decimal.digits.count + shift <= 18 else { return .huge }
        let whole = max(0, decimal.digits.count + min(shift, 0))
        var value: Int64 = 0
        for digit in decimal.digits.prefix(whole) { value = value * 10 + Int64(digit) }
        for _ in 0..<max(0, shift) { value *= 10 }
        let isExact = whole == decimal.digits.count
        return .value(isExact ? value : value + 1, isExact: isExact)
    }

    /// Digits without zeros at either end, times ten to `exponent`.
    struct Decimal {
        var isNegative = false
        var digits: [UInt8] = []
        var exponent = 0

        /// `nil` unless `text` is a JSON number; plain digits with leading zeros pass too.
        init?(_ text: String) {
            var bytes = Array(text.utf8)[...]
            if bytes.first == UInt8(ascii: "-") {
                isNegative = true
                bytes = bytes.dropFirst()
            }
            let mantissa = bytes.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
            if mantissa.endIndex < bytes.endIndex {
                guard let power = Self.power(bytes[(mantissa.endIndex + 1)...]) else { return nil }
                exponent = power
            }
            guard readMantissa(mantissa) else { return nil }
            while digits.last == 0 {
                digits.removeLast()
                exponent += 1
            }
        }

        private mutating func readMantissa(_ text: ArraySlice<UInt8>) -> Bool {
            var hasDigit = false
            var hasPoint = false
            for byte in text {
                if byte == UInt8(ascii: "."), !hasPoint {
                    hasPoint = true
                    continue
                }
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return false }
                hasDigit = true
                if hasPoint { exponent -= 1 }
                if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte - UInt8(ascii: "0")) }
            }
            return hasDigit
        }

        /// A power of ten, held between ±10⁶ so that sums of it cannot overflow.
        private static func power(_ text: ArraySlice<UInt8>) -> Int? {
            let isNegative = text.first == UInt8(ascii: "-")
            let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
            guard !digits.isEmpty else { return nil }
            var value = 0
            for byte in digits {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = min(1_000_000, value * 10 + Int(byte - UInt8(ascii: "0")))
            }
            return isNegative ? -value : value
        }
    }
}

extension Money {
    /// Reads an amount in dollars that a provider computed, `1.5e-05` too, rounded half to even to a picodollar.
    init?(reported text: String, scale: Int = 0) {
        guard let decimal = CountText.Decimal(text) else { return nil }
        let shift = decimal.exponent + 12 - scale
        guard decimal.digits.count + shift <= 30 else { return nil }
        let whole = max(0, decimal.digits.count + min(shift, 0))
        var value: Int128 = 0
        for digit in decimal.digits.prefix(whole) { value = value * 10 + Int128(digit) }
        for _ in 0..<max(0, shift) { value *= 10 }
        let rest = decimal.digits.dropFirst(whole)
        if shift + decimal.digits.count >= 0, let first = rest.first {
            let isHalf = first == 5 && rest.count == 1
            if first > 5 || (first == 5 && (!isHalf || value % 2 == 1)) { value += 1 }
        }
        self.init(picodollars: decimal.isNegative ? -value : value)
    }
}
