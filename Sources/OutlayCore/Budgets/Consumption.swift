/// What one call takes from budgets, in all the units a limit may count.
package struct Consumption: Hashable, Sendable {
    package var cost: Money
    package var tokens: Int64
    package var calls: Int64

    package static let none = Consumption(cost: .zero, tokens: 0, calls: 0)

    package init(cost: Money, tokens: Int64, calls: Int64 = 1) {
        self.cost = cost
        self.tokens = tokens
        self.calls = calls
    }

    /// What the ledger's sums add up to; what calls of unknown cost may have taken counts in full.
    package init(_ sum: SpendSum) {
        self.init(cost: sum.effective, counts: sum.usage.map { UnitCount($0.key, $0.value) }, calls: sum.calls)
    }

    /// What one event adds to the meters: the same as to every other sum over it.
    package init(of event: borrowing CostEvent) {
        if let plain = event.plainConsumption {
            self = plain
        } else {
            let part = Contribution(of: copy event)
            self.init(cost: part.effective, counts: part.usage, calls: part.calls)
        }
    }

    /// What usage counted in units comes to; what is held counts as if it had been used.
    package init(cost: Money, counts: [UnitCount], calls: Int64 = 1) {
        self.init(cost: cost, tokens: 0, calls: calls)
        for count in counts {
            switch count.unit {
            case .heldNanodollars: self.cost += Money(picodollars: Int128(count.count) * 1000)
            case .heldTokens: tokens = tokens.addingSaturating(count.count)
            case let unit where unit.isToken: tokens = tokens.addingSaturating(count.count)
            default: break
            }
        }
    }

    /// This, held for a call of unknown cost, as the ledger sums it; a part of a nanodollar counts as a whole one.
    var heldCounts: [UnitCount] {
        let nanodollars = Int64(clamping: (cost.picodollars + 999) / 1000)
        return [UnitCount(.heldNanodollars, nanodollars), UnitCount(.heldTokens, tokens)]
    }

    /// The amount in `unit`: picodollars, tokens or calls.
    package func amount(in unit: BudgetUnit) -> Int128 {
        switch unit {
        case .dollars: cost.picodollars
        case .tokens: Int128(tokens)
        case .calls: Int128(calls)
        }
    }

    package static func + (left: Consumption, right: Consumption) -> Consumption {
        Consumption(
            cost: left.cost + right.cost,
            tokens: left.tokens.addingSaturating(right.tokens),
            calls: left.calls.addingSaturating(right.calls)
        )
    }
}

extension CostEvent {
    /// Its consumption without a list of its units; `nil` for the events that are not plain calls.
    ///
    /// Every call is counted twice, when it ends and when the ledger has it. Negative and absurd counts are left to
    /// ``Contribution``, because only there it is said how they add up.
    fileprivate var plainConsumption: Consumption? {
        guard kind == .call, held == nil, (0...EventBounds.count).contains(callCount) else { return nil }
        var tokens: Int64 = 0
        for part in metering.parts {
            for count in part.usage.counts {
                guard count.unit.isToken else {
                    if count.unit.isHeld { return nil }
                    continue
                }
                let (sum, isOver) = tokens.addingReportingOverflow(count.count)
                guard count.count >= 0, !isOver else { return nil }
                tokens = sum
            }
        }
        let cost = isNotional ? nil : rating.total
        return Consumption(cost: cost ?? .zero, tokens: tokens, calls: callCount)
    }
}

extension Int64 {
    package func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}

extension UsageUnit {
    /// What calls of unknown cost may have cost at most; never shown as usage.
    package static let heldNanodollars = UsageUnit("held_nanodollars")
    /// What calls of unknown usage may have used at most.
    package static let heldTokens = UsageUnit("held_tokens")

    /// Whether the counts are held rather than used.
    package var isHeld: Bool { name.hasPrefix("held_") }

    /// Whether the counts are tokens, of the prompt or of the answer.
    package var isToken: Bool {
        // The most frequent ones are told by one comparison each.
        self == .input || self == .output || self == .cacheRead || isPromptToken
            || (name.hasPrefix("output") && !name.hasSuffix("_characters") && !name.hasSuffix("_seconds"))
    }
}
