/// A budget as it is written down: in the audit log, in the API and by the command line.
///
/// Texts are those of the configuration files: `5000 USD`, `rolling 30 days`, `throttle: 30 calls/min`.
package struct BudgetForm: Hashable, Sendable, Codable {
    package var name: String
    package var scope: Scope?
    package var groupBy: [String]?
    package var period: String?
    package var zone: String?
    /// `04-01`: the first day of the fiscal year.
    package var fiscalStart: String?
    /// ISO weekday; 1 is Monday.
    package var weekStart: Int?
    package var limit: BudgetLimit
    /// `hard` or `soft`.
    package var enforcement: String?
    package var byEnvironment: [String: String]?
    package var at: [Step]?
    /// At most this percentage of the limit is carried over.
    package var carryOver: Int?
    package var critical: Critical?
    package var message: String?

    /// A threshold.
    package struct Step: Hashable, Sendable, Codable {
        package var percent: Int
        package var on: Threshold.Basis?
        package var severity: Threshold.Severity?
        package var `do`: [String]?
        package var message: String?

        package init(percent: Int, do actions: [String] = []) {
            self.percent = percent
            `do` = actions
        }
    }

    package struct Critical: Hashable, Sendable, Codable {
        package var scopes: [Scope]
        package var limit: BudgetLimit
    }

    private enum CodingKeys: String, CodingKey {
        case name, scope, period, zone, limit, enforcement, at, critical, message
        case groupBy = "group_by"
        case fiscalStart = "fiscal_start"
        case weekStart = "week_start"
        case byEnvironment = "by_environment"
        case carryOver = "carry_over"
    }

    package init(name: String, limit: BudgetLimit) {
        self.name = name
        self.limit = limit
    }

    package init(_ budget: Budget) {
        self.init(name: budget.name, limit: budget.limit)
        scope = budget.scope
        groupBy = budget.groupBy.map(\.name)
        period = budget.calendar.period.text
        zone = budget.calendar.zone
        let start = budget.calendar.fiscalStart
        let day = [start.month, start.day].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
        fiscalStart = start == .init() ? nil : day
        weekStart = budget.calendar.firstWeekday == 1 ? nil : budget.calendar.firstWeekday
        enforcement = Self.word(budget.enforcement.isHard)
        byEnvironment = budget.enforcement.isByEnvironment ? budget.enforcement.byEnvironment.mapValues(Self.word) : nil
        at = budget.thresholds.map { threshold in
            var step = Step(percent: threshold.percent, do: threshold.actions.map(\.text))
            step.on = threshold.basis
            step.severity = threshold.severity
            step.message = threshold.message
            return step
        }
        carryOver = budget.carryOver?.percentMax
        critical = budget.critical.map {
            Critical(scopes: $0.scopes, limit: BudgetLimit(budget.limit.unit, $0.limit))
        }
        message = budget.message
    }

    /// The budget it describes.
    ///
    /// - Throws: what cannot be understood, in one sentence.
    package func budget(origin: Budget.Origin = .command) throws(GovernanceProblem) -> Budget {
        var calendar = BudgetCalendar(try readPeriod(), zone: zone ?? "UTC")
        if let fiscalStart {
            guard let start = BudgetCalendar.FiscalStart(fiscalStart) else {
                throw .invalid("'\(fiscalStart)' is no day of the year: write 04-01.")
            }
            calendar.fiscalStart = start
        }
        calendar.firstWeekday = min(max(weekStart ?? 1, 1), 7)
        var budget = Budget(name: name, scope: scope ?? .everything, calendar: calendar, limit: limit, origin: origin)
        for name in groupBy ?? [] {
            guard let dimension = Dimension(name) else { throw .invalid("'\(name)' is no dimension.") }
            budget.groupBy.append(dimension)
        }
        budget.enforcement = try readEnforcement()
        var thresholds: [Threshold] = []
        for step in at ?? [] { thresholds.append(try step.threshold()) }
        budget.thresholds = thresholds.sorted { $0.percent < $1.percent }
        if let carryOver {
            guard (1...1000).contains(carryOver) else { throw .invalid("carry_over is a percentage from 1 to 1000.") }
            budget.carryOver = CarryOver(percentMax: carryOver)
        }
        if let critical {
            guard critical.limit.unit == limit.unit, critical.limit.amount >= limit.amount else {
                throw .invalid("The critical limit counts in the unit of the limit and is not below it.")
            }
            budget.critical = CriticalCap(scopes: critical.scopes, limit: critical.limit.amount)
        }
        budget.message = message
        return budget
    }

    private func readPeriod() throws(GovernanceProblem) -> BudgetCalendar.Period {
        guard let period = BudgetCalendar.Period(text: period ?? "month") else {
            throw .invalid(
                "'\(period ?? "")' is no period: write hour, day, week, month, quarter, year, run, call or "
                    + "'rolling 30 days'."
            )
        }
        return period
    }

    private func readEnforcement() throws(GovernanceProblem) -> Enforcement {
        guard enforcement != nil || byEnvironment != nil else { return .byDefault }
        var found = Enforcement(isHard: try Self.isHard(enforcement ?? "hard"))
        for (name, word) in byEnvironment ?? [:] { found.byEnvironment[name] = try Self.isHard(word) }
        return found
    }

    private static func word(_ isHard: Bool) -> String { isHard ? "hard" : "soft" }

    private static func isHard(_ word: String) throws(GovernanceProblem) -> Bool {
        switch word {
        case "hard": true
        case "soft": false
        default: throw .invalid("'\(word)' is no enforcement: write hard or soft.")
        }
    }
}

