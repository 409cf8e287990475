package import OutlayCore

/// What people approved: calls in a scope may pass over their budgets, up to an amount, for a time, or once.
package struct Allowance: Hashable, Sendable {
    package var id: String
    package var scope: Scope
    /// The budgets or policies it was asked for; others still hold.
    package var subjects: Set<String>
    /// The most it lets through, in picodollars; `nil` without a bound of its own.
    package var amount: Int128?
    package var until: Timestamp
    /// Whether one call uses it up.
    package var isOnce: Bool
    package private(set) var posted: Int128 = 0
    package private(set) var reserved: Int128 = 0
    package private(set) var isUsed = false

    package init(
        id: String,
        scope: Scope,
        subjects: Set<String>,
        amount: Int128?,
        until: Timestamp,
        isOnce: Bool
    ) {
        self.id = id
        self.scope = scope
        self.subjects = subjects
        self.amount = amount
        self.until = until
        self.isOnce = isOnce
    }

    func covers(_ name: String, _ request: BudgetRequest, at now: Timestamp) -> Bool {
        let room = amount.map { posted + reserved + request.most.cost.picodollars <= $0 } ?? true
        return now < until && !(isOnce && isUsed) && room && subjects.contains(name)
            && scope.contains { request.subject.value(of: $0) }
    }

    /// Goes on where an earlier process left it.
    package mutating func resume(posted: Int128, isUsed: Bool) {
        self.posted = posted
        self.isUsed = isUsed
    }

    /// Sets so much more aside, or less where it is negative.
    mutating func reserve(_ cost: Int128) {
        reserved += cost
        isUsed = true
    }

    mutating func post(_ cost: Int128) { posted += cost }

    /// The ledger has calls that passed by it: so much of it is taken at least.
    mutating func restore(posted: Int128) {
        self.posted = max(self.posted, posted)
        isUsed = true
    }
}

/// The approvals in force.
package struct AllowanceBook: Hashable, Sendable {
    package private(set) var allowances: [String: Allowance] = [:]

    package mutating func add(_ allowance: Allowance) {
        if allowances[allowance.id] == nil { allowances[allowance.id] = allowance }
    }

    package mutating func remove(_ id: String) {
        allowances[id] = nil
    }

    /// One approval that lets `request` pass everything in `names`.
    package func find(_ names: [String], _ request: BudgetRequest, at now: Timestamp) -> Allowance? {
        guard !allowances.isEmpty else { return nil }
        return allowances.values.filter { allowance in names.allSatisfy { allowance.covers($0, request, at: now) } }
            .min { $0.until < $1.until }
    }

    /// Takes over what the ledger has of calls that passed by the approval `id`.
    package mutating func restore(posted: Int128, to id: String) { allowances[id]?.restore(posted: posted) }

    mutating func reserve(_ cost: Int128, of id: String) { allowances[id]?.reserve(cost) }
    mutating func post(_ cost: Int128, to id: String) { allowances[id]?.post(cost) }

    /// What the approvals of the board before have let through and hold goes on.
    mutating func takeOver(_ old: AllowanceBook) {
        allowances.merge(old.allowances) { _, running in running }
    }

    /// Forgets what is over and holds nothing.
    mutating func forget(before now: Timestamp) {
        allowances = allowances.filter { $0.value.until > now || $0.value.reserved != 0 }
    }
}
