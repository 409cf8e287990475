package import OutlayCore

/// What the ledger has for one combination of values in one stretch of time.
package struct RestoredSum: Sendable {
    package var values: [Dimension: String]
    package var at: Timestamp
    package var sum: Consumption

    package init(values: [Dimension: String], at: Timestamp, sum: Consumption) {
        self.values = values
        self.at = at
        self.sum = sum
    }
}

extension MeterBoard {
    /// The dimensions a budget must be asked about in the ledger.
    package func watched(by budget: Int) -> [Dimension] {
        rules.indices.contains(budget) ? Set(rules[budget].watched).sorted() : []
    }

    /// The stretches of time whose sums make the meters of a budget, ascending; empty for caps per call.
    package func spans(of budget: Int, at now: Timestamp) -> [Range<Timestamp>] {
        guard rules.indices.contains(budget) else { return [] }
        let rule = rules[budget]
        switch rule.budget.calendar.period {
        case .call: return []
        case .run: return [now.advanced(bySeconds: -Self.runSeconds)..<now.advanced(bySeconds: 1)]
        case .rolling(let seconds):
            let slice = BudgetMeter.sliceSeconds(ofRolling: seconds)
            let first = now.microseconds / 1_000_000 - seconds
            let start = first - ((first % slice) + slice) % slice
            return stride(from: start, through: now.microseconds / 1_000_000, by: Int(slice)).map {
                Timestamp(seconds: $0)..<Timestamp(seconds: $0 + slice)
            }
        case .hour, .day, .week, .month, .quarter, .year:
            var spans = [rule.window(at: now)]
            guard rule.budget.carryOver != nil else { return spans }
            for _ in 0..<CarryOver.periodsMax {
                spans.insert(rule.budget.calendar.window(before: spans[0].lowerBound, in: rule.zone), at: 0)
            }
            return spans
        }
    }

    /// A run that nobody has heard of for a day is over.
    private static let runSeconds: Int64 = 86_400

    /// Makes the meters of one budget from what the ledger has.
    ///
    /// - Parameter sums: by rising time, within ``spans(of:at:)``.
    package mutating func restore(_ sums: [RestoredSum], of budget: Int, at time: Timestamp) {
        guard rules.indices.contains(budget) else { return }
        let rule = rules[budget]
        let start = rule.budget.carryOver == nil ? time : sums.first?.at ?? time
        for sum in sums {
            let value = { (dimension: Dimension) in sum.values[dimension] }
            guard rule.isConcerned(value), let group = rule.group(value),
                let index = meter(of: budget, group, at: start)
            else { continue }
            refresh(index, at: min(max(sum.at, start), time))
            meters[index].meter.post(sum.sum.amount(in: rule.budget.limit.unit), at: sum.at)
            agenda.stir(index)
        }
        let now = advance(to: time)
        for index in meters.indices where meters[index].rule == budget { refresh(index, at: now) }
    }

    /// Takes over the calls in flight of the board before it, and what they hold of approvals.
    package mutating func takeOver(_ old: MeterBoard, at time: Timestamp) {
        let now = advance(to: max(time, old.clock))
        allowances.takeOver(old.allowances)
        continueNumbers(of: old)
        for (number, reservation) in old.reservations { reservations[number] = held(reservation, at: now) }
        for (id, reservation) in old.uncommitted { uncommitted[id] = held(reservation, at: now) }
        forgetLimits()
    }

    private mutating func held(_ reservation: Reservation, at now: Timestamp) -> Reservation {
        var reservation = reservation
        reservation.match = match(reservation.call.request.subject, at: now)
        for slot in reservation.slots where slot.meter >= 0 { refresh(slot.meter, at: now) }
        reservation.since = windowsEnded
        holdInMeters(Amounts(reservation.remaining), for: reservation)
        return reservation
    }

    /// Whether a hard budget stands over such a call.
    package mutating func isHardLimited(_ subject: CallSubject, at time: Timestamp) -> Bool {
        guard !rules.isEmpty else { return false }
        let now = advance(to: time)
        guard let match = match(subject, at: now) else { return true }
        return match.slots.contains { $0.isHard }
    }
}