extension BudgetForm.Step {
    func threshold() throws(GovernanceProblem) -> Threshold {
        guard (1...1000).contains(percent) else { throw .invalid("A threshold is a percentage from 1 to 1000.") }
        var actions: [Threshold.Action] = []
        for text in `do` ?? [] {
            guard let action = Threshold.Action(text: text) else {
                throw .invalid(
                    "'\(text)' is no action: write 'notify: owner', 'throttle: 30/min', require_approval, block, "
                        + "'suspend: agent' or 'downgrade: gpt-5 -> gpt-5-mini'."
                )
            }
            actions.append(action)
        }
        return Threshold(
            percent: percent,
            basis: on ?? .actual,
            severity: severity,
            actions: actions,
            message: message
        )
    }
}

extension Threshold.Basis: Codable {}
extension Threshold.Severity: Codable {}

extension Threshold.Action {
    /// `notify: owner`, `throttle: 30 calls/min`, `require_approval`, `block`, `suspend: agent`, `downgrade: a -> b`.
    package var text: String {
        switch self {
        case .notify(let whom): "notify: \(whom)"
        case .throttle(let rate): "throttle: \(rate)"
        case .requireApproval: "require_approval"
        case .block: "block"
        case .suspend(let target): "suspend: \(target.rawValue)"
        case .downgrade(let swaps):
            "downgrade: " + swaps.map { "\($0.from.text) -> \($0.to)" }.joined(separator: ", ")
        }
    }

    package init?(text: some StringProtocol) {
        let halves = text.split(separator: ":", maxSplits: 1)
        let verb = halves.first.map { $0.trimmed } ?? ""
        let rest = halves.count == 2 ? halves[1].trimmed : ""
        switch verb {
        case "notify" where !rest.isEmpty: self = .notify(rest)
        case "throttle":
            guard let rate = ThrottleRate(rest) else { return nil }
            self = .throttle(rate)
        case "require_approval", "require approval": self = .requireApproval
        case "block": self = .block
        case "suspend":
            guard let target = Threshold.SuspensionTarget(rawValue: rest.isEmpty ? "scope" : rest) else { return nil }
            self = .suspend(target)
        case "downgrade":
            let swaps = rest.split(separator: ",").compactMap { swap -> ModelSwap? in
                let models = swap.split(separator: ">", omittingEmptySubsequences: false)
                guard models.count == 2, models[0].last == "-" else { return nil }
                return ModelSwap(from: models[0].dropLast().trimmed, to: models[1].trimmed)
            }
            guard !swaps.isEmpty else { return nil }
            self = .downgrade(swaps)
        default: return nil
        }
    }
}

extension BudgetCalendar.Period {
    /// Reads what ``text`` writes: one word, or `rolling 30 days`.
    package init?(text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard words.count == 3, words[0] == "rolling", let count = Int64(words[1]), (1...36_500).contains(count) else {
            guard words.count == 1, let word = words.first else { return nil }
            self.init(word: word)
            return
        }
        switch words[2] {
        case "days", "day": self = .rolling(seconds: count * 86_400)
        case "hours", "hour": self = .rolling(seconds: count * 3600)
        case "minutes", "minute": self = .rolling(seconds: count * 60)
        default: return nil
        }
    }
}

extension StringProtocol {
    /// Without spaces at its ends.
    var trimmed: String {
        var text = drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
