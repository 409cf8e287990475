extension Money {
    /// Splits this amount in proportion to `weights`, so that the shares add up to it exactly.
    ///
    /// Shares are whole picodollars; what is left goes, one each, to the largest remainders, of equal ones to the
    /// first (Hare–Niemeyer). Weights below zero count as zero; when none is above, all weigh the same.
    package func split(by weights: [Int64]) -> [Money] {
        guard !weights.isEmpty else { return [] }
        let known = weights.map { UInt128(max($0, 0)) }
        let sum = known.reduce(0, +)
        let (parts, whole) = sum == 0 ? (known.map { _ in 1 }, UInt128(known.count)) : (known, sum)
        let divisions = parts.map { part in
            whole.dividingFullWidth(picodollars.magnitude.multipliedFullWidth(by: part))
        }
        let given = divisions.reduce(UInt128(0)) { $0 + $1.quotient }
        let extra = Share.largest(divisions.map(\.remainder), count: Int(picodollars.magnitude - given))
        return divisions.enumerated().map { index, division in
            let share = Int128(division.quotient) + (extra.contains(index) ? 1 : 0)
            return Money(picodollars: picodollars < 0 ? -share : share)
        }
    }

    /// This amount rounded to `decimals` of a dollar (0 to 12), a tie going to the even neighbour.
    package func rounded(to decimals: Int) -> Money {
        let step = Share.step(of: decimals)
        return Money(picodollars: Rate.roundedHalfEven(picodollars, dividedBy: step) * step)
    }

    /// Rounds `amounts` to `decimals` of a dollar so that they add up to their own rounded total.
    ///
    /// Each is rounded down first; the steps that are missing go to the largest remainders, of equal ones to the first.
    package static func rounded(_ amounts: [Money], to decimals: Int) -> [Money] {
        let step = Share.step(of: decimals)
        let floors = amounts.map { Share.floor($0.picodollars, over: step) }
        let total = amounts.reduce(Money.zero, +).rounded(to: decimals).picodollars / step
        let missing = total - floors.reduce(0) { $0 + $1.quotient }
        let extra = Share.largest(floors.map { UInt128($0.remainder) }, count: Int(missing))
        return floors.enumerated().map { index, floor in
            Money(picodollars: (floor.quotient + (extra.contains(index) ? 1 : 0)) * step)
        }
    }

    /// This amount times an exact fraction, rounded once, half to even.
    package func scaled(by ratio: Ratio) -> Money {
        Rate(picodollars: picodollars).scaled(by: ratio).cost(of: 1)
    }
}

private enum Share {
    static func step(of decimals: Int) -> Int128 {
        precondition((0...12).contains(decimals), "dollars have 0 to 12 decimals")
        return (decimals..<12).reduce(Int128(1)) { step, _ in step * 10 }
    }

    static func floor(_ value: Int128, over step: Int128) -> (quotient: Int128, remainder: Int128) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: step)
        return remainder < 0 ? (quotient - 1, remainder + step) : (quotient, remainder)
    }

    /// The places of the `count` largest remainders; of equal ones the first.
    static func largest(_ remainders: [UInt128], count: Int) -> Set<Int> {
        let order = remainders.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
        return Set(order.prefix(max(count, 0)))
    }
}
