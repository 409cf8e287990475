internal import Foundation
package import OutlayCore
internal import OutlayMeters
internal import OutlaySQLite
internal import OutlayVault
internal import OutlayWeb
package import OutlayWire

extension Installation: GovernanceOperations {
    package func principal(for secret: String) -> Principal? {
        let digest = KeyDigest(of: Array(secret.utf8).span)
        let approver = governance.governance.settings.approvers.first { $0.isRecognised(by: digest) }
        if let approver { return .approver(approver.name) }
        let key = current.clientKeys.first { $0.digest == digest }
        guard let key, key.isValid(at: now()) else { return nil }
        return .key(key.rules.name)
    }

    package func isIngestOnly(key name: String) -> Bool {
        current.key(named: name, at: now())?.rules.door == .ingest
    }

    package func isApprover(_ name: String) -> Bool {
        governance.governance.settings.approver(name) != nil
    }

    package var decided: Governance { governance.governance }

    package func link(to request: String) -> String {
        governance.link(to: request)
    }

    package func budgets() -> [BudgetAnswer] {
        let meters = Dictionary(grouping: status()) { $0.budget.name }
        return governance.budgets.map { budget in
            BudgetAnswer(budget, meters: (meters[budget.name] ?? []).map(MeterAnswer.init))
        }
    }

    private func status() -> [MeterStatus] {
        let now = now()
        return meters.change { $0.status(at: now) }
    }

    package func agent(_ name: String) -> AgentAnswer {
        var tags = current.configuration.agents.first { $0.name == name }?.tags ?? .empty
        tags[.agent] = name
        let subject = CallSubject(tags: tags, key: nil)
        let suspensions = decided.suspensions.values
            .filter { suspension in suspension.scope.contains { subject.value(of: $0) } }.sorted { $0.id < $1.id }
        let meters = status().filter { meter in
            meter.budget.scope.contains { subject.value(of: $0) }
                && meter.group.allSatisfy { subject.value(of: $0.dimension) ?? "" == $0.value }
        }
        let throttles = meters.flatMap { meter in
            meter.inForce.filter { meter.budget.thresholds.indices.contains($0) }
                .flatMap { meter.budget.thresholds[$0].actions }
                .compactMap { action -> String? in
                    guard case .throttle(let rate) = action else { return nil }
                    return "the budget '\(meter.budget.name)' throttles to \(rate)"
                }
        }
        let stops = suspensions.map { "suspended by \($0.by) at \($0.at): \($0.reason)" }
        return AgentAnswer(
            name: name,
            state: !stops.isEmpty ? .suspended : throttles.isEmpty ? .running : .throttled,
            why: stops + throttles,
            suspensions: suspensions,
            meters: meters.map(MeterAnswer.init)
        )
    }

    package func execute(
        _ command: GovernanceCommand,
        by principal: Principal,
        reason: String?,
        request: String
    ) async throws -> [GovernanceChange] {
        try await governance.execute(command, by: principal, reason: reason, request: request)
    }

    package func audit(before sequence: Int64, limit: Int) async throws -> [AuditEntry] {
        try await ledger.entries(before: sequence, limit: limit)
    }

    // MARK: - Admissions

    package func admit(_ question: AdmissionQuestion, by principal: Principal) async throws -> AdmissionAnswer {
        let seconds = question.seconds ?? 3600
        guard (1...86_400).contains(seconds) else { throw GovernanceProblem.invalid("'seconds' is from 1 to 86400.") }
        var subject = try subject(of: question, by: principal)
        subject.service.model = question.model
        let tokens = max(0, question.promptTokens ?? 0).addingSaturating(max(0, question.maxOutputTokens ?? 0))
        let most = Consumption(cost: try estimate(question), tokens: tokens)
        let found = governance.admit(
            BudgetRequest(subject, at: now(), most: most),
            seconds: seconds,
            key: principal.keyName,
            justification: question.justification
        )
        if case .admitted(let form) = found, form.approval != nil {
            do {
                try await governance.writeDown()
            } catch {
                try? governance.release(form.id, key: principal.keyName)
                throw error
            }
        }
        return AdmissionAnswer(found)
    }

