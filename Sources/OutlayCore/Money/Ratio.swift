/// A factor as an exact fraction in lowest terms: 1.1 is 11 over 10.
package struct Ratio: Hashable, Sendable {
    package let numerator: Int128
    package let denominator: Int128

    package static let one = Ratio(1, over: 1)

    package init(_ numerator: Int128, over denominator: Int128) {
        precondition(denominator > 0, "a ratio's denominator is not positive")
        let divisor = Int128(Rate.greatestCommonDivisor(numerator.magnitude, denominator.magnitude))
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// Reads a decimal such as `1.1`.
    package init?(_ text: some StringProtocol) {
        guard let value = DecimalText.parse(text, scale: 6), value >= 0 else { return nil }
        self.init(value, over: 1_000_000)
    }

    package static func < (left: Ratio, right: Ratio) -> Bool {
        left.numerator * right.denominator < right.numerator * left.denominator
    }
}
