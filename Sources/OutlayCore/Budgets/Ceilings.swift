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

extension Budget {
    /// The ceilings under a limit of `limit`, for calls that it stops (`isHard`) or only tells about.
    ///
    /// A critical call has the second limit instead, and asks nobody.
    package func ceilings(limit: Int128, isHard: Bool, isCritical: Bool) -> Ceilings {
        if isCritical, let critical { return Ceilings(wall: max(critical.limit, limit)) }
        let block = lowest { $0 == .block }
        let approval = lowest { $0 == .requireApproval }
        guard isHard else {
            return Ceilings(wall: block?.amount(of: limit), approval: approval?.amount(of: limit))
        }
        guard let approval else {
            return Ceilings(wall: min(block?.amount(of: limit) ?? limit, limit))
        }
        // Approved calls may pass the limit: what was approved is their limit, up to an explicit block.
        return Ceilings(wall: block?.amount(of: limit), approval: min(approval.amount(of: limit), limit))
    }

    private func lowest(_ isWanted: (Threshold.Action) -> Bool) -> Threshold? {
        thresholds.first { $0.basis == .actual && $0.actions.contains(where: isWanted) }
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
