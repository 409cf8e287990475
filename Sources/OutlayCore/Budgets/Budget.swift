/// How much a part of the organisation may consume in a period, and what happens on the way there.
///
/// The rule; ``BudgetMeter`` is its running state. Its limit counts in one unit: dollars, tokens or calls.
package struct Budget: Hashable, Sendable {
    package var name: String
    /// Whose calls count.
    package var scope: Scope
    /// One meter for each combination of values of these dimensions; empty for one meter in all.
    package var groupBy: [Dimension]
    package var calendar: BudgetCalendar
    package var limit: BudgetLimit
    package var enforcement: Enforcement
    /// By rising percent.
    package var thresholds: [Threshold]
    package var carryOver: CarryOver?
    package var critical: CriticalCap?
    /// Said in refusals, besides the figures.
    package var message: String?
    /// Whom `notify: owner` tells; `nil` for whoever the scope belongs to.
    package var owner: String?
    package var origin: Origin

    package init(
        name: String,
        scope: Scope = .everything,
        groupBy: [Dimension] = [],
        calendar: BudgetCalendar = BudgetCalendar(.month),
        limit: BudgetLimit,
        enforcement: Enforcement = .hard,
        thresholds: [Threshold] = [],
        carryOver: CarryOver? = nil,
        critical: CriticalCap? = nil,
        message: String? = nil,
        owner: String? = nil,
        origin: Origin = .command
    ) {
        self.name = name
        self.scope = scope
        self.groupBy = groupBy
        self.calendar = calendar
        self.limit = limit
        self.enforcement = enforcement
        self.thresholds = thresholds.sorted { $0.percent < $1.percent }
        self.carryOver = carryOver
        self.critical = critical
        self.message = message
        self.owner = owner
        self.origin = origin
    }

    /// Where the rule is kept, and so where it is changed.
    package enum Origin: Hashable, Sendable {
        /// `outlay budget set` or the API.
        case command
        /// A configuration file, at this line.
        case file(String, line: Int)
    }

    /// The dimensions that decide which meters a call moves.
    package var dimensions: [Dimension] {
        scope.dimensions + groupBy + (critical?.scopes.flatMap(\.dimensions) ?? [])
            + (enforcement.isByEnvironment ? [.environment] : [])
    }
}

/// What a limit counts.
package enum BudgetUnit: String, Hashable, Sendable, CaseIterable {
    case dollars = "USD"
    case tokens
    case calls
}

/// A limit in its unit.
package struct BudgetLimit: Hashable, Sendable {
    package var unit: BudgetUnit
    /// Picodollars, tokens or calls; not negative.
    package var amount: Int128

    package init(_ unit: BudgetUnit, _ amount: Int128) {
        self.unit = unit
        self.amount = amount
    }

    package init(_ money: Money) {
        self.init(.dollars, money.picodollars)
    }
}

extension BudgetUnit {
    /// `12.5` dollars, `3000` tokens: the figure alone, exact.
    package func text(_ amount: Int128) -> String {
        self == .dollars ? Money(picodollars: amount).description : String(amount)
    }

    /// `$12.50`, `3000 tokens`, as a sentence says it.
    package func phrase(_ amount: Int128) -> String {
        self == .dollars ? "$\(Money(picodollars: amount))" : "\(amount) \(rawValue)"
    }
}

/// Whether a limit stops calls, or only tells of itself.
package struct Enforcement: Hashable, Sendable {
    /// For calls of an environment without an entry, and for calls without environment.
    package var isHard: Bool
    package var byEnvironment: [String: Bool]

    package static let hard = Enforcement(isHard: true)
    package static let soft = Enforcement(isHard: false)
    /// Where a budget says nothing: production is never stopped by surprise, everything else is.
    package static let byDefault = Enforcement(isHard: true, byEnvironment: ["production": false])

    package init(isHard: Bool, byEnvironment: [String: Bool] = [:]) {
        self.isHard = isHard
        self.byEnvironment = byEnvironment
    }

    package var isByEnvironment: Bool { !byEnvironment.isEmpty }

    package func isHard(in environment: String?) -> Bool {
        environment.flatMap { byEnvironment[$0] } ?? isHard
    }
}

/// A second, higher limit for calls that must not stop: effective only with a dated sign-off.
package struct CriticalCap: Hashable, Sendable {
    /// A call in any of these scopes is critical.
    package var scopes: [Scope]
    /// In the unit of the budget's limit; replaces it for critical calls.
    package var limit: Int128
    package var signOff: SignOff?

    package struct SignOff: Hashable, Sendable {
        package var by: String
        package var from: Timestamp
        /// `nil` for ever.
        package var until: Timestamp?

        package init(by: String, from: Timestamp, until: Timestamp? = nil) {
            self.by = by
            self.from = from
            self.until = until
        }
    }

    package init(scopes: [Scope], limit: Int128, signOff: SignOff? = nil) {
        self.scopes = scopes
        self.limit = limit
        self.signOff = signOff
    }

    package func isSignedOff(at now: Timestamp) -> Bool {
        signOff.map { $0.from <= now && ($0.until.map { now < $0 } ?? true) } ?? false
    }
}

/// How much of what is left of a period the next one gets on top of its limit.
package struct CarryOver: Hashable, Sendable {
    /// At most this percentage of the limit, saved up over any number of periods.
    package var percentMax: Int

    /// The longest chain of periods that is looked back on.
    package static let periodsMax = 12

    package init(percentMax: Int = 100) {
        self.percentMax = percentMax
    }

    /// What a period begins with, when `posted` is what the periods before it consumed, the oldest first.
    package func carried(limit: Int128, posted: [Int128]) -> Int128 {
        let most = (limit.multipliedSaturating(by: Int128(percentMax))) / 100
        return posted.suffix(Self.periodsMax).reduce(0) { carried, posted in
            min(most, max(0, limit + carried - posted))
        }
    }
}

extension Int128 {
    func multipliedSaturating(by factor: Int128) -> Int128 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? ((self < 0) != (factor < 0) ? .min : .max) : product
    }
}
