package import OutlayCore

extension MeterBoard {
    /// Sets aside the most a call can take, in every budget it counts in: all of them, or none.
    ///
    /// - Parameter lifetime: seconds after which it is given back unsettled; `nil` for calls that always end.
    package mutating func reserve(
        _ request: BudgetRequest,
        at time: Timestamp,
        lifetime: Int64? = nil
    ) -> BudgetDecision {
        let now = advance(to: time)
        if let suspension = suspension(of: request.subject) { return .suspended(suspension) }
        guard let match = match(request.subject, at: now) else { return unwatchable(request.subject) }
        for slot in match.slots where slot.meter >= 0 { refresh(slot.meter, at: now) }
        let allowance: String?
        switch judge(request, match, at: now) {
        case .pass(let id): allowance = id
        case .stop(let decision): return decision
        }
        let reservation = Reservation(
            call: ReservedCall(request, allowance: allowance, expires: lifetime.map { now.advanced(bySeconds: $0) }),
            match: match,
            since: windowsEnded,
            remaining: request.most
        )
        hold(Amounts(request.most), for: reservation)
        if match.hasThrottles { takeFromThrottles(match, request.most, at: now) }
        let number = nextNumber()
        reservations[number] = reservation
        return .admitted(number, most: request.most, approval: allowance)
    }

    private func suspension(of subject: CallSubject) -> Suspension? {
        guard !suspensions.isEmpty else { return nil }
        return suspensions.first { $0.scope.contains { subject.value(of: $0) } }
    }

    /// The models a call may be sent to instead of `model`, because a budget of its is near its end.
    package mutating func downgrades(for subject: CallSubject, at time: Timestamp) -> [String] {
        guard hasDowngrades else { return [] }
        let now = advance(to: time)
        let model = subject.value(of: .model) ?? ""
        let slots = match(subject, at: now)?.slots ?? []
        return slots.flatMap { slot -> [String] in
            guard slot.meter >= 0, !rules[slot.rule].downgrades.isEmpty else { return [] }
            refresh(slot.meter, at: now)
            let inForce = meters[slot.meter].meter.inForce
            return rules[slot.rule].downgrades.filter { inForce.contains($0.threshold) }
                .flatMap(\.swaps).filter { $0.from.matches(model) && $0.to != model }.map(\.to)
        }
    }

    private enum Judgement {
        /// With this approval, where one is needed.
        case pass(String?)
        case stop(BudgetDecision)
    }

    private mutating func judge(_ request: BudgetRequest, _ match: Match, at now: Timestamp) -> Judgement {
        var asking: [BudgetRefusal] = []
        var full: BudgetRefusal?
        let most = Amounts(request.most)
        for slot in match.slots {
            if slot.meter >= 0, meters[slot.meter].isPlain(slot, most[slot.unit]) { continue }
            switch standing(slot, request.most, isApproved: false, at: now) {
            case .fits: continue
            case .needsApproval(let mayFit): asking.append(refusal(slot, request, mayFit: mayFit))
            case .full(_, let mayFit):
                guard mayFit else { return .stop(.refused(refusal(slot, request, mayFit: false))) }
                if full == nil { full = refusal(slot, request, mayFit: true) }
            }
        }
        if let full { return .stop(.refused(full)) }
        let names = asking.map(\.budget) + request.asking
        let allowance = names.isEmpty ? nil : request.approval ?? allowances.find(names, request, at: now)?.id
        if !names.isEmpty, allowance == nil { return .stop(.needsApproval(names, asking.first)) }
        if match.hasThrottles, let throttled = throttled(request, match.slots, at: now) { return .stop(throttled) }
        return .pass(allowance)
    }

