internal import OutlayCore
internal import OutlayMeters
internal import OutlayWire

/// What callers are told when a budget stands in their way: which one, how far it is, when it begins anew.
extension Refusal {
    static func budget(_ refusal: BudgetRefusal, link: String) -> Refusal {
        let message = "\(sentence(for: refusal)) Ask its owner for more, or see \(link)/budgets."
        var answer = Refusal(.budgetExceeded, message)
        answer.fill(refusal, link: link)
        return answer
    }

    static func throttled(_ refusal: BudgetRefusal, seconds: Int, link: String) -> Refusal {
        var answer = Refusal(
            .throttled,
            "The budget \(name(of: refusal)) is near its end, so its calls are slowed down; try again in \(seconds) s.",
            retryAfter: seconds
        )
        answer.fill(refusal, link: link)
        return answer
    }

    /// - Parameters:
    ///   - refusal: what a budget has left, where one asks; otherwise a policy does.
    ///   - reason: why nobody was asked, where nobody was.
    static func approval(
        _ refusal: BudgetRefusal?,
        _ verdict: PolicyVerdict?,
        link: String,
        reason: String? = nil
    ) -> Refusal {
        let cause = refusal.map(sentence) ?? verdict.map(sentence) ?? "People must look at this call."
        let message = reason ?? "Someone must approve this call: see \(link), then send it again."
        var answer = Refusal(.approvalPending, "\(cause) \(message)", retryAfter: 30)
        if let refusal { answer.fill(refusal, link: link) } else { answer.details.policy = verdict?.decision?.policy }
        answer.details.helpURL = link
        return answer
    }

    static func denied(_ names: [String], reason: String, link: String) -> Refusal {
        let why = reason.isEmpty ? "" : ": \(reason)"
        var answer = Refusal(.policyDenied, "The approval of this call was denied\(why). See \(link).")
        answer.details.budget = names.first
        answer.details.helpURL = link
        return answer
    }

    static func suspended(_ suspension: Suspension) -> Refusal {
        Refusal(
            .suspended,
            "Calls of \(suspension.scope) were suspended by \(suspension.by): \(suspension.reason). "
                + "Somebody must resume them."
        )
    }

    static func unwatchable(_ budget: String) -> Refusal {
        Refusal(
            .overloaded,
            "The budget '\(budget)' has more groups than can be watched; group it by fewer dimensions.",
            retryAfter: 60
        )
    }

    static func policy(_ verdict: PolicyVerdict) -> Refusal {
        var answer = Refusal(.policyDenied, sentence(for: verdict))
        answer.details.policy = verdict.decision?.policy
        return answer
    }

    static let storeFailing = Refusal(
        .ledgerUnavailable,
        "The ledger cannot be written, and this call is under a hard budget: nothing was forwarded. Try again.",
        retryAfter: 5
    )

    private mutating func fill(_ refusal: BudgetRefusal, link: String) {
        details.budget = refusal.budget
        details.resetsAt = refusal.resetsAt.map(String.init(describing:))
        details.helpURL = "\(link)/budgets"
        guard refusal.unit == .dollars else {
            details.counts = Details.Counts(
                refusal.unit,
                limit: refusal.limit,
                spent: refusal.spent,
                reserved: refusal.reserved
            )
            return
        }
        details.limitUSD = refusal.unit.text(refusal.limit)
        details.spentUSD = refusal.unit.text(refusal.spent)
        details.reservedUSD = refusal.unit.text(refusal.reserved)
    }

    private static func sentence(for verdict: PolicyVerdict) -> String {
        verdict.decision.map { "\($0.message) The policy '\($0.policy)' says so." } ?? "A policy says so."
    }

    private static func name(of refusal: BudgetRefusal) -> String {
        let group = refusal.group.map { "\($0.dimension)=\($0.value)" }.joined(separator: " ")
        return group.isEmpty ? "'\(refusal.budget)'" : "'\(refusal.budget)' (\(group))"
    }

    private static func sentence(for refusal: BudgetRefusal) -> String {
        let unit = refusal.unit
        let reset = refusal.resetsAt.map { ", and begins anew at \($0)" } ?? ""
        let figures =
            "The budget \(name(of: refusal)) of \(unit.phrase(refusal.limit)) has spent "
            + "\(unit.phrase(refusal.spent)) and set aside \(unit.phrase(refusal.reserved))\(reset); "
            + "this call can take \(unit.phrase(refusal.requested))."
        return refusal.message.map { "\($0) \(figures)" } ?? figures
    }
}
