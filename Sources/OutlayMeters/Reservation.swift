package import OutlayCore

/// What a call asks of the meters before it is forwarded.
package struct BudgetRequest: Sendable {
    package var subject: CallSubject
    /// When it began: the window it counts in.
    package var at: Timestamp
    /// The most it can take.
    package var most: Consumption
    /// The policies that ask for an approval of it.
    package var asking: [String] = []
    /// The approval that let it pass before, whatever is left of it: what it took is held again.
    package var approval: String?

    package init(_ subject: CallSubject, at: Timestamp, most: Consumption) {
        self.subject = subject
        self.at = at
        self.most = most
    }
}

/// What is set aside for one call, in every budget it counts in.
struct Reservation: Sendable {
    let call: ReservedCall
    /// `nil` where its budgets cannot be watched.
    var match: Match?
    /// How many windows had ended when it was made; see ``MeterEntry/openedAt``.
    var since: UInt64
    /// What may still come.
    var remaining: Consumption

    var slots: [Slot] { match?.slots ?? [] }
}

/// What of a reservation stays as it is: one reference, however often the rest is moved.
final class ReservedCall: Sendable {
    let request: BudgetRequest
    /// The approval that lets it pass.
    let allowance: String?
    /// From when on it is given back without having been settled; calls of the gateway are always settled.
    let expires: Timestamp?

    init(_ request: BudgetRequest, allowance: String?, expires: Timestamp?) {
        self.request = request
        self.allowance = allowance
        self.expires = expires
    }
}

/// How a call may go on.
package enum BudgetDecision: Sendable {
    /// By this number it is settled; the most it can take is set aside. It passes by an approval where it needs one.
    case admitted(UInt64, most: Consumption, approval: String?)
    case refused(BudgetRefusal)
    /// Over budgets, or under policies, that people can let it pass: their names, and the first budget's figures.
    case needsApproval([String], BudgetRefusal?)
    /// Too fast; it may try again in so many seconds, from 1 to 60.
    case throttled(BudgetRefusal, seconds: Int)
    case suspended(Suspension)
    /// There are more groups than can be watched, and a hard budget is among them.
    case unwatchable(budget: String)
}

/// Which budget stands in the way of a call, and by how much.
package struct BudgetRefusal: Hashable, Sendable {
    package var budget: String
    package var group: [Tag]
    package var unit: BudgetUnit
    package var limit: Int128
    package var spent: Int128
    package var reserved: Int128
    package var requested: Int128
    /// When the window ends; `nil` for caps per call and run, and for rolling periods, which never begin anew.
    package var resetsAt: Timestamp?
    package var message: String?
    /// Whether it would fit if the calls in flight took nothing: waiting may help.
    package var mayFit: Bool
}

/// Something that happened to a meter, for its owner to carry out, each once per window.
package struct BudgetEffect: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case reached
        /// The threshold's actions ended.
        case left
        /// A call took more than was set aside for it: the difference.
        case overrun(Int128)
    }

    package var kind: Kind
    package var budget: String
    package var group: [Tag]
    /// The index among the budget's thresholds; -1 where none is concerned.
    package var threshold: Int
    package var windowStart: Timestamp
    package var limit: Int128
    package var spent: Int128
    /// The call that did it; `nil` when time alone did.
    package var agent: String?
    package var key: String?
}
