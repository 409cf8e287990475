/// What a person or a program wants changed.
package enum GovernanceCommand: Hashable, Sendable {
    case setBudget(BudgetForm)
    case removeBudget(String)
    case adjust(Adjusting)
    case requestIncrease(ApprovalRequest.Increase)
    /// All of these requests, or none. Terms are `nil` for increases, whose request says them.
    case approve([String], ApprovalOffer)
    case deny([String])
    case justify(String, text: String)
    case signOff(budget: String, until: Timestamp?)
    case suspend(Scope)
    /// By the suspension's id.
    case resume(String)

    package struct Adjusting: Hashable, Sendable {
        package var budget: String
        package var group: [String]?
        package var isOverride: Bool
        package var amount: BudgetLimit
        package var until: Timestamp

        package init(
            budget: String,
            group: [String]? = nil,
            isOverride: Bool = false,
            amount: BudgetLimit,
            until: Timestamp
        ) {
            self.budget = budget
            self.group = group
            self.isOverride = isOverride
            self.amount = amount
            self.until = until
        }
    }

    /// Terms as they were asked for; what is left out has a default.
    package struct ApprovalOffer: Hashable, Sendable {
        package var extent: ApprovalTerms.Extent
        package var amount: Money?
        package var until: Timestamp?

        package init(_ extent: ApprovalTerms.Extent = .once, amount: Money? = nil, until: Timestamp? = nil) {
            self.extent = extent
            self.amount = amount
            self.until = until
        }
    }
}

/// Why a command was not carried out; nothing was changed.
package struct GovernanceProblem: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case invalid, forbidden, notFound, conflict, tooMany
    }

    package var kind: Kind
    /// What happened and what to do, one sentence.
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package static func invalid(_ message: String) -> Self { Self(.invalid, message) }
    package static func forbidden(_ message: String) -> Self { Self(.forbidden, message) }
    package static func notFound(_ message: String) -> Self { Self(.notFound, message) }
    package static func conflict(_ message: String) -> Self { Self(.conflict, message) }
    package static func tooMany(_ message: String) -> Self { Self(.tooMany, message) }
}
