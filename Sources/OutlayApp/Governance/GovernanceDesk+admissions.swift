package import OutlayCore
package import OutlayMeters
internal import Synchronization

extension GovernanceDesk {
    /// What became of a run that asked whether it may start.
    package enum Admitted: Sendable {
        /// Set aside until it is settled, released, or over.
        case admitted(AdmissionForm)
        case refused(BudgetRefusal)
        /// Somebody must approve first; ask again then.
        case pending(ApprovalTicket, BudgetRefusal)
        case throttled(BudgetRefusal, seconds: Int)
        case suspended(Suspension)
        /// There are more groups, or admissions, than can be watched.
        case full(String)
    }

    /// Sets aside the most a run can cost, for at most `seconds`, in every budget it counts in.
    ///
    /// What passes by an approval must be written down, with ``writeDown()``, before anybody acts on it: after a kill
    /// the approval would let another run pass.
    ///
    /// - Parameter key: the name of the key that asks; only it may settle or release.
    package func admit(
        _ request: BudgetRequest,
        seconds: Int64,
        key: String?,
        justification: String? = nil
    ) -> Admitted {
        let now = now()
        let isFull = state.withLock {
            $0.governance.admissions.count >= Governance.admissionsMax || $0.unwritten.count >= Self.unwrittenMax
        }
        guard !isFull else { return .full("Too many runs hold an admission: settle or release some.") }
        switch meters.reserve(request, seconds: seconds) {
        case .admitted(let number, _, let approval):
            var form = AdmissionForm(
                id: Self.newID("adm", at: now),
                step: .opened,
                key: key,
                tags: Array(request.subject.tags),
                cost: request.most.cost,
                tokens: request.most.tokens,
                expires: now.advanced(bySeconds: seconds)
            )
            form.approval = approval
            state.withLock { $0.held[form.id] = number }
            takeEffectUnwritten([
                AuditDraft(at: now, actor: Self.actor(key), change: .admission(form))
            ])
            if approval != nil { takeEffectUnwritten(uses(at: now)) }
            return .admitted(form)
        case .refused(let refusal): return .refused(refusal)
        case .needsApproval(let names, let refusal):
            guard let refusal else { return .full("Someone must approve this run first.") }
            let question = ApprovalQuestion(
                names: names,
                subject: request.subject,
                estimate: request.most.cost,
                figures: [ApprovalRequest.Figure(refusal)],
                justification: justification
            )
            return .pending(ask(question), refusal)
        case .throttled(let refusal, let seconds): return .throttled(refusal, seconds: seconds)
        case .suspended(let suspension): return .suspended(suspension)
        case .unwatchable(let budget): return .full("The budget '\(budget)' has more groups than can be watched.")
        }
    }

    /// The run is over and cost so much: that stays held until the admission's end, or until its events are booked.
    ///
    /// - Parameter key: who asks; `nil` for the administrator, who may settle every admission.
    package func settle(_ id: String, cost: Money, key: String?) throws(GovernanceProblem) -> AdmissionForm {
        var form = try open(id, of: key)
        guard cost >= .zero, cost <= .largest else { throw .invalid("'cost_usd' is an amount from 0 up.") }
        form.step = .settled
        form.cost = cost
        settle(form)
        takeEffectUnwritten([AuditDraft(at: now(), actor: Self.actor(key), change: .admission(form))])
        return form
    }

    /// The run did not happen: everything is given back.
    package func release(_ id: String, key: String?) throws(GovernanceProblem) {
        let form = try open(id, of: key)
        release(form, by: Self.actor(key), at: now())
    }

    /// Holds again what admissions hold, after the meters were made anew.
    package func reopenAdmissions() {
        let now = now()
        state.withLock { $0.held = [:] }
        for form in governance.admissions.values.sorted(by: { $0.id < $1.id }) where form.expires > now {
            let seconds = (form.expires.microseconds - now.microseconds) / 1_000_000 + 1
            guard case .admitted(let number, _, _) = meters.reserve(BudgetRequest(form, at: now), seconds: seconds)
            else {
                continue
            }
            state.withLock { $0.held[form.id] = number }
            if form.step == .settled { settle(form) }
        }
    }

