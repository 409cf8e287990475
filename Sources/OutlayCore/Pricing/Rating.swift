/// One priced part of an event: quantity × rate = amount.
package struct CostLine: Hashable, Sendable {
    package var unit: UsageUnit
    /// What the part is (`compaction`), `nil` for the main part.
    package var label: String?
    /// The model whose rate applied.
    package var model: String
    package var quantity: Int64
    /// The public price of one count, uplifts included.
    package var listRate: Rate
    /// The price after negotiated discounts; equals ``listRate`` without any.
    package var rate: Rate

    package init(
        unit: UsageUnit,
        label: String? = nil,
        model: String,
        quantity: Int64,
        listRate: Rate,
        rate: Rate? = nil
    ) {
        self.unit = unit
        self.label = label
        self.model = model
        self.quantity = quantity
        self.listRate = listRate
        self.rate = rate ?? listRate
    }

    package var listAmount: Money { listRate.cost(of: quantity) }
    package var amount: Money { rate.cost(of: quantity) }
}

/// Usage turned into money by a price book.
package struct Rating: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// Every unit had a rate (also when the provider bills nothing).
        case rated
        /// Some units had none: the amount is a lower bound.
        case partial
        /// No unit had a rate: the amount is unknown, never zero.
        case unpriced
    }

    package var lines: [CostLine]
    package var state: State
    /// The version of the book that priced it.
    package var version: String
    /// Units that were consumed and had no rate.
    package var unpriced: [UsageUnit]

    package init(lines: [CostLine], state: State, version: String, unpriced: [UsageUnit] = []) {
        self.lines = lines
        self.state = state
        self.version = version
        self.unpriced = unpriced
    }

    /// After discounts; `nil` when nothing could be priced.
    package var total: Money? {
        state == .unpriced ? nil : lines.reduce(.zero) { $0 + $1.amount }
    }

    package var listTotal: Money? {
        state == .unpriced ? nil : lines.reduce(.zero) { $0 + $1.listAmount }
    }
}
