extension Governance {
    /// How long an approval lasts that says nothing of it.
    static let approvalSeconds: Int64 = 86_400
    private static let approvalSecondsMax: Int64 = 31 * 86_400
    private static let noteBytesMax = 2000

    // MARK: - Asking

    /// What a question becomes.
    package enum Asked: Hashable, Sendable {
        /// Somebody asked the same before.
        case known(ApprovalRequest)
        case new(ApprovalRequest)
        case refused(String)
    }

    /// Finds the request of a question, or makes it; equal questions share one.
    package func ask(_ question: ApprovalQuestion, id: String, at now: Timestamp) -> Asked {
        if let known = request(asking: question.identity), known.expires > now { return .known(known) }
        let principal = question.requester
        if let reason = fullness(for: principal) { return .refused(reason) }
        var request = ApprovalRequest(
            id: id,
            subjects: Set(question.names).sorted(),
            requester: principal,
            at: now,
            expires: now.advanced(bySeconds: Int64(settings.expiresSeconds)),
            figures: question.figures
        )
        request.key = question.key
        request.agent = question.agent
        request.run = question.run
        request.team = question.team
        request.user = question.user
        request.estimate = question.estimate
        request.justification = question.justification.map { String($0.prefix(Self.noteBytesMax / 4)) }
        return .new(request)
    }

    func justify(_ id: String, _ text: String, by principal: Principal) throws(GovernanceProblem) -> [GovernanceChange]
    {
        guard let request = requests[id], principal == .administrator || principal == request.requester else {
            throw .notFound("There is no request '\(id)'.")
        }
        guard request.state == .pending else { throw Self.alreadyDecided(request) }
        guard !text.isEmpty, text.utf8.count <= Self.noteBytesMax else {
            throw .invalid("A justification has 1 to \(Self.noteBytesMax) bytes.")
        }
        return [.justified(Note(id: id, text: text))]
    }

    // MARK: - Deciding

    func approve(
        _ ids: [String],
        _ offer: GovernanceCommand.ApprovalOffer,
        by principal: Principal,
        at now: Timestamp
    ) throws(GovernanceProblem) -> [GovernanceChange] {
        var changes: [GovernanceChange] = []
        for id in try unique(ids) {
            let request = try decidable(id, by: principal, at: now)
            if let increase = request.increase {
                try checkBound(principal, amount: increase.amount.unit == .dollars ? increase.amount.amount : nil)
                changes += try raise(increase, request, by: principal, at: now)
            } else {
                let terms = try terms(offer, for: request, at: now)
                try checkBound(principal, amount: (terms.amount ?? onceBound(terms, request))?.picodollars)
                changes.append(.decided(DecisionForm(id: id, state: .approved, terms: terms)))
            }
        }
        return changes
    }

    func deny(
        _ ids: [String],
        reason: String?,
        by principal: Principal,
        at now: Timestamp
    ) throws(GovernanceProblem) -> [GovernanceChange] {
        guard let reason, !reason.isEmpty else { throw .invalid("Say why: a denial needs a reason.") }
        var changes: [GovernanceChange] = []
        for id in try unique(ids) {
            _ = try decidable(id, by: principal, at: now)
            changes.append(.decided(DecisionForm(id: id, state: .denied)))
        }
        return changes
    }

    /// The requests that nobody decided in time.
    package func overdue(at now: Timestamp) -> [GovernanceChange] {
        requests.values.filter { $0.state == .pending && $0.expires <= now }.sorted { $0.id < $1.id }
            .map { .decided(DecisionForm(id: $0.id, state: .expired)) }
    }

    private func unique(_ ids: [String]) throws(GovernanceProblem) -> [String] {
        guard !ids.isEmpty, ids.count <= Self.openMax else { throw .invalid("Name 1 to \(Self.openMax) requests.") }
        guard Set(ids).count == ids.count else { throw .invalid("A request is named twice.") }
        return ids
    }

    private func decidable(
        _ id: String,
        by principal: Principal,
        at now: Timestamp
    ) throws(GovernanceProblem) -> ApprovalRequest {
        guard let request = requests[id] else {
            throw .notFound("There is no request '\(id)'. List them with outlay approvals list.")
        }
        try checkRight(principal, request)
        guard request.state == .pending else { throw Self.alreadyDecided(request) }
        guard now < request.expires else { throw .conflict("The request \(id) expired at \(request.expires).") }
        return request
    }

