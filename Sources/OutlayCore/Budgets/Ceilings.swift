/// Up to where a budget lets calls go; beyond, they need an approval or do not pass.
package struct Ceilings: Hashable, Sendable {
    /// Nothing passes beyond; `nil` where calls are never stopped.
    package var wall: Int128?
    /// Beyond, an approval is needed.
    package var approval: Int128?

    package init(wall: Int128? = nil, approval: Int128? = nil) {
        self.wall = wall
        self.approval = approval
    }
}

/// What a meter says to one more call.
package enum Standing: Hashable, Sendable {
    case fits
    /// It would pass the ceiling. `mayFit`: it would not, if the calls in flight took nothing.
    case full(ceiling: Int128, mayFit: Bool)
    /// It would pass into the part that needs approvals.
    case needsApproval(mayFit: Bool)
}

/// What of a budget decides about its ceilings, picked out once: every call asks.
package struct CeilingRule: Hashable, Sendable {
    private let block: Int?
    private let approval: Int?
    private let criticalLimit: Int128?

    package init(_ budget: Budget) {
        func lowest(_ isWanted: (Threshold.Action) -> Bool) -> Int? {
            budget.thresholds.first { $0.basis == .actual && $0.actions.contains(where: isWanted) }?.percent
        }
        block = lowest { $0 == .block }
        approval = lowest { $0 == .requireApproval }
        criticalLimit = budget.critical?.limit
    }

    /// The ceilings under a limit of `limit`, for calls that it stops (`isHard`) or only tells about.
    ///
    /// A critical call has the second limit instead, and asks nobody.
    package func ceilings(limit: Int128, isHard: Bool, isCritical: Bool) -> Ceilings {
        if isCritical, let criticalLimit { return Ceilings(wall: max(criticalLimit, limit)) }
        guard isHard else {
            return Ceilings(wall: amount(block, of: limit), approval: amount(approval, of: limit))
        }
        guard let approval = amount(approval, of: limit) else {
            return Ceilings(wall: min(amount(block, of: limit) ?? limit, limit))
        }
        // Approved calls may pass the limit: what was approved is their limit, up to an explicit block.
        return Ceilings(wall: amount(block, of: limit), approval: min(approval, limit))
    }

    /// The amount at which a percentage of `limit` is reached, rounded down.
    private func amount(_ percent: Int?, of limit: Int128) -> Int128? {
        percent.map { limit.multipliedSaturating(by: Int128($0)) / 100 }
    }
}

extension BudgetMeter {
    /// What this meter says to a call that takes at most `amount`.
    package func standing(for amount: Int128, under ceilings: Ceilings, isApproved: Bool = false) -> Standing {
        let total = posted + reserved + amount
        if let wall = ceilings.wall, total > wall {
            return .full(ceiling: wall, mayFit: posted + amount <= wall)
        }
        if !isApproved, let approval = ceilings.approval, total > approval {
            return .needsApproval(mayFit: posted + amount <= approval)
        }
        return .fits
    }
}
