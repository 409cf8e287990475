extension Money {
    /// Amounts for people to read: a column that adds up to its total as shown.
    ///
    /// Cents from ten dollars up, more decimals for less, so that a first call is not `0.00`. Rounded by largest
    /// remainder. What has no price reads `unpriced`.
    ///
    /// - Returns: one text per amount, and the total's.
    package static func displayed(_ amounts: [Money?], total: Money?) -> (rows: [String], total: String) {
        let decimals = (total ?? .zero).displayDecimals
        var rounded = Money.rounded(amounts.compactMap { $0 }, to: decimals)[...]
        let rows = amounts.map { amount -> String in
            guard amount != nil, let value = rounded.popFirst() else { return unpricedText }
            return value.grouped(decimals: decimals)
        }
        return (rows, total.map { $0.rounded(to: decimals).grouped(decimals: decimals) } ?? unpricedText)
    }

    private static let unpricedText = "unpriced"

    private var displayDecimals: Int {
        let dollars = picodollars.magnitude
        let dollar = Self.picodollarsPerDollar.magnitude
        return dollars == 0 || dollars >= 10 * dollar ? 2 : dollars * 10 >= dollar ? 4 : 6
    }

    /// The amount, already rounded, with exactly `decimals` decimals and commas between thousands: `1,234.50`.
    private func grouped(decimals: Int) -> String {
        let parts = DecimalText.format(Int128(picodollars.magnitude), scale: 12).split(separator: ".")
        let whole = Array(parts.first ?? "0")
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        let groups = whole.enumerated().map { index, digit in
            index > 0 && (whole.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
        }
        let zeros = String(repeating: "0", count: max(0, decimals - fraction.count))
        return "\(picodollars < 0 ? "-" : "")\(groups.joined()).\(fraction)\(zeros)"
    }
}
