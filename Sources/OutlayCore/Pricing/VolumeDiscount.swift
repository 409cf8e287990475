/// A discount that grows with the list spend of a contract period, over calls in the order they were booked.
///
/// *Marginal*: each dollar has the percent of the step it falls into. *Whole-volume*: when a border is reached, all
/// calls of the period get the new percent, and the earlier ones are corrected. Amounts are differences of one
/// rounded running total, so at every moment they add up exactly to the discount on the period's whole spend.
package struct VolumeDiscount: Hashable, Sendable {
    /// By rising border.
    package let steps: [Discount.VolumeStep]
    package let isMarginal: Bool
    package let period: ContractPeriod

    package init(steps: [Discount.VolumeStep], isMarginal: Bool, period: ContractPeriod) {
        self.steps = steps.sorted { $0.above < $1.above }
        self.isMarginal = isMarginal
        self.period = period
    }

    /// The volume terms of `discount`; `nil` when it has others.
    package init?(_ discount: Discount) {
        guard case .volume(let steps, let isMarginal, let end) = discount.terms else { return nil }
        self.init(steps: steps, isMarginal: isMarginal, period: ContractPeriod(from: discount.from, to: end))
    }

    /// What one call costs after the discount, and what that changes about earlier calls.
    package struct Posting: Hashable, Sendable {
        package var effective: Money
        package var corrections: [Correction]
    }

    package struct Correction: Hashable, Sendable {
        /// The earlier call, by its place among those given.
        package var index: Int
        /// What is added to its effective cost.
        package var amount: Money

        package init(index: Int, amount: Money) {
            self.index = index
            self.amount = amount
        }
    }

    /// The postings for calls of these list costs, in this order, from the start of the period.
    ///
    /// Takes one pass, and one more per border that a whole-volume discount crosses.
    package func postings(list amounts: [Money]) -> [Posting] {
        isMarginal ? marginalPostings(amounts) : wholePostings(amounts)
    }

    /// The costs of further calls, after calls of `spend` in all that were posted before.
    ///
    /// - Returns: `nil` where a whole-volume discount crosses a border: that changes earlier calls too.
    package func postings(list amounts: [Money], after spend: Money) -> [Money]? {
        let end = amounts.reduce(spend) { $0 + $1 }
        guard isMarginal || step(at: spend) == step(at: end) else { return nil }
        var before = spend
        return amounts.map { amount in
            let after = before + amount
            defer { before = after }
            return effective(ofPeriod: after) - effective(ofPeriod: before)
        }
    }

    /// The cost of a period's whole list spend.
    package func effective(ofPeriod spend: Money) -> Money {
        isMarginal ? marginalTotal(spend) : Self.discounted(spend, by: step(at: spend))
    }

    private func marginalPostings(_ amounts: [Money]) -> [Posting] {
        var (spend, booked) = (Money.zero, Money.zero)
        return amounts.map { amount in
            spend = spend + amount
            let total = marginalTotal(spend)
            defer { booked = total }
            return Posting(effective: total - booked, corrections: [])
        }
    }

    private func wholePostings(_ amounts: [Money]) -> [Posting] {
        var postings: [Posting] = []
        var spends: [Money] = [.zero]
        var current = step(at: .zero)
        for amount in amounts {
            let before = spends[spends.count - 1]
            let after = before + amount
            let next = step(at: after)
            var corrections: [Correction] = []
            if next != current {
                corrections = Self.corrections(of: spends, from: current, to: next)
                current = next
            }
            let effective = Self.discounted(after, by: current) - Self.discounted(before, by: current)
            postings.append(Posting(effective: effective, corrections: corrections))
            spends.append(after)
        }
        return postings
    }

    private static func corrections(
        of spends: [Money],
        from old: Discount.VolumeStep?,
        to new: Discount.VolumeStep?
    ) -> [Correction] {
        let moved = spends.map { discounted($0, by: new) - discounted($0, by: old) }
        return zip(moved, moved.dropFirst()).enumerated().compactMap { index, pair in
            pair.0 == pair.1 ? nil : Correction(index: index, amount: pair.1 - pair.0)
        }
    }

    private func step(at spend: Money) -> Discount.VolumeStep? {
        steps.last { spend >= $0.above }
    }

    /// The spend, each step's portion of it at its own percent.
    private func marginalTotal(_ spend: Money) -> Money {
        var total = spend
        for (index, step) in steps.enumerated() where spend > step.above {
            let next = index + 1 < steps.count ? steps[index + 1].above : spend
            let portion = min(spend, next) - step.above
            total = total - portion + Self.discounted(portion, by: step)
        }
        return total
    }

    private static func discounted(_ spend: Money, by step: Discount.VolumeStep?) -> Money {
        guard let step, let rest = Discount.rest(after: step.percentNumerator, over: step.percentDenominator) else {
            return spend
        }
        return spend.scaled(by: rest)
    }
}

/// The time a volume discount runs over, after which its spend starts from zero.
package struct ContractPeriod: Hashable, Sendable {
    package let from: Timestamp
    /// Not part of the period.
    package let to: Timestamp

    package init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = to
    }

    package func contains(_ time: Timestamp) -> Bool {
        from <= time && time < to
    }
}
