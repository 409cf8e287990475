extension Governance {
    /// What a command changes, or why it changes nothing.
    ///
    /// - Parameters:
    ///   - id: a fresh name for what the command makes.
    ///   - reason: why, in the principal's words.
    package func decide(
        _ command: GovernanceCommand,
        by principal: Principal,
        id: String,
        reason: String?,
        at now: Timestamp
    ) throws(GovernanceProblem) -> [GovernanceChange] {
        try check(reason)
        switch command {
        case .setBudget(let form): return try set(form, by: principal)
        case .removeBudget(let name): return try remove(name, by: principal)
        case .adjust(let wanted):
            return try adjust(wanted, Maker(principal: principal, id: id, reason: reason ?? "", now: now))
        case .requestIncrease(let increase):
            return try ask(for: increase, Maker(principal: principal, id: id, reason: reason ?? "", now: now))
        case .approve(let ids, let offer): return try approve(ids, offer, by: principal, at: now)
        case .deny(let ids): return try deny(ids, reason: reason, by: principal, at: now)
        case .justify(let id, let text): return try justify(id, text, by: principal)
        case .signOff(let budget, let until): return try signOff(budget, until: until, by: principal, at: now)
        case .suspend(let scope):
            return try suspend(scope, Maker(principal: principal, id: id, reason: reason ?? "", now: now))
        case .resume(let id): return try resume(id, by: principal)
        }
    }

    /// Who makes something, under which name, why and when.
    private struct Maker {
        let principal: Principal
        let id: String
        let reason: String
        let now: Timestamp
    }

    private static let reasonBytesMax = 2000
    private static let adjustmentSecondsMax: Int64 = 366 * 86_400

    private func check(_ reason: String?) throws(GovernanceProblem) {
        guard reason?.utf8.count ?? 0 <= Self.reasonBytesMax else {
            throw .invalid("A reason has at most \(Self.reasonBytesMax) bytes.")
        }
    }

    private func requireAdministrator(_ principal: Principal, _ what: String) throws(GovernanceProblem) {
        guard principal == .administrator else {
            throw .forbidden("Only the administrator may \(what); \(principal) may not.")
        }
    }

    private func known(_ name: String) throws(GovernanceProblem) -> Budget {
        guard let budget = budget(name) else {
            throw .notFound("There is no budget '\(name)'. List them with outlay budget list.")
        }
        return budget
    }

    private func requireCommand(_ name: String) throws(GovernanceProblem) {
        guard let kept = fileBudgets[name], case .file(let file, let line) = kept.origin else { return }
        throw .conflict("The budget '\(name)' is kept in \(file):\(line): change it there.")
    }

    // MARK: - Budgets

    private func set(_ form: BudgetForm, by principal: Principal) throws(GovernanceProblem) -> [GovernanceChange] {
        try requireAdministrator(principal, "set budgets")
        guard !form.name.isEmpty, form.name.utf8.count <= 128, form.name.unicodeScalars.allSatisfy({ $0.value >= 32 })
        else { throw .invalid("A budget needs a name of 1 to 128 bytes in one line.") }
        try requireCommand(form.name)
        guard form.at?.count ?? 0 <= ThresholdSet.countMax else {
            throw .invalid("A budget has at most \(ThresholdSet.countMax) thresholds.")
        }
        guard budgets[form.name] != nil || budgets.count < Self.budgetsMax else {
            throw .tooMany("There are \(budgets.count) budgets set by command: remove one first.")
        }
        let made = try form.budget()
        if let before = budget(form.name) { try requireSecondPerson(toRaise: before, to: made.limit) }
        return [.budgetSet(BudgetForm(made))]
    }

    /// Two people raise a limit by more than the settings let one do: one asks, another approves.
    ///
    /// - Parameter limit: the limit wanted; `nil` for none at all.
    private func requireSecondPerson(
        toRaise budget: Budget,
        to limit: BudgetLimit?
    ) throws(GovernanceProblem) {
        guard let most = settings.aloneMost, budget.limit.unit == .dollars else { return }
        if let limit, limit.unit == .dollars,
            limit.amount.subtractingReportingOverflow(budget.limit.amount).partialValue <= most.picodollars
        {
            return
        }
        throw .forbidden(
            "Raising a limit by more than $\(most) takes two people: ask with outlay budget increase, and somebody "
                + "else approves."
        )
    }

    private func remove(_ name: String, by principal: Principal) throws(GovernanceProblem) -> [GovernanceChange] {
        try requireAdministrator(principal, "remove budgets")
        try requireCommand(name)
        try requireSecondPerson(toRaise: try known(name), to: nil)
        return [.budgetRemoved(name)]
    }

    private func adjust(
        _ wanted: GovernanceCommand.Adjusting,
        _ maker: Maker
    ) throws(GovernanceProblem) -> [GovernanceChange] {
        try requireAdministrator(maker.principal, "change a limit; others request an increase")
        guard !maker.reason.isEmpty else { throw .invalid("Say why: a change of a limit needs a reason.") }
        let budget = try known(wanted.budget)
        try check(wanted.amount, until: wanted.until, of: budget, at: maker.now)
        guard wanted.isOverride || wanted.amount.amount > 0 else { throw .invalid("A grant is above 0.") }
        if let group = wanted.group, group.count != budget.groupBy.count {
            let names = budget.groupBy.map(\.name).joined(separator: ", ")
            throw .invalid("The budget '\(budget.name)' groups by \(names.isEmpty ? "nothing" : names).")
        }
        let others = given.values.filter { $0.budget == wanted.budget && $0.until > maker.now }
        let granted = wanted.isOverride ? [] : [budget.limit] + others.filter { !$0.isOverride }.map(\.amount)
        let raised = granted.reduce(wanted.amount.amount) { sum, limit in
            let (sum, overflow) = sum.addingReportingOverflow(limit.amount)
            return overflow ? .max : sum
        }
        try requireSecondPerson(toRaise: budget, to: BudgetLimit(wanted.amount.unit, raised))
        let inForce = others.count
        guard inForce < Self.adjustmentsPerBudgetMax else {
            throw .tooMany("The budget has \(inForce) grants in force already: change its limit instead.")
        }
        return [
            .adjusted(
                AdjustmentForm(
                    id: maker.id,
                    budget: wanted.budget,
                    group: wanted.group,
                    isOverride: wanted.isOverride,
                    amount: wanted.amount,
                    from: maker.now,
                    until: wanted.until,
                    by: maker.principal.description,
                    reason: maker.reason
                )
            )
        ]
    }

    private func check(
        _ amount: BudgetLimit,
        until: Timestamp,
        of budget: Budget,
        at now: Timestamp
    ) throws(GovernanceProblem) {
        guard amount.unit == budget.limit.unit else {
            throw .invalid("The budget '\(budget.name)' counts in \(budget.limit.unit.rawValue).")
        }
        guard until > now, until <= now.advanced(bySeconds: Self.adjustmentSecondsMax) else {
            throw .invalid("It must end in the future, within a year and a day.")
        }
    }

    private func signOff(
        _ name: String,
        until: Timestamp?,
        by principal: Principal,
        at now: Timestamp
    ) throws(GovernanceProblem) -> [GovernanceChange] {
        try requireAdministrator(principal, "sign a budget off")
        guard try known(name).critical != nil else {
            throw .invalid("The budget '\(name)' has no second limit for critical calls to sign off.")
        }
        guard until.map({ $0 > now }) ?? true else { throw .invalid("A sign-off must end in the future.") }
        return [.signedOff(SignOffForm(budget: name, by: principal.description, from: now, until: until))]
    }

    // MARK: - Increases

    private func ask(
        for increase: ApprovalRequest.Increase,
        _ maker: Maker
    ) throws(GovernanceProblem) -> [GovernanceChange] {
        guard !maker.reason.isEmpty else { throw .invalid("Say why: a request needs a reason.") }
        let budget = try known(increase.budget)
        try check(increase.amount, until: increase.until, of: budget, at: maker.now)
        guard increase.amount.amount > 0 else { throw .invalid("An increase is above 0.") }
        let open = requests.values.first {
            $0.state == .pending && $0.expires > maker.now && $0.increase?.budget == increase.budget
                && $0.requester == maker.principal
        }
        if let open { throw .conflict("Your request \(open.id) for this budget is still open.") }
        if let reason = fullness(for: maker.principal) { throw .tooMany(reason) }
        var request = ApprovalRequest(
            id: maker.id,
            subjects: [increase.budget],
            requester: maker.principal,
            at: maker.now,
            expires: maker.now.advanced(bySeconds: Int64(settings.expiresSeconds))
        )
        request.increase = increase
        request.justification = maker.reason
        request.team = budget.scope.onlyValue(of: .team)
        return [.approvalRequested(request)]
    }

    /// Why one more request of this principal cannot be taken; `nil` when it can.
    func fullness(for principal: Principal) -> String? {
        if openRequests(of: principal) >= Self.openPerRequesterMax {
            return "\(principal) waits for \(Self.openPerRequesterMax) approvals already: have some decided first."
        }
        return openRequests >= Self.openMax
            ? "\(Self.openMax) approvals are open already: have some decided first." : nil
    }

    // MARK: - Suspensions

    private func suspend(_ scope: Scope, _ maker: Maker) throws(GovernanceProblem) -> [GovernanceChange] {
        guard maker.principal == .outlay || maker.principal == .administrator else {
            throw .forbidden("Only the administrator may suspend; \(maker.principal) may not.")
        }
        // A budget over everything may suspend everything; a person who forgot to name somebody may not.
        guard !scope.conditions.isEmpty || maker.principal == .outlay else {
            throw .invalid("Say whom to suspend: agent=NAME, key=NAME, team=NAME.")
        }
        if let known = suspensions.values.first(where: { $0.scope == scope }) {
            throw .conflict("\(scope) is suspended already, by \(known.by) at \(known.at): \(known.id).")
        }
        guard suspensions.count < Self.suspensionsMax else {
            throw .tooMany("\(suspensions.count) suspensions are in force: resume some first.")
        }
        let by = maker.principal.description
        return [
            .suspended(Suspension(id: maker.id, scope: scope, reason: maker.reason, by: by, at: maker.now))
        ]
    }

    private func resume(_ id: String, by principal: Principal) throws(GovernanceProblem) -> [GovernanceChange] {
        try requireAdministrator(principal, "resume what was suspended")
        guard suspensions[id] != nil else { throw .notFound("No suspension '\(id)' is in force.") }
        return [.resumed(id)]
    }
}

extension Scope {
    /// The one plain value that `dimension` must have, if there is one.
    func onlyValue(of dimension: Dimension) -> String? {
        guard let condition = conditions.first(where: { $0.dimension == dimension }), condition.values.count == 1,
            let pattern = condition.values.first, !pattern.isNegated, !pattern.text.utf8.contains(UInt8(ascii: "*"))
        else { return nil }
        return pattern.text
    }
}
