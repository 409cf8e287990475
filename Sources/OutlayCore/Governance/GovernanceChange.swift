/// One thing that was decided or that happened, as the audit log keeps it.
///
/// The words of ``kind`` and the members of the payloads are stable: a log is read by every later version.
package enum GovernanceChange: Hashable, Sendable {
    case budgetSet(BudgetForm)
    case budgetRemoved(String)
    /// A grant or an override.
    case adjusted(AdjustmentForm)
    case approvalRequested(ApprovalRequest)
    case justified(Note)
    case decided(DecisionForm)
    case approvalUsed(Use)
    case signedOff(SignOffForm)
    case suspended(Suspension)
    case resumed(String)
    case thresholdReached(Announcement)
    case overrun(Announcement)
    case admission(AdmissionForm)

    package var kind: String {
        switch self {
        case .budgetSet: "budget_set"
        case .budgetRemoved: "budget_removed"
        case .adjusted(let form): form.isOverride ? "overridden" : "granted"
        case .approvalRequested(let request): request.increase == nil ? "approval_requested" : "increase_requested"
        case .justified: "justified"
        case .decided(let form): form.state.rawValue
        case .approvalUsed: "approval_used"
        case .signedOff: "signed_off"
        case .suspended: "suspended"
        case .resumed: "resumed"
        case .thresholdReached: "threshold_reached"
        case .overrun: "overrun"
        case .admission(let form): "admission_" + form.step.rawValue
        }
    }

    /// What it is about: a budget, a request, a suspension or an admission.
    package var subject: String {
        switch self {
        case .budgetSet(let form): form.name
        case .budgetRemoved(let name): name
        case .adjusted(let form): form.budget
        case .approvalRequested(let request): request.id
        case .justified(let note): note.id
        case .decided(let form): form.id
        case .approvalUsed(let use): use.id
        case .signedOff(let form): form.budget
        case .suspended(let suspension): suspension.id
        case .resumed(let id): id
        case .thresholdReached(let announcement), .overrun(let announcement): announcement.budget
        case .admission(let form): form.id
        }
    }
}

extension GovernanceChange: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind, detail
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let kind = try container.decode(String.self, forKey: .kind)
        func detail<Value: Decodable>() throws -> Value { try container.decode(Value.self, forKey: .detail) }
        switch kind {
        case "budget_set": self = .budgetSet(try detail())
        case "budget_removed": self = .budgetRemoved(try detail())
        case "granted", "overridden": self = .adjusted(try detail())
        case "approval_requested", "increase_requested": self = .approvalRequested(try detail())
        case "justified": self = .justified(try detail())
        case "approved", "denied", "expired": self = .decided(try detail())
        case "approval_used": self = .approvalUsed(try detail())
        case "signed_off": self = .signedOff(try detail())
        case "suspended": self = .suspended(try detail())
        case "resumed": self = .resumed(try detail())
        case "threshold_reached": self = .thresholdReached(try detail())
        case "overrun": self = .overrun(try detail())
        case "admission_opened", "admission_settled", "admission_released": self = .admission(try detail())
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .kind,
                in: container,
                debugDescription: "'\(kind)' is a change that this program does not know"
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        switch self {
        case .budgetSet(let form): try container.encode(form, forKey: .detail)
        case .budgetRemoved(let text), .resumed(let text): try container.encode(text, forKey: .detail)
        case .adjusted(let form): try container.encode(form, forKey: .detail)
        case .approvalRequested(let request): try container.encode(request, forKey: .detail)
        case .justified(let note): try container.encode(note, forKey: .detail)
        case .decided(let form): try container.encode(form, forKey: .detail)
        case .approvalUsed(let use): try container.encode(use, forKey: .detail)
        case .signedOff(let form): try container.encode(form, forKey: .detail)
        case .suspended(let suspension): try container.encode(suspension, forKey: .detail)
        case .thresholdReached(let found), .overrun(let found): try container.encode(found, forKey: .detail)
        case .admission(let form): try container.encode(form, forKey: .detail)
        }
    }
}

