package import OutlayCore

extension MeterBoard {
    /// One attempt of a call was booked: of what was set aside, its cost stays held until the ledger has the event.
    ///
    /// - Parameter isLast: whether nothing more comes of the call; the rest is then given back.
    package mutating func settle(_ event: CostEvent, reservation number: UInt64, isLast: Bool) {
        settle(event.id, Consumption(of: event), reservation: number, isLast: isLast)
    }

    package mutating func settle(_ id: EventID, _ actual: Consumption, reservation number: UInt64, isLast: Bool) {
        guard var reservation = reservations.removeValue(forKey: number) else { return }
        let before = reservation.holding
        release(before)
        noteOverrun(of: before, actual)
        var booked = reservation
        booked.remaining = actual
        hold(booked.holding)
        uncommitted[id] = booked
        guard !isLast else { return }
        reservation.remaining = reservation.remaining.minus(actual)
        hold(reservation.holding)
        reservations[number] = reservation
    }

    /// The call never happened: everything is given back.
    package mutating func release(reservation number: UInt64) {
        guard let reservation = reservations.removeValue(forKey: number) else { return }
        release(reservation.holding)
    }

    /// The ledger has the event: it counts, under its own tags, and what was held for it is given back.
    package mutating func post(_ event: CostEvent, at time: Timestamp) {
        commit(event.id, Consumption(of: event), value: { event.value(of: $0) }, eventAt: event.at, at: time)
    }

    /// ``post(_:at:)`` for an event of which only its cost and its values are given.
    package mutating func commit(
        _ id: EventID,
        _ actual: Consumption,
        value: (Dimension) -> String?,
        eventAt: Timestamp,
        at time: Timestamp
    ) {
        let now = advance(to: time)
        let held = uncommitted.removeValue(forKey: id)
        if let held { release(held.holding) }
        if let allowance = held?.allowance { allowances.post(actual.cost.picodollars, to: allowance) }
        post(actual, value: value, eventAt: eventAt, now)
    }

    /// Counts what is in the ledger already, when meters are made from it.
    package mutating func post(
        _ sum: Consumption,
        value: (Dimension) -> String?,
        eventAt: Timestamp,
        at time: Timestamp
    ) {
        post(sum, value: value, eventAt: eventAt, advance(to: time))
    }

    /// The ledger had the event already: nothing more is held for it, and nothing is counted again.
    package mutating func discard(_ id: EventID) {
        if let held = uncommitted.removeValue(forKey: id) { release(held.holding) }
    }

    private mutating func post(
        _ actual: Consumption,
        value: (Dimension) -> String?,
        eventAt: Timestamp,
        _ now: Timestamp
    ) {
        for slot in match(value, at: now) ?? [] where slot.meter >= 0 {
            refresh(slot.meter, at: now)
            let rule = rules[slot.rule]
            let amount = actual.amount(in: rule.unit)
            if let carryOver = rule.budget.carryOver, eventAt < meters[slot.meter].meter.window.lowerBound {
                postLate(amount, slot, carryOver, eventAt)
            } else {
                meters[slot.meter].meter.post(amount, at: eventAt)
            }
            evaluate(slot.meter, agent: value(.agent), key: value(.key), at: now)
        }
    }

    private mutating func postLate(_ amount: Int128, _ slot: Slot, _ carryOver: CarryOver, _ eventAt: Timestamp) {
        let rule = rules[slot.rule]
        var window = meters[slot.meter].meter.window
        for periodsAgo in 1...CarryOver.periodsMax {
            window = rule.budget.calendar.window(before: window.lowerBound, in: rule.zone)
            guard eventAt < window.lowerBound else {
                meters[slot.meter].meter.postLate(
                    amount,
                    periodsAgo: periodsAgo,
                    carryOver: carryOver,
                    limit: rule.budget.limit.amount
                )
                meters[slot.meter].limitUntil = Timestamp(microseconds: .min)
                return
            }
        }
    }

    // MARK: - Holding

