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
        let tokens = sum.usage.reduce(into: Int64(0)) { tokens, count in
            if count.key.isToken { tokens = tokens.addingSaturating(count.value) }
        }
        self.init(cost: sum.effective, tokens: tokens, calls: sum.calls)
    }

    /// What one event adds to the meters: the same as to every other sum over it.
    package init(of event: CostEvent) {
        let part = Contribution(of: event)
        let tokens = part.usage.reduce(into: Int64(0)) { tokens, count in
            if count.unit.isToken { tokens = tokens.addingSaturating(count.count) }
        }
        self.init(cost: part.effective, tokens: tokens, calls: part.calls)
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

extension Int64 {
    package func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}

extension UsageUnit {
    /// Whether the counts are tokens, of the prompt or of the answer.
    package var isToken: Bool {
        isPromptToken || (name.hasPrefix("output") && !name.hasSuffix("_characters") && !name.hasSuffix("_seconds"))
    }
}