/// A grant or an override, in the unit of its budget.
package struct AdjustmentForm: Hashable, Sendable, Codable {
    package var id: String
    package var budget: String
    /// The one meter it is for; `nil` for every meter of the budget.
    package var group: [String]?
    package var isOverride: Bool
    package var amount: BudgetLimit
    package var from: Timestamp
    package var until: Timestamp
    package var by: String
    package var reason: String

    private enum CodingKeys: String, CodingKey {
        case id, budget, group, amount, from, until, by, reason
        case isOverride = "override"
    }

    package init(_ adjustment: Adjustment, unit: BudgetUnit) {
        id = adjustment.id
        budget = adjustment.budget
        group = adjustment.group
        switch adjustment.change {
        case .grant(let amount): (isOverride, self.amount) = (false, BudgetLimit(unit, amount))
        case .override(let amount): (isOverride, self.amount) = (true, BudgetLimit(unit, amount))
        }
        from = adjustment.from
        until = adjustment.until
        by = adjustment.by
        reason = adjustment.reason
    }

    package init(
        id: String,
        budget: String,
        group: [String]?,
        isOverride: Bool,
        amount: BudgetLimit,
        from: Timestamp,
        until: Timestamp,
        by: String,
        reason: String
    ) {
        self.id = id
        self.budget = budget
        self.group = group
        self.isOverride = isOverride
        self.amount = amount
        self.from = from
        self.until = until
        self.by = by
        self.reason = reason
    }

    package var adjustment: Adjustment {
        Adjustment(
            id: id,
            budget: budget,
            group: group,
            change: isOverride ? .override(amount.amount) : .grant(amount.amount),
            from: from,
            until: until,
            by: by,
            reason: reason
        )
    }
}

/// Why a call should pass, in the requester's words.
package struct Note: Hashable, Sendable, Codable {
    package var id: String
    package var text: String
}

/// How a request ended.
package struct DecisionForm: Hashable, Sendable, Codable {
    package var id: String
    package var state: ApprovalRequest.State
    package var terms: ApprovalTerms?
    package var patch: String?
}

/// What was taken of an approval so far.
package struct Use: Hashable, Sendable, Codable {
    package var id: String
    package var posted: Money
    package var isUsed: Bool

    private enum CodingKeys: String, CodingKey {
        case id, posted
        case isUsed = "used"
    }

    package init(id: String, posted: Money, isUsed: Bool) {
        self.id = id
        self.posted = posted
        self.isUsed = isUsed
    }
}

/// Somebody takes responsibility for critical calls past the limit.
package struct SignOffForm: Hashable, Sendable, Codable {
    package var budget: String
    package var by: String
    package var from: Timestamp
    package var until: Timestamp?
}

/// A threshold that was reached, or a call that took more than was set aside.
package struct Announcement: Hashable, Sendable, Codable {
    package var budget: String
    package var group: [Tag]
    /// Which threshold: its percentage and basis; both absent for an overrun.
    package var percent: Int?
    package var basis: Threshold.Basis?
    package var severity: Threshold.Severity?
    /// Whom to tell.
    package var notify: [String]
    /// Where the window began, in microseconds since 1970: the same threshold is announced once in it.
    package var window: Int64
    package var limit: BudgetLimit
    package var spent: BudgetLimit
    /// By how much a call overran.
    package var excess: BudgetLimit?
    package var agent: String?
    package var key: String?
    package var message: String?

    package init(budget: String, group: [Tag], window: Timestamp, limit: BudgetLimit, spent: BudgetLimit) {
        self.budget = budget
        self.group = group
        notify = []
        self.window = window.microseconds
        self.limit = limit
        self.spent = spent
    }
}

/// A step in the life of a run that asked before it spent.
package struct AdmissionForm: Hashable, Sendable, Codable {
    package enum Step: String, Hashable, Sendable, Codable {
        case opened, settled, released
    }

    package var id: String
    package var step: Step
    /// The name of the key that asked.
    package var key: String?
    package var tags: [Tag]
    /// What is set aside, or what it cost.
    package var cost: Money
    package var tokens: Int64
    /// Until when it is held.
    package var expires: Timestamp
    /// The approval that let it pass.
    package var approval: String?

    package init(id: String, step: Step, key: String?, tags: [Tag], cost: Money, tokens: Int64, expires: Timestamp) {
        self.id = id
        self.step = step
        self.key = key
        self.tags = tags
        self.cost = cost
        self.tokens = tokens
        self.expires = expires
    }
}
