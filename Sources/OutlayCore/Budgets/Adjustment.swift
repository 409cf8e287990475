/// A change of one budget's limit for a while: who gave it, why, and until when.
package struct Adjustment: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        /// This much more, in the unit of the limit.
        case grant(Int128)
        /// This instead of the limit.
        case override(Int128)
    }

    package var id: String
    package var budget: String
    /// The one meter it is for; `nil` for every meter of the budget.
    package var group: [String]?
    package var change: Change
    package var from: Timestamp
    package var until: Timestamp
    package var by: String
    package var reason: String

    package init(
        id: String,
        budget: String,
        group: [String]? = nil,
        change: Change,
        from: Timestamp,
        until: Timestamp,
        by: String,
        reason: String
    ) {
        self.id = id
        self.budget = budget
        self.group = group
        self.change = change
        self.from = from
        self.until = until
        self.by = by
        self.reason = reason
    }

    package func isInForce(at now: Timestamp) -> Bool {
        from <= now && now < until
    }
}

extension [Adjustment] {
    /// `limit` with everything in force at `now`: the latest override, or the limit, plus all grants.
    package func applied(to limit: Int128, at now: Timestamp) -> Int128 {
        var base = limit
        var granted: Int128 = 0
        for adjustment in self where adjustment.isInForce(at: now) {
            switch adjustment.change {
            case .grant(let amount): granted += amount
            case .override(let amount): base = amount
            }
        }
        return base + granted
    }
}
