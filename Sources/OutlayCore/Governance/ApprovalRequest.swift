/// Something people are asked for: that a call may pass its budgets or policies, or that a budget is raised.
package struct ApprovalRequest: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case pending, approved, denied, expired
    }

    package var id: String
    /// The budgets or policies that stand in the way.
    package var subjects: [String]
    package var requester: Principal
    package var key: String?
    package var agent: String?
    package var run: String?
    package var team: String?
    package var user: String?
    /// The most the call can cost.
    package var estimate: Money?
    package var figures: [Figure]
    package var justification: String?
    package var at: Timestamp
    /// From then on nobody can decide it any more.
    package var expires: Timestamp
    /// What is asked for, where it is a higher limit.
    package var increase: Increase?
    package var decision: Decision?

    package var state: State { decision?.state ?? .pending }

    package init(
        id: String,
        subjects: [String],
        requester: Principal,
        at: Timestamp,
        expires: Timestamp,
        figures: [Figure] = []
    ) {
        self.id = id
        self.subjects = subjects
        self.requester = requester
        self.at = at
        self.expires = expires
        self.figures = figures
    }

    /// How one meter stood when it was asked.
    package struct Figure: Hashable, Sendable, Codable {
        package var budget: String
        package var group: [Tag]
        package var limit: BudgetLimit
        package var spent: BudgetLimit
        package var reserved: BudgetLimit
        package var requested: BudgetLimit
        /// When the window ends.
        package var resets: Timestamp?

        package init(
            budget: String,
            group: [Tag] = [],
            limit: BudgetLimit,
            spent: BudgetLimit,
            reserved: BudgetLimit,
            requested: BudgetLimit,
            resets: Timestamp? = nil
        ) {
            self.budget = budget
            self.group = group
            self.limit = limit
            self.spent = spent
            self.reserved = reserved
            self.requested = requested
            self.resets = resets
        }
    }

    /// So much more for a budget, until then.
    package struct Increase: Hashable, Sendable, Codable {
        package var budget: String
        package var amount: BudgetLimit
        package var until: Timestamp

        package init(budget: String, amount: BudgetLimit, until: Timestamp) {
            self.budget = budget
            self.amount = amount
            self.until = until
        }
    }

    package struct Decision: Hashable, Sendable, Codable {
        package var state: State
        package var by: Principal
        package var at: Timestamp
        package var terms: ApprovalTerms?
        package var reason: String?
        /// What to change in the configuration, where the budget is kept in a file.
        package var patch: String?
    }
}

/// What an approval lets through.
package struct ApprovalTerms: Hashable, Sendable, Codable {
    package enum Extent: String, Hashable, Sendable, Codable, CaseIterable {
        /// One call.
        case once
        /// Every call of the run it was asked for, up to the amount.
        case run
        /// Calls of the requester up to the amount.
        case amount
        /// Calls of the requester until then.
        case time
    }

    package var extent: Extent
    /// The most it lets through.
    package var amount: Money?
    package var until: Timestamp

    package init(_ extent: Extent, amount: Money? = nil, until: Timestamp) {
        self.extent = extent
        self.amount = amount
        self.until = until
    }
}

/// An approval in force, and what was taken of it.
package struct Approval: Hashable, Sendable {
    package var request: ApprovalRequest
    package var terms: ApprovalTerms
    /// As it was last written down.
    package var posted = Money.zero
    package var isUsed = false

    package var id: String { request.id }

    /// Whose calls it covers: those of the requester's key and agent for the same team and user, and of the run where
    /// it is for one.
    ///
    /// Several people and teams may share a key; what was approved for one of them is not there for the others, nor
    /// for calls that name nobody.
    package var scope: Scope {
        var tags = [
            Tag(.key, request.key ?? ""), Tag(.team, request.team ?? ""), Tag(.user, request.user ?? ""),
        ]
        if let agent = request.agent { tags.append(Tag(.agent, agent)) }
        if terms.extent == .run, let run = request.run { tags.append(Tag(.run, run)) }
        return Scope(exactly: tags)
    }
}

/// What a call that needs a yes asks.
package struct ApprovalQuestion: Hashable, Sendable {
    /// The budgets or policies that stand in the way.
    package var names: [String]
    /// The name of the key that makes the call; `nil` where the administrator asks in the name of a run.
    package var key: String?
    package var agent: String?
    package var run: String?
    package var team: String?
    package var user: String?
    package var estimate: Money?
    package var figures: [ApprovalRequest.Figure]
    package var justification: String?

    package init(names: [String], key: String?, figures: [ApprovalRequest.Figure] = []) {
        self.names = names
        self.key = key
        self.figures = figures
    }

    /// The question of a call that is about to be made.
    ///
    /// - Parameter subject: its key, agent, run, team and user are taken from here.
    package init(
        names: [String],
        subject: CallSubject,
        estimate: Money?,
        figures: [ApprovalRequest.Figure],
        justification: String? = nil
    ) {
        self.init(names: names, key: subject.value(of: .key), figures: figures)
        agent = subject.value(of: .agent)
        run = subject.value(of: .run)
        team = subject.value(of: .team)
        user = subject.value(of: .user)
        self.estimate = estimate
        self.justification = justification
    }

    /// Who asks: every call has a key, so that only the administrator ever asks without one.
    package var requester: Principal { key.map(Principal.key) ?? .administrator }

    /// Questions with the same identity share one request.
    package struct Identity: Hashable, Sendable {
        let names: Set<String>
        let requester: Principal
        let agent: String?
        let run: String?
        let team: String?
        let user: String?
    }

    package var identity: Identity {
        Identity(names: Set(names), requester: requester, agent: agent, run: run, team: team, user: user)
    }
}

extension ApprovalRequest {
    var identity: ApprovalQuestion.Identity {
        ApprovalQuestion.Identity(
            names: Set(subjects),
            requester: requester,
            agent: agent,
            run: run,
            team: team,
            user: user
        )
    }
}

/// What a call is told about its question.
package struct ApprovalTicket: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case pending
        case denied(reason: String)
        /// Too many are waiting for an answer already.
        case refused(reason: String)
    }

    /// The request's id; empty when it was refused.
    package var id: String
    package var isNew: Bool
    package var state: State
    /// Where people decide it.
    package var link: String
    package var expires: Timestamp

    package init(id: String, isNew: Bool, state: State, link: String = "", expires: Timestamp) {
        self.id = id
        self.isNew = isNew
        self.state = state
        self.link = link
        self.expires = expires
    }
}
