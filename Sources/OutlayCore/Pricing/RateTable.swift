/// Rates of one model under one set of circumstances, with its long-context tiers.
package struct RateTable: Hashable, Sendable {
    package var rates: [UsageUnit: Rate]
    /// Tiers by rising border, each with complete rates: what a tier does not change it repeats.
    package var tiers: [ContextTier]

    package init(rates: [UsageUnit: Rate] = [:], tiers: [ContextTier] = []) {
        self.rates = rates
        self.tiers = tiers.sorted { $0.firstToken < $1.firstToken }.map { tier in
            ContextTier(
                border: tier.border,
                isInclusive: tier.isInclusive,
                rates: rates.merging(tier.rates) { _, tiered in tiered }
            )
        }
    }

    /// The one set of rates for a whole request with `promptTokens`, cached and written ones included.
    package func rates(promptTokens: @autoclosure () -> Int64) -> [UsageUnit: Rate] {
        guard !tiers.isEmpty else { return rates }
        let tokens = promptTokens()
        return tiers.last { tokens >= $0.firstToken }?.rates ?? rates
    }

    /// Every rate times `factor`, tiers too.
    package func scaled(by factor: Ratio) -> RateTable {
        RateTable(
            rates: rates.mapValues { $0.scaled(by: factor) },
            tiers: tiers.map { tier in
                ContextTier(
                    border: tier.border,
                    isInclusive: tier.isInclusive,
                    rates: tier.rates.mapValues { $0.scaled(by: factor) }
                )
            }
        )
    }
}

/// Rates for a whole request past a border of prompt tokens.
package struct ContextTier: Hashable, Sendable {
    package var border: Int64
    /// Whether a prompt of exactly ``border`` tokens is already in the tier (xAI), or the next one is (everyone else).
    package var isInclusive: Bool
    package var rates: [UsageUnit: Rate]

    package init(border: Int64, isInclusive: Bool, rates: [UsageUnit: Rate]) {
        self.border = border
        self.isInclusive = isInclusive
        self.rates = rates
    }

    /// The smallest prompt in the tier.
    package var firstToken: Int64 {
        isInclusive ? border : border.addingReportingOverflow(1).overflow ? .max : border + 1
    }
}