    func standing(_ slot: Slot, _ most: Consumption, isApproved: Bool, at now: Timestamp) -> Standing {
        let rule = rules[slot.rule]
        let amount = most.amount(in: rule.unit)
        let isCritical = slot.isCritical && (rule.budget.critical?.isSignedOff(at: now) ?? false)
        guard slot.meter >= 0 else {
            let limit = rule.budget.limit.amount
            let ceilings = rule.ceilings.ceilings(limit: limit, isHard: slot.isHard, isCritical: isCritical)
            return BudgetMeter(window: now..<now).standing(for: amount, under: ceilings, isApproved: isApproved)
        }
        if rule.hasForecasts, !isCritical {
            let inForce = meters[slot.meter].meter.inForce
            if rule.forecastBlocks.contains(where: inForce.contains) { return .full(ceiling: 0, mayFit: false) }
            if !isApproved, rule.forecastApprovals.contains(where: inForce.contains) {
                return .needsApproval(mayFit: false)
            }
        }
        let limit = meters[slot.meter].limit
        let ceilings = rule.ceilings.ceilings(limit: limit, isHard: slot.isHard, isCritical: isCritical)
        return meters[slot.meter].meter.standing(for: amount, under: ceilings, isApproved: isApproved)
    }

    func refusal(_ slot: Slot, _ request: BudgetRequest, mayFit: Bool) -> BudgetRefusal {
        let budget = rules[slot.rule].budget
        let isRolling = rules[slot.rule].isRolling
        let entry: MeterEntry? = slot.meter >= 0 ? meters[slot.meter] : nil
        let end = entry?.meter.window.upperBound
        return BudgetRefusal(
            budget: budget.name,
            group: entry.map { tags(of: $0) } ?? [],
            unit: budget.limit.unit,
            limit: limit(for: slot, entry),
            spent: entry?.meter.posted ?? 0,
            reserved: entry?.meter.reserved ?? 0,
            requested: request.most.amount(in: budget.limit.unit),
            resetsAt: end.flatMap { isRolling || $0.microseconds == .max ? nil : $0 },
            message: budget.message ?? reachedMessage(entry, budget),
            mayFit: mayFit
        )
    }

    /// The limit a call is held to: the second one for critical calls that were signed off.
    private func limit(for slot: Slot, _ entry: MeterEntry?) -> Int128 {
        let budget = rules[slot.rule].budget
        let limit = entry?.limit ?? budget.limit.amount
        guard slot.isCritical, let critical = budget.critical, critical.isSignedOff(at: clock) else { return limit }
        return max(critical.limit, limit)
    }

    /// What the highest threshold in force says.
    private func reachedMessage(_ entry: MeterEntry?, _ budget: Budget) -> String? {
        guard let entry else { return budget.thresholds.last { $0.message != nil }?.message }
        let inForce = budget.thresholds.enumerated().last { entry.meter.inForce.contains($0) && $1.message != nil }
        return inForce?.element.message ?? budget.thresholds.last { $0.message != nil && $0.percent >= 100 }?.message
    }

    /// The values that tell the meters of one budget apart.
    func tags(of entry: MeterEntry) -> [Tag] {
        zip(rules[entry.rule].dimensions, entry.group).map { Tag($0, $1) }
    }

    private func unwatchable(_ subject: CallSubject) -> BudgetDecision {
        let value = { subject.value(of: $0) }
        let hard = rules.first { $0.isConcerned(value) && $0.budget.enforcement.isHard(in: value(.environment)) }
        // Fail open: a soft budget only tells, and what it would tell is in the ledger all the same.
        return hard.map { .unwatchable(budget: $0.budget.name) } ?? .admitted(0, most: .none, approval: nil)
    }

    // MARK: - Throttles

    private mutating func throttled(
        _ request: BudgetRequest,
        _ slots: [Slot],
        at now: Timestamp
    ) -> BudgetDecision? {
        for slot in slots where slot.meter >= 0 && !rules[slot.rule].throttles.isEmpty {
            for (index, throttle) in rules[slot.rule].throttles.enumerated()
            where meters[slot.meter].meter.inForce.contains(throttle.threshold) {
                let amount = request.most.amount(in: throttle.rate.unit)
                if let seconds = meters[slot.meter].throttles[index].wait(for: amount, at: now) {
                    return .throttled(refusal(slot, request, mayFit: false), seconds: seconds)
                }
            }
        }
        return nil
    }

    private mutating func takeFromThrottles(_ match: Match, _ most: Consumption, at now: Timestamp) {
        for slot in match.slots where slot.meter >= 0 {
            for (index, throttle) in rules[slot.rule].throttles.enumerated()
            where meters[slot.meter].meter.inForce.contains(throttle.threshold) {
                meters[slot.meter].throttles[index].take(most.amount(in: throttle.rate.unit), at: now)
            }
        }
    }
}