    static func alreadyDecided(_ request: ApprovalRequest) -> GovernanceProblem {
        guard let decision = request.decision else { return .conflict("The request \(request.id) is open.") }
        let what = "was \(decision.state.rawValue) by \(decision.by) at \(decision.at)"
        return .conflict("The request \(request.id) \(what).")
    }

    /// Approvers decide for their teams, the administrator for all, and nobody for himself.
    private func checkRight(_ principal: Principal, _ request: ApprovalRequest) throws(GovernanceProblem) {
        let own = "Nobody decides his own request: \(request.id)."
        guard principal != request.requester else { throw .forbidden(own) }
        switch principal {
        case .administrator: return
        case .approver(let name):
            guard let approver = settings.approver(name) else {
                throw .forbidden("'\(name)' is not among the approvers (any more).")
            }
            guard ![request.key, request.user].contains(name) else {
                throw .forbidden(own)
            }
            if let teams = approver.teams, !(request.team.map(teams.contains) ?? false) {
                throw .forbidden("'\(name)' decides for \(teams.joined(separator: ", ")) only, not \(request.id).")
            }
        case .key, .outlay: throw .forbidden("Only people decide requests.")
        }
    }

    /// - Parameter amount: picodollars; `nil` when what is let through has no bound.
    private func checkBound(_ principal: Principal, amount: Int128?) throws(GovernanceProblem) {
        guard case .approver(let name) = principal, let most = settings.approver(name)?.max else { return }
        guard let amount else { throw .forbidden("'\(name)' may let through $\(most) at most: name an amount.") }
        guard amount <= most.picodollars else { throw .forbidden("'\(name)' may let through $\(most) at most.") }
    }

    private func onceBound(_ terms: ApprovalTerms, _ request: ApprovalRequest) -> Money? {
        terms.extent == .once ? request.estimate : nil
    }

    private func terms(
        _ offer: GovernanceCommand.ApprovalOffer,
        for request: ApprovalRequest,
        at now: Timestamp
    ) throws(GovernanceProblem) -> ApprovalTerms {
        let until = offer.until ?? now.advanced(bySeconds: Self.approvalSeconds)
        guard until > now, until <= now.advanced(bySeconds: Self.approvalSecondsMax) else {
            throw .invalid("An approval must end in the future, within 31 days.")
        }
        if let amount = offer.amount, amount <= .zero { throw .invalid("An amount is above 0.") }
        switch offer.extent {
        case .once: break
        case .run:
            guard request.run != nil else { throw .invalid("The request \(request.id) is of no run.") }
            guard offer.amount != nil else { throw .invalid("Say up to which amount the run may go.") }
        case .amount:
            guard offer.amount != nil else { throw .invalid("Say which amount.") }
        case .time:
            guard offer.until != nil else { throw .invalid("Say until when.") }
        }
        return ApprovalTerms(offer.extent, amount: offer.amount, until: until)
    }

    /// Raises the limit, or says what to change in the file that keeps it.
    private func raise(
        _ increase: ApprovalRequest.Increase,
        _ request: ApprovalRequest,
        by principal: Principal,
        at now: Timestamp
    ) throws(GovernanceProblem) -> [GovernanceChange] {
        guard let budget = budget(increase.budget), budget.limit.unit == increase.amount.unit else {
            throw .conflict("The budget '\(increase.budget)' is no longer what the request was about.")
        }
        guard now < increase.until else { throw .conflict("The increase would have ended at \(increase.until).") }
        if case .file = budget.origin {
            let patch = BudgetPatch(budget, increase, request: request.id, by: principal).text
            return [.decided(DecisionForm(id: request.id, state: .approved, patch: patch))]
        }
        return [
            .decided(DecisionForm(id: request.id, state: .approved)),
            .adjusted(
                AdjustmentForm(
                    id: request.id,
                    budget: increase.budget,
                    group: nil,
                    isOverride: false,
                    amount: increase.amount,
                    from: now,
                    until: increase.until,
                    by: principal.description,
                    reason: request.justification ?? ""
                )
            ),
        ]
    }
}
