internal import OutlayCore

/// Reads the budget that one line of a scenario defines.
///
///     budget marketing 5000 soft per month zone Europe/Berlin by agent scope team=marketing
///            notify 50,80 at 90 throttle 30/min at 100 require_approval carry 50 critical 6000 purpose=incident
struct BudgetWords {
    private var words: StepWords

    init(_ words: StepWords) {
        self.words = words
    }

    func budget(at now: Timestamp) throws(ScenarioProblem) -> Budget {
        var words = words
        let name = words.isAtAmount ? "budget" : try words.name()
        let amount = try words.consumption()
        let unit: BudgetUnit = amount.cost != .zero ? .dollars : amount.tokens != 0 ? .tokens : .calls
        var budget = Budget(name: name, limit: BudgetLimit(unit, amount.amount(in: unit)))
        if unit == .calls, amount.calls == 1 { budget.limit = BudgetLimit(.zero) }
        while let word = words.next() { try Self.read(word, &words, &budget, now) }
        budget.thresholds.sort { $0.percent < $1.percent }
        return budget
    }

    private static func read(
        _ word: String,
        _ words: inout StepWords,
        _ budget: inout Budget,
        _ now: Timestamp
    ) throws(ScenarioProblem) {
        switch word {
        case "hard": budget.enforcement = .hard
        case "soft": budget.enforcement = .soft
        case "block":
            budget.enforcement = .hard
            add([.block], at: 100, .actual, to: &budget)
        case "per": budget.calendar.period = try period(&words)
        case "zone": budget.calendar.zone = try words.name()
        case "fiscal": budget.calendar.fiscalStart = try fiscalStart(&words)
        case "by": budget.groupBy = try dimensions(&words)
        case "scope": budget.scope = try scope(&words)
        case "notify":
            for percent in try percents(&words) { add([.notify("owner")], at: percent, .actual, to: &budget) }
        case "at", "forecast":
            let basis: Threshold.Basis = word == "at" ? .actual : .forecast
            for percent in try percents(&words) { add([try action(&words)], at: percent, basis, to: &budget) }
        case "carry": budget.carryOver = CarryOver(percentMax: try percents(&words).first ?? 100)
        case "critical": budget.critical = try critical(&words, budget.limit.unit, now)
        default: throw ScenarioProblem("'\(word)' says nothing about a budget")
        }
    }

    private static func add(
        _ actions: [Threshold.Action],
        at percent: Int,
        _ basis: Threshold.Basis,
        to budget: inout Budget
    ) {
        if let index = budget.thresholds.firstIndex(where: { $0.percent == percent && $0.basis == basis }) {
            budget.thresholds[index].actions += actions
        } else {
            budget.thresholds.append(Threshold(percent: percent, basis: basis, actions: actions))
        }
    }

    private static func percents(_ words: inout StepWords) throws(ScenarioProblem) -> [Int] {
        let text = try words.name()
        let percents = text.split(separator: ",").compactMap { Int($0.hasSuffix("%") ? $0.dropLast() : $0) }
        guard !percents.isEmpty, percents.allSatisfy({ (1...1000).contains($0) }) else {
            throw ScenarioProblem("'\(text)' are no percentages; write 50,80")
        }
        return percents
    }

    private static func action(_ words: inout StepWords) throws(ScenarioProblem) -> Threshold.Action {
        let word = try words.name()
        switch word {
        case "notify": return .notify("owner")
        case "block": return .block
        case "require_approval": return .requireApproval
        case "suspend":
            let target = words.peek().flatMap(Threshold.SuspensionTarget.init(rawValue:))
            if target != nil { _ = words.next() }
            return .suspend(target ?? .scope)
        case "throttle":
            let text = try words.name()
            guard let rate = ThrottleRate(text) else { throw ScenarioProblem("'\(text)' is no rate; write 30/min") }
            return .throttle(rate)
        case "downgrade": return .downgrade([ModelSwap(to: try words.name())])
        default: throw ScenarioProblem("'\(word)' is no action")
        }
    }

    private static func period(_ words: inout StepWords) throws(ScenarioProblem) -> BudgetCalendar.Period {
        let word = try words.name()
        if word == "rolling" { return .rolling(seconds: try words.seconds()) }
        guard let period = BudgetCalendar.Period(word: word) else { throw ScenarioProblem("'\(word)' is no period") }
        return period
    }

    /// `04-01`: the first of April.
    private static func fiscalStart(_ words: inout StepWords) throws(ScenarioProblem) -> BudgetCalendar.FiscalStart {
        let text = try words.name()
        guard let start = BudgetCalendar.FiscalStart(text) else { throw ScenarioProblem("'\(text)' is no MM-DD") }
        return start
    }

    private static func dimensions(_ words: inout StepWords) throws(ScenarioProblem) -> [Dimension] {
        try words.name().split(separator: ",").compactMap { Dimension($0) }
    }

    private static func scope(_ words: inout StepWords) throws(ScenarioProblem) -> Scope {
        let tags = try words.tags()
        return Scope(tags.map { Scope.Condition($0.dimension, [ValuePattern($0.value)]) })
    }

    private static func critical(
        _ words: inout StepWords,
        _ unit: BudgetUnit,
        _ now: Timestamp
    ) throws(ScenarioProblem) -> CriticalCap {
        let limit = try words.consumption().amount(in: unit)
        return CriticalCap(scopes: [try scope(&words)], limit: limit, signOff: .init(by: "scenario", from: now))
    }
}
