/// An amount of US dollars, exact to one trillionth of a dollar.
///
/// The value is a whole number of *picodollars* ($1 = 10¹² picodollars) in 128 bits, so no sum or
/// product in the product can round or overflow. Stores keep one event's amount as a 64-bit integer
/// (up to $9.2 million) and add up in two halves.
package struct Money: Hashable, Sendable {
    package var picodollars: Int128

    package init(picodollars: Int128) {
        self.picodollars = picodollars
    }

    package static let zero = Money(picodollars: 0)

    /// The most a single line can cost, 10¹⁸ dollars: a hundred million such lines still add up.
    package static let largest = Money(picodollars: 1_000_000_000_000_000_000_000_000_000_000)

    /// How many picodollars one dollar has.
    package static let picodollarsPerDollar: Int128 = 1_000_000_000_000
}

extension Money: Comparable {
    package static func < (left: Money, right: Money) -> Bool {
        left.picodollars < right.picodollars
    }
}

extension Money: AdditiveArithmetic {
    package static func + (left: Money, right: Money) -> Money {
        Money(picodollars: left.picodollars + right.picodollars)
    }

    package static func - (left: Money, right: Money) -> Money {
        Money(picodollars: left.picodollars - right.picodollars)
    }

    package static prefix func - (amount: Money) -> Money {
        Money(picodollars: -amount.picodollars)
    }
}

extension Money: CustomStringConvertible {
    /// The exact amount in dollars as a decimal string without trailing zeros: `0.00045`, `-12`, `0`.
    ///
    /// This is the form every JSON answer of the product uses.
    package var description: String {
        DecimalText.format(picodollars, scale: 12)
    }

    /// Reads a decimal string in dollars, such as `5000.00`.
    ///
    /// - Returns: `nil` unless `dollars` is a plain decimal number (an optional sign, digits, at most one
    ///   point, no exponent) with at most twelve decimals and at most twenty digits before the point.
    package init?(dollars: some StringProtocol) {
        guard let value = DecimalText.parse(dollars, scale: 12) else { return nil }
        self.init(picodollars: value)
    }
}
