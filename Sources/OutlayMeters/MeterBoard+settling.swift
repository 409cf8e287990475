package import OutlayCore

extension MeterBoard {
    /// One attempt of a call was booked as the event `id`: of what was set aside, its cost stays held until the ledger
    /// has the event.
    ///
    /// - Parameter isLast: whether nothing more comes of the call; the rest is then given back.
    package mutating func settle(_ id: EventID, _ actual: Consumption, reservation number: UInt64, isLast: Bool) {
        guard var reservation = reservations.removeValue(forKey: number) else { return }
        var booked = reservation
        booked.remaining = actual
        let excess = Amounts(actual) - Amounts(reservation.remaining)
        if excess.isPositive { noteOverrun(of: reservation.slots, excess) }
        var change = excess
        if !isLast {
            reservation.remaining = reservation.remaining.minus(actual)
            reservations[number] = reservation
            change = change + Amounts(reservation.remaining)
        }
        hold(change, for: booked)
        // Two calls may end as one event, as two looks at one background response do: it is booked, and held, once.
        if let other = uncommitted.updateValue(booked, forKey: id) { release(other) }
    }

    /// The call never happened: everything is given back.
    package mutating func release(reservation number: UInt64) {
        guard let reservation = reservations.removeValue(forKey: number) else { return }
        release(reservation)
    }

    /// The ledger has the event: it counts, under its own tags, and what was held for it is given back.
    package mutating func post(_ event: CostEvent, at time: Timestamp) {
        commit(event.id, Consumption(of: event), event.service, event.attribution, eventAt: event.at, at: time)
    }

    /// ``post(_:at:)`` for an event of which only its cost and its values are given.
    package mutating func commit(
        _ id: EventID,
        _ actual: Consumption,
        of subject: CallSubject,
        eventAt: Timestamp,
        at time: Timestamp
    ) {
        commit(id, actual, subject.service, subject.attribution, eventAt: eventAt, at: time)
    }

    private mutating func commit(
        _ id: EventID,
        _ actual: Consumption,
        _ service: ServiceUse,
        _ attribution: Attribution,
        eventAt: Timestamp,
        at time: Timestamp
    ) {
        let now = advance(to: time)
        let held = uncommitted.removeValue(forKey: id)
        if let held {
            if let allowance = held.call.allowance { allowances.post(actual.cost.picodollars, to: allowance) }
            release(held)
        }
        // Most events have the values of their calls, whose match is at hand.
        if let known = held?.match, isAbout(known, service, attribution) {
            post(Amounts(actual), to: known, attribution, eventAt: eventAt, now)
        } else if let match = match(service, attribution, at: now) {
            post(Amounts(actual), to: match, attribution, eventAt: eventAt, now)
        }
    }

    /// Counts what is in the ledger already, when meters are made from it.
    package mutating func post(
        _ sum: Consumption,
        of subject: CallSubject,
        eventAt: Timestamp,
        at time: Timestamp
    ) {
        let now = advance(to: time)
        guard let match = match(subject, at: now) else { return }
        post(Amounts(sum), to: match, subject.attribution, eventAt: eventAt, now)
    }

    /// The ledger had the event already: nothing more is held for it, and nothing is counted again.
    package mutating func discard(_ id: EventID) {
        if let held = uncommitted.removeValue(forKey: id) { release(held) }
    }

    private mutating func post(
        _ actual: Amounts,
        to match: Match,
        _ attribution: Attribution,
        eventAt: Timestamp,
        _ now: Timestamp
    ) {
        for slot in match.slots where slot.meter >= 0 {
            refresh(slot.meter, at: now)
            let isLate = eventAt < meters[slot.meter].meter.window.lowerBound
            if isLate, let carryOver = rules[slot.rule].budget.carryOver {
                postLate(actual[slot.unit], slot, carryOver, eventAt)
            } else {
                meters[slot.meter].meter.post(actual[slot.unit], at: eventAt)
            }
            evaluate(slot.meter, by: attribution, at: now)
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
                agenda.stir(slot.meter)
                return
            }
        }
    }

    // MARK: - Holding

    /// Sets so much more aside for a call, or less where it is negative, and in the approval it passes by.
    mutating func hold(_ change: Amounts, for reservation: Reservation) {
        holdInMeters(change, for: reservation)
        if let allowance = reservation.call.allowance { allowances.reserve(change.dollars, of: allowance) }
    }

    mutating func holdInMeters(_ change: Amounts, for reservation: Reservation) {
        // A window that is over holds nothing any more.
        for slot in reservation.slots where slot.meter >= 0 && meters[slot.meter].openedAt <= reservation.since {
            meters[slot.meter].meter.hold(change[slot.unit])
        }
    }

    private mutating func release(_ reservation: Reservation) {
        hold(-Amounts(reservation.remaining), for: reservation)
    }

    private mutating func noteOverrun(of slots: [Slot], _ excess: Amounts) {
        for slot in slots where slot.isHard && slot.meter >= 0 && excess[slot.unit] > 0 {
            add(effect(.overrun(excess[slot.unit]), meters[slot.meter], threshold: -1))
        }
    }

    // MARK: - Thresholds

    /// Looks at the thresholds of a meter, unless what is posted has left none behind since the last look.
    ///
    /// - Parameter attribution: whose call it was; `nil` when time alone did it.
    @inline(__always)
    mutating func evaluate(_ index: Int, by attribution: Attribution? = nil, at now: Timestamp) {
        let isCalm = meters[index].calm.contains(meters[index].meter.posted)
        if !isCalm { lookAtThresholds(index, by: attribution, at: now) }
    }

    private mutating func lookAtThresholds(_ index: Int, by attribution: Attribution?, at now: Timestamp) {
        let thresholds = rules[meters[index].rule].budget.thresholds
        for found in meters[index].meter.evaluate(thresholds, limit: meters[index].limit, at: now) {
            var effect =
                switch found {
                case .reached(let threshold): effect(.reached, meters[index], threshold: threshold)
                case .left(let threshold): effect(.left, meters[index], threshold: threshold)
                }
            effect.agent = attribution?.effective[.agent]
            effect.key = attribution?.key
            add(effect)
        }
        meters[index].calm = meters[index].meter.calm(thresholds, limit: meters[index].limit)
        // The forecast of something moves with the time, that of nothing does not.
        if meters[index].calm.isEmpty, meters[index].meter.posted != 0 { agenda.stir(index) }
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
        for (number, reservation) in reservations where reservation.call.expires.map({ $0 <= now }) ?? false {
            release(reservation: number)
        }
        makeSingleMeters(at: now)
        for index in agenda.takeDue(at: now) {
            refresh(index, at: now)
            evaluate(index, at: now)
            schedule(index, at: now)
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
