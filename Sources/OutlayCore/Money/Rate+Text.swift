extension Rate {
    /// Dollars per million counts as a decimal string: exact when the rate is whole picodollars, else 12 decimals.
    package var perMillion: String {
        DecimalText.format(Self.roundedHalfEven(picodollars * 1_000_000, dividedBy: denominator), scale: 12)
    }

    /// The rate of `dollars` (a decimal string) per `count` units.
    package init?(dollars: some StringProtocol, per count: Int128) {
        guard let amount = Money(dollars: dollars), count > 0 else { return nil }
        self.init(picodollars: amount.picodollars, per: count)
    }
}