    /// Telemetry booked events: an admission whose run has now posted all that it holds gives it back.
    package func heard(_ events: [CostEvent]) {
        let admissions = governance.admissions
        guard !admissions.isEmpty else { return }
        let now = now()
        for event in events {
            guard let run = event.value(of: .run) else { continue }
            let cost = Consumption(of: event).cost
            for form in admissions.values where TagSet(form.tags)[.run] == run {
                let arrived = state.withLock { state in
                    let sum = (state.arrived[form.id] ?? .zero) + cost
                    state.arrived[form.id] = sum
                    return sum
                }
                guard arrived >= form.cost, governance.admissions[form.id] != nil else { continue }
                release(form, by: .outlay, at: now)
            }
        }
    }

    func releaseOverdueAdmissions(at now: Timestamp) {
        let overdue = governance.admissions.values.filter { $0.expires <= now }
        for form in overdue.sorted(by: { $0.id < $1.id }) { release(form, by: .outlay, at: now) }
    }

    private static func actor(_ key: String?) -> Principal {
        key.map(Principal.key) ?? .administrator
    }

    private func open(_ id: String, of key: String?) throws(GovernanceProblem) -> AdmissionForm {
        guard let form = governance.admissions[id], key == nil || form.key == key else {
            throw .notFound("There is no admission '\(id)': it was released, or its time is over.")
        }
        guard form.step == .opened else { throw .conflict("The admission '\(id)' is settled already.") }
        return form
    }

    private func settle(_ form: AdmissionForm) {
        guard let number = state.withLock({ $0.held.removeValue(forKey: form.id) }) else { return }
        let actual = Consumption(cost: form.cost, tokens: form.tokens)
        meters.change { $0.settle(form.event, actual, reservation: number, isLast: true) }
    }

    private func release(_ form: AdmissionForm, by principal: Principal, at now: Timestamp) {
        var form = form
        if let number = state.withLock({ $0.held.removeValue(forKey: form.id) }) {
            meters.release(reservation: number)
        }
        state.withLock { $0.arrived[form.id] = nil }
        if form.step == .settled { meters.change { $0.discard(form.event) } }
        form.step = .released
        takeEffectUnwritten([AuditDraft(at: now, actor: principal, change: .admission(form))])
    }
}

extension AdmissionForm {
    /// Under which name the meters hold what a settled run cost.
    fileprivate var event: EventID { EventID(source: "admission", id: id) }
}

extension BudgetRequest {
    fileprivate init(_ form: AdmissionForm, at now: Timestamp) {
        self.init(
            CallSubject(tags: TagSet(form.tags), key: form.key),
            at: now,
            most: Consumption(cost: form.cost, tokens: form.tokens)
        )
        approval = form.approval
    }
}

extension CallSubject {
    /// A run of which only its tags are known; `provider`, `model` and `workspace` may be among them.
    package init(tags: TagSet, key: String?) {
        var service = ServiceUse(provider: tags[.provider] ?? "", api: tags[.api] ?? "")
        service.model = tags[.model]
        service.upstream = tags[.upstream]
        self.init(
            service: service,
            attribution: Attribution(
                workspace: tags[.workspace] ?? Workspace.defaultName,
                key: key,
                effective: tags.without([.provider, .api, .model, .upstream, .workspace, .key])
            )
        )
    }

    /// What ``init(tags:key:)`` makes the same subject of, the key apart.
    fileprivate var tags: TagSet {
        var tags = attribution.effective
        tags[.workspace] = attribution.workspace
        if let model = service.model ?? service.requestedModel { tags[.model] = model }
        if !service.provider.isEmpty { tags[.provider] = service.provider }
        return tags
    }
}

extension ApprovalRequest.Figure {
    package init(_ refusal: BudgetRefusal) {
        let unit = refusal.unit
        self.init(
            budget: refusal.budget,
            group: refusal.group,
            limit: BudgetLimit(unit, refusal.limit),
            spent: BudgetLimit(unit, refusal.spent),
            reserved: BudgetLimit(unit, refusal.reserved),
            requested: BudgetLimit(unit, refusal.requested),
            resets: refusal.resetsAt
        )
    }
}