    /// Tags as the gateway would have them: the key's locks win.
    private func subject(
        of question: AdmissionQuestion,
        by principal: Principal
    ) throws(GovernanceProblem) -> CallSubject {
        let state = current
        let stored = principal.keyName.flatMap { state.key(named: $0, at: now()) }
        let resolver = AttributionResolver(state.configuration)
        var claims = Claims()
        var tags = question.tags ?? [:]
        tags["agent"] = question.agent ?? tags["agent"]
        tags["run"] = question.run ?? tags["run"]
        guard tags.count <= 32 else { throw .invalid("At most 32 tags.") }
        for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
            guard Dimension(name) != nil else { throw .invalid("'\(name)' is no dimension.") }
            resolver.collect(anyName: name, value: value, from: .event, into: &claims)
        }
        var attribution = resolver.attribute(claims, key: stored?.rules ?? KeyRules(name: "admin"), at: now())
        if stored == nil { attribution.key = nil }
        let service = ServiceUse(provider: question.provider ?? "", api: "")
        return CallSubject(service: service, attribution: attribution)
    }

    private func estimate(_ question: AdmissionQuestion) throws(GovernanceProblem) -> Money {
        if let text = question.estimateUSD {
            guard let amount = Money(dollars: text), amount >= .zero, amount <= .largest else {
                throw .invalid("'estimate_usd' is a decimal string in dollars, from 0 up.")
            }
            return amount
        }
        guard let model = question.model, let provider = question.provider else {
            throw .invalid("Say 'estimate_usd', or 'provider', 'model', 'prompt_tokens' and 'max_output_tokens'.")
        }
        let usage: Usage = [
            .input: min(max(0, question.promptTokens ?? 0), 1 << 40),
            .output: min(max(0, question.maxOutputTokens ?? 0), 1 << 40),
        ]
        let rating = current.pricing.rate(
            [UsagePart(usage: usage)],
            provider: provider,
            api: "",
            model: model,
            at: now(),
            context: RatingContext()
        )
        guard rating.state == .rated, let cost = rating.total else {
            throw .invalid("The price book has no price of '\(model)': say 'estimate_usd'.")
        }
        return cost
    }

    package func settle(
        _ id: String,
        cost: Money,
        by principal: Principal
    ) throws(GovernanceProblem) -> AdmissionAnswer {
        AdmissionAnswer(try governance.settle(id, cost: cost, key: principal.keyName))
    }

    package func release(_ id: String, by principal: Principal) throws(GovernanceProblem) {
        try governance.release(id, key: principal.keyName)
    }
}

extension Principal {
    /// The name of the client key it is; `nil` for people.
    var keyName: String? { if case .key(let name) = self { name } else { nil } }
}

extension ApprovalSettings.Approver {
    fileprivate func isRecognised(by digest: KeyDigest) -> Bool {
        switch secret {
        case .digest(let own): own == digest
        case .environment(let name):
            ProcessInfo.processInfo.environment[name].map {
                !$0.isEmpty && KeyDigest(of: Array($0.utf8).span) == digest
            } ?? false
        }
    }
}

extension MeterAnswer {
    init(_ status: MeterStatus) {
        self.init(
            status.budget,
            group: status.group,
            window: status.window,
            figures: Figures(
                limit: status.limit,
                posted: status.posted,
                reserved: status.reserved,
                forecast: status.forecast,
                carried: status.carried
            )
        )
        thresholds = status.budget.thresholds.enumerated().map { index, threshold in
            MeterAnswer.Threshold(
                threshold,
                announced: status.announced.contains(index),
                inForce: status.inForce.contains(index)
            )
        }
        grants = status.adjustments.map { AdjustmentForm($0, unit: status.budget.limit.unit) }
    }
}

extension AdmissionAnswer {
    fileprivate init(_ found: GovernanceDesk.Admitted) {
        switch found {
        case .admitted(let form): self.init(form)
        case .refused(let refusal):
            self.init(.refused, message: refusal.message, refusal: ApprovalRequest.Figure(refusal))
        case .pending(let ticket, let refusal):
            self.init(.pending, message: refusal.message, refusal: ApprovalRequest.Figure(refusal))
            id = ticket.id.isEmpty ? nil : ticket.id
            link = ticket.link.isEmpty ? nil : ticket.link
            expires = "\(ticket.expires)"
            switch ticket.state {
            case .pending: retryAfter = 10
            case .denied(let reason), .refused(let reason):
                state = .refused
                message = reason
            }
        case .throttled(let refusal, let seconds):
            self.init(.throttled, message: refusal.message, refusal: ApprovalRequest.Figure(refusal))
            retryAfter = seconds
        case .suspended(let suspension):
            self.init(.suspended, message: "Suspended by \(suspension.by): \(suspension.reason)")
        case .full(let reason): self.init(.refused, message: reason)
        }
    }
}
