package import OutlayCore

/// A request for approval as the API shows it.
package struct ApprovalAnswer: Codable, Hashable, Sendable {
    package var id: String
    package var state: String
    /// `call` or `increase`.
    package var kind: String
    package var subjects: [String]
    package var requester: String
    package var key: String?
    package var agent: String?
    package var run: String?
    package var team: String?
    package var user: String?
    package var estimateUSD: String?
    package var figures: [ApprovalRequest.Figure]
    package var justification: String?
    package var at: String
    package var expires: String
    package var increase: ApprovalRequest.Increase?
    package var decision: Decision?
    /// Where people decide it.
    package var link: String

    private enum CodingKeys: String, CodingKey {
        case id, state, kind, subjects, requester, key, agent, run, team, user, figures, justification, at, expires
        case increase, decision, link
        case estimateUSD = "estimate_usd"
    }

    package struct Decision: Codable, Hashable, Sendable {
        package var by: String
        package var at: String
        package var reason: String?
        /// `once`, `run`, `amount` or `time`; absent for increases and denials.
        package var extent: String?
        package var amountUSD: String?
        package var until: String?
        /// What to change in the configuration, where the budget is kept in a file; nothing is applied before.
        package var patch: String?

        private enum CodingKeys: String, CodingKey {
            case by, at, reason, extent, until, patch
            case amountUSD = "amount_usd"
        }
    }

    package init(_ request: ApprovalRequest, link: String) {
        id = request.id
        state = request.state.rawValue
        kind = request.increase == nil ? "call" : "increase"
        subjects = request.subjects
        requester = "\(request.requester)"
        key = request.key
        agent = request.agent
        run = request.run
        team = request.team
        user = request.user
        estimateUSD = request.estimate.map { "\($0)" }
        figures = request.figures
        justification = request.justification
        at = "\(request.at)"
        expires = "\(request.expires)"
        increase = request.increase
        decision = request.decision.map { decision in
            Decision(
                by: "\(decision.by)",
                at: "\(decision.at)",
                reason: decision.reason,
                extent: decision.terms?.extent.rawValue,
                amountUSD: decision.terms?.amount.map { "\($0)" },
                until: (decision.terms?.until).map { "\($0)" },
                patch: decision.patch
            )
        }
        self.link = link
    }
}

/// A row of the audit log.
package struct AuditAnswer: Codable, Hashable, Sendable {
    package var sequence: Int64
    package var at: String
    package var actor: String
    package var subject: String
    package var change: GovernanceChange
    package var reason: String?
    package var request: String?

    package init(_ entry: AuditEntry) {
        sequence = entry.sequence
        at = "\(entry.draft.at)"
        actor = "\(entry.draft.actor)"
        subject = entry.draft.change.subject
        change = entry.draft.change
        reason = entry.draft.reason
        request = entry.draft.request
    }
}

/// What `POST /api/v1/budgets/NAME/grants`, `overrides` and `increases` take.
package struct AdjustmentRequest: Codable, Hashable, Sendable {
    /// `500 USD`, `1000000 tokens`; a bare figure is dollars.
    package var amount: String
    /// A month or day (included), an instant, or a span from now: `24h`, `7d`.
    package var until: String
    package var reason: String
    /// The values of the budget's group, in its order; absent for every group.
    package var group: [String]?

    package init(amount: String, until: String, reason: String, group: [String]? = nil) {
        self.amount = amount
        self.until = until
        self.reason = reason
        self.group = group
    }
}

/// What deciding takes: `approve` and `deny` of one request, and `decide` of several together.
package struct DecisionRequest: Codable, Hashable, Sendable {
    package var ids: [String]?
    /// `approve` or `deny`, for `decide`.
    package var decision: String?
    package var extent: String?
    package var amountUSD: String?
    package var until: String?
    package var reason: String?

    private enum CodingKeys: String, CodingKey {
        case ids, decision, extent, until, reason
        case amountUSD = "amount_usd"
    }

    package init() {}
}

/// What `POST /api/v1/suspensions` takes; `POST /api/v1/agents/NAME/suspend` only the reason.
package struct SuspensionRequest: Codable, Hashable, Sendable {
    package var scope: Scope?
    package var reason: String?

    package init(scope: Scope? = nil, reason: String? = nil) {
        self.scope = scope
        self.reason = reason
    }
}

/// What `POST /api/v1/budgets/NAME/sign-off` takes.
package struct SignOffRequest: Codable, Hashable, Sendable {
    package var until: String?
    package var reason: String?

    package init(until: String? = nil, reason: String? = nil) {
        self.until = until
        self.reason = reason
    }
}