    mutating func hold(_ holding: Holding) {
        holdInMeters(holding)
        if let allowance = holding.allowance { allowances.reserve(holding.amount.cost.picodollars, of: allowance) }
    }

    mutating func holdInMeters(_ holding: Holding) {
        for (slot, start) in zip(holding.slots, holding.starts) where slot.meter >= 0 {
            // A window that is over holds nothing any more.
            guard isOpen(slot, start) else { continue }
            meters[slot.meter].meter.reserve(holding.amount.amount(in: rules[slot.rule].unit))
        }
    }

    mutating func release(_ holding: Holding) {
        for (slot, start) in zip(holding.slots, holding.starts) where slot.meter >= 0 {
            let amount = holding.amount.amount(in: rules[slot.rule].unit)
            meters[slot.meter].meter.release(amount, from: start)
        }
        if let allowance = holding.allowance { allowances.release(holding.amount.cost.picodollars, of: allowance) }
    }

    private func isOpen(_ slot: Slot, _ start: Timestamp) -> Bool {
        if case .rolling = rules[slot.rule].budget.calendar.period { return true }
        return meters[slot.meter].meter.window.lowerBound == start
    }

    private mutating func noteOverrun(of held: Holding, _ actual: Consumption) {
        for slot in held.slots where slot.isHard && slot.meter >= 0 {
            let unit = rules[slot.rule].unit
            let excess = actual.amount(in: unit) - held.amount.amount(in: unit)
            if excess > 0 { add(effect(.overrun(excess), meters[slot.meter], threshold: -1)) }
        }
    }

    // MARK: - Thresholds

    mutating func evaluate(_ index: Int, agent: String? = nil, key: String? = nil, at now: Timestamp) {
        let rule = rules[meters[index].rule]
        guard isNearThreshold(index, rule) else { return }
        let thresholds = rule.budget.thresholds
        for found in meters[index].meter.evaluate(thresholds, limit: meters[index].limit, at: now) {
            var effect =
                switch found {
                case .reached(let threshold): effect(.reached, meters[index], threshold: threshold)
                case .left(let threshold): effect(.left, meters[index], threshold: threshold)
                }
            effect.agent = agent
            effect.key = key
            add(effect)
        }
    }

    /// Whether a look at the thresholds could find anything: most calls are far below the lowest.
    private func isNearThreshold(_ index: Int, _ rule: BudgetRule) -> Bool {
        guard !rule.hasForecasts, meters[index].meter.inForce.isEmpty else { return true }
        guard let percent = rule.lowestPercent else { return false }
        let (share, overflow) = meters[index].meter.posted.multipliedReportingOverflow(by: 100)
        let (border, isBeyond) = meters[index].limit.multipliedReportingOverflow(by: percent)
        return overflow || isBeyond || share >= border
    }

    private func effect(_ kind: BudgetEffect.Kind, _ entry: MeterEntry, threshold: Int) -> BudgetEffect {
        BudgetEffect(
            kind: kind,
            budget: rules[entry.rule].budget.name,
            group: tags(of: entry),
            threshold: threshold,
            windowStart: entry.meter.window.lowerBound,
            limit: entry.limit,
            spent: entry.meter.posted
        )
    }

    /// What time alone does: windows end, forecasts move, reservations nobody settled expire.
    package mutating func tick(at time: Timestamp) {
        let now = advance(to: time)
        for (number, reservation) in reservations where reservation.expires.map({ $0 <= now }) ?? false {
            release(reservation: number)
        }
        makeSingleMeters(at: now)
        for index in meters.indices {
            refresh(index, at: now)
            evaluate(index, at: now)
        }
        allowances.forget(before: now)
        forgetIdle()
    }
}

extension Consumption {
    /// What is left after `other`, never below nothing.
    func minus(_ other: Consumption) -> Consumption {
        Consumption(
            cost: max(.zero, cost - other.cost),
            tokens: max(0, tokens - max(0, other.tokens)),
            calls: max(0, calls - max(0, other.calls))
        )
    }
}
