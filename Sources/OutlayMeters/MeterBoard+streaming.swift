package import OutlayCore

extension MeterBoard {
    /// Looks at a running stream that has taken about `estimate` so far.
    ///
    /// What passes its reservation is set aside as well, while there is room.
    ///
    /// - Returns: the hard budget that it crosses; the stream must end. `nil` while it may go on.
    package mutating func flow(
        _ number: UInt64,
        estimate: Consumption,
        at time: Timestamp
    ) -> BudgetRefusal? {
        let now = advance(to: time)
        guard var reservation = reservations[number] else { return nil }
        let isApproved = reservation.call.allowance != nil
        for slot in reservation.slots {
            if slot.meter >= 0 { refresh(slot.meter, at: now) }
            guard let wall = wall(of: slot, isApproved: isApproved, at: now) else { continue }
            let unit = rules[slot.rule].unit
            let taken = estimate.amount(in: unit)
            let more = max(0, taken - reservation.remaining.amount(in: unit))
            let meter: BudgetMeter? = slot.meter >= 0 ? meters[slot.meter].meter : nil
            let posted = meter?.posted ?? 0
            let isCrossed = posted + taken > wall || (more > 0 && posted + (meter?.reserved ?? 0) + more > wall)
            if isCrossed { return refusal(slot, reservation.call.request, mayFit: false) }
        }
        let grown = reservation.remaining.atLeast(estimate)
        guard grown != reservation.remaining else { return nil }
        hold(Amounts(grown) - Amounts(reservation.remaining), for: reservation)
        reservation.remaining = grown
        reservations[number] = reservation
        return nil
    }

    /// The amount a slot's meter must not pass; `nil` where it only tells.
    private func wall(of slot: Slot, isApproved: Bool, at now: Timestamp) -> Int128? {
        let rule = rules[slot.rule]
        let isCritical = slot.isCritical && (rule.budget.critical?.isSignedOff(at: now) ?? false)
        let limit = slot.meter >= 0 ? meters[slot.meter].limit : rule.budget.limit.amount
        let ceilings = rule.ceilings.ceilings(limit: limit, isHard: slot.isHard, isCritical: isCritical)
        guard !isApproved else { return ceilings.wall }
        return [ceilings.wall, ceilings.approval].compactMap(\.self).min()
    }
}

extension Consumption {
    func atLeast(_ other: Consumption) -> Consumption {
        Consumption(
            cost: max(cost, other.cost),
            tokens: max(tokens, other.tokens),
            calls: max(calls, other.calls)
        )
    }
}
