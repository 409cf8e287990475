internal import OutlayCore

/// Exact amounts shown in whole cents.
package enum Cents {
    private static let picodollarsPerCent = Money.picodollarsPerDollar / 100

    /// A decimal string in dollars as `1,234.56`; `unpriced` when there is none.
    package static func text(_ dollars: String?) -> String {
        guard let dollars, let amount = Money(dollars: dollars) else { return "unpriced" }
        return text(cents: Rate.roundedHalfEven(amount.picodollars, dividedBy: picodollarsPerCent))
    }

    /// A column of amounts, rounded by largest remainder so that it adds up to its rounded total.
    package static func column(_ dollars: [String?], total: String?) -> [String] {
        let amounts = dollars.map { $0.flatMap { Money(dollars: $0) }?.picodollars }
        guard let total = total.flatMap({ Money(dollars: $0) }) else { return dollars.map { text($0) } }
        var cents = amounts.map { $0.map { floorDivide($0, picodollarsPerCent) } }
        let goal = Rate.roundedHalfEven(total.picodollars, dividedBy: picodollarsPerCent)
        let missing = goal - cents.reduce(0) { $0 + ($1 ?? 0) }
        let order = amounts.indices.filter { amounts[$0] != nil }.sorted { left, right in
            let remainders = [left, right].map { (amounts[$0] ?? 0) - (cents[$0] ?? 0) * picodollarsPerCent }
            return remainders[0] == remainders[1] ? left < right : remainders[0] > remainders[1]
        }
        for index in order.prefix(Int(clamping: max(missing, 0))) { cents[index] = (cents[index] ?? 0) + 1 }
        return cents.map { $0.map { text(cents: $0) } ?? "unpriced" }
    }

    private static func text(cents: Int128) -> String {
        let digits = String(cents.magnitude)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        var whole = String(padded.dropLast(2))
        var index = whole.index(whole.endIndex, offsetBy: -3, limitedBy: whole.startIndex)
        while let position = index, position > whole.startIndex {
            whole.insert(",", at: position)
            index = whole.index(position, offsetBy: -3, limitedBy: whole.startIndex)
        }
        return "\(cents < 0 ? "-" : "")\(whole).\(padded.suffix(2))"
    }

    private static func floorDivide(_ value: Int128, _ divisor: Int128) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
