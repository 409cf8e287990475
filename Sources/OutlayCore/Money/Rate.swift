/// The price of one unit (a token, a millisecond, a search), as an exact fraction of picodollars.
///
/// Providers quote dollars per *million* tokens with up to six decimals, so a single token costs a
/// whole number of picodollars: $0.0375 per million is 37 500. The few rates that are not whole (a
/// price per hour, a discount of 7.3 %) keep their denominator, and such a line rounds once.
package struct Rate: Hashable, Sendable {
    /// Lowest terms; the denominator is at least 1.
    package let picodollars: Int128
    package let denominator: Int128

    /// A rate of `picodollars / denominator` per unit, brought to lowest terms.
    package init(picodollars: Int128, per denominator: Int128 = 1) {
        precondition(denominator > 0, "a rate's denominator is not positive")
        let divisor = Self.greatestCommonDivisor(picodollars.magnitude, denominator.magnitude)
        self.picodollars = picodollars / Int128(divisor)
        self.denominator = denominator / Int128(divisor)
    }

    package static let free = Rate(picodollars: 0)

    /// The cost of `count` units: exact when the rate is whole, else rounded once, half to even.
    ///
    /// A negative count is the reversal of a line and costs the negated amount.
    package func cost(of count: Int64) -> Money {
        let product = picodollars * Int128(count)
        guard denominator > 1 else { return Money(picodollars: product) }
        return Money(picodollars: Self.roundedHalfEven(product, dividedBy: denominator))
    }

    /// This rate times `numerator / denominator`: a regional uplift of 1.1 is `scaled(by: 11, over: 10)`.
    package func scaled(by numerator: Int128, over denominator: Int128) -> Rate {
        Rate(picodollars: picodollars * numerator, per: self.denominator * denominator)
    }

    /// `value / divisor`, a tie going to the even neighbour (IEEE 754 roundTiesToEven).
    package static func roundedHalfEven(_ value: Int128, dividedBy divisor: Int128) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        let twice = remainder.magnitude * 2
        let isUp = twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0)
        guard isUp else { return quotient }
        return (value < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
    }

    private static func greatestCommonDivisor(_ first: UInt128, _ second: UInt128) -> UInt128 {
        var (larger, smaller) = (first, second)
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        return max(larger, 1)
    }
}
