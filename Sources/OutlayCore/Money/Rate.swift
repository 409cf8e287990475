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

    private init(lowestTerms picodollars: Int128, _ denominator: Int128) {
        self.picodollars = picodollars
        self.denominator = picodollars == 0 ? 1 : denominator
    }

    package static let free = Rate(picodollars: 0)

    /// The cost of `count` units: exact when the rate is whole, else rounded once, half to even.
    ///
    /// A negative count is the reversal of a line and costs the negated amount. A product beyond
    /// ``Money/largest``, which only absurd foreign numbers make, stops there.
    package func cost(of count: Int64) -> Money {
        let (product, overflow) = picodollars.multipliedReportingOverflow(by: Int128(count))
        guard !overflow else {
            return (picodollars < 0) == (count < 0) ? .largest : -.largest
        }
        let amount = denominator > 1 ? Self.roundedHalfEven(product, dividedBy: denominator) : product
        return Money(picodollars: min(max(amount, -Money.largest.picodollars), Money.largest.picodollars))
    }

    /// This rate times an exact fraction: a regional uplift of 1.1 is `scaled(by: Ratio(11, over: 10))`.
    ///
    /// The result is exact; one too large for 128 bits stops at the largest rate.
    package func scaled(by ratio: Ratio) -> Rate {
        let left = Self.greatestCommonDivisor(ratio.denominator.magnitude, picodollars.magnitude)
        let right = Self.greatestCommonDivisor(denominator.magnitude, ratio.numerator.magnitude)
        let (top, isTopOver) = (picodollars / Int128(left)).multipliedReportingOverflow(
            by: ratio.numerator / Int128(right)
        )
        let (bottom, isBottomOver) = (denominator / Int128(right)).multipliedReportingOverflow(
            by: ratio.denominator / Int128(left)
        )
        guard !isTopOver, !isBottomOver else { return Rate(picodollars: Money.largest.picodollars) }
        return Rate(lowestTerms: top, bottom)
    }

    /// This rate times `numerator / denominator`.
    package func scaled(by numerator: Int128, over denominator: Int128) -> Rate {
        scaled(by: Ratio(numerator, over: denominator))
    }

    /// The price of `units` of them in dollars, as text; rounded half to even where it is not whole in picodollars.
    package func dollars(perUnits units: Int128) -> String {
        Money(picodollars: picodollars).scaled(by: Ratio(units, over: denominator)).description
    }

    /// `value / divisor`, a tie going to the even neighbour (IEEE 754 roundTiesToEven).
    package static func roundedHalfEven(_ value: Int128, dividedBy divisor: Int128) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        let twice = remainder.magnitude * 2
        let isUp = twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0)
        guard isUp else { return quotient }
        return (value < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
    }

    /// Euclid's algorithm, at least 1; in 64 bits as soon as the numbers fit, where division is many times faster.
    static func greatestCommonDivisor(_ first: UInt128, _ second: UInt128) -> UInt128 {
        var (larger, smaller) = (first, second)
        while smaller > UInt128(UInt64.max) { (larger, smaller) = (smaller, larger % smaller) }
        guard smaller != 0 else { return max(larger, 1) }
        var (big, small) = (UInt64(smaller), UInt64(larger % smaller))
        while small != 0 { (big, small) = (small, big % small) }
        return UInt128(big)
    }
}
