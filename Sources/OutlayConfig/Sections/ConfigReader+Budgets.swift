internal import OutlayCore

/// What `- defaults:` says for all budgets of a configuration.
struct BudgetDefaults {
    var enforcement: Enforcement?
    var zone: String?
    var fiscalStart: BudgetCalendar.FiscalStart?
    var firstWeekday: Int?
}

extension ConfigReader {
    /// Reads all entries of `budgets`, the defaults first, wherever they stand.
    mutating func readBudgets() {
        var defaults = BudgetDefaults()
        for fields in budgetEntries where fields.has("defaults") { readDefaults(fields, &defaults) }
        for fields in budgetEntries where !fields.has("defaults") { readBudget(fields, defaults) }
    }

    private mutating func readDefaults(_ entry: Fields, _ defaults: inout BudgetDefaults) {
        let node = entry.node("defaults")
        entry.finish()
        guard let node, let fields = Fields(node, "defaults of budgets", log) else { return }
        for key in ["enforcement", "zone", "fiscal_start", "week_starts"] where fields.has(key) {
            define("default", "\(key)' of 'budgets", at: fields.place(of: key))
        }
        defaults.enforcement = readEnforcement(fields) ?? defaults.enforcement
        defaults.zone = fields.value("zone", ValueText.zone) ?? defaults.zone
        defaults.fiscalStart = fields.value("fiscal_start", ValueText.fiscalStart) ?? defaults.fiscalStart
        defaults.firstWeekday = fields.value("week_starts", ValueText.weekday) ?? defaults.firstWeekday
        fields.finish()
    }

    /// Reads a budget in our shape, or with `workspace`, `thresholds` and without a name.
    ///
    /// `{ name, scope, group_by, period, zone, limit, enforcement, at, carry_over, critical, message, owner, grants }`
    private mutating func readBudget(_ fields: Fields, _ defaults: BudgetDefaults) {
        let name = fields.text("name")
        let scope = readBudgetScope(fields)
        let groupBy = readGroupBy(fields)
        let calendar = readCalendar(fields, defaults)
        let limit = fields.required("limit", ValueText.limit)
        let enforcement = readEnforcement(fields) ?? defaults.enforcement
        var budget = Budget(
            name: name ?? Self.name(scope, groupBy, calendar.period) ?? "",
            scope: scope,
            groupBy: groupBy,
            calendar: calendar,
            limit: limit ?? BudgetLimit(.zero),
            enforcement: enforcement ?? .byDefault,
            message: fields.value("message", ValueText.message),
            owner: fields.text("owner"),
            origin: .file(fields.place.file, line: fields.place.line)
        )
        let thresholds = readThresholds(fields, soft: enforcement?.softness)
        budget.thresholds = (thresholds ?? Threshold.byDefault(budget.enforcement)).sorted { $0.percent < $1.percent }
        readCarryOver(fields, &budget)
        budget.critical = readCritical(fields, limit)
        readGrants(fields, budget, limit)
        fields.finish()
        if budget.name.isEmpty {
            if !fields.has("name") { log.error("\(fields.subject) needs 'name'", at: fields.place) }
            return
        }
        define("budget", budget.name, at: fields.place)
        resources.budgets.append(budget)
    }

    /// The conditions under `scope`, and `workspace` as one more.
    private mutating func readBudgetScope(_ fields: Fields) -> Scope {
        var scope = Scope.everything
        if let node = fields.node("scope") { scope = readScope(node, "'scope'", by: fields.subject) }
        guard let node = fields.node("workspace") else { return scope }
        if scope.dimensions.contains(.workspace) {
            log.error("\(fields.subject) has 'workspace' in its scope and beside it; keep one", at: node.place)
        }
        let condition = readCondition(.workspace, node, "'workspace'", by: fields.subject)
        return Scope(scope.conditions + (condition.map { [$0] } ?? []))
    }

    private func readGroupBy(_ fields: Fields) -> [Dimension] {
        var dimensions: [Dimension] = []
        for key in ["group_by", "each"] {
            for (name, place) in fields.texts(key) {
                guard let dimension = scopeDimension(name, by: fields.subject, at: place) else { continue }
                if dimensions.contains(dimension) {
                    log.error("\(fields.subject) groups by '\(dimension)' twice", at: place)
                } else {
                    dimensions.append(dimension)
                }
            }
        }
        return dimensions
    }

    /// The calendar, in which whatever its period does not ask for is left as it is by default.
    private func readCalendar(_ fields: Fields, _ defaults: BudgetDefaults) -> BudgetCalendar {
        let period = fields.value("period", ValueText.period) ?? .month
        let zone = fields.value("zone", ValueText.zone) ?? defaults.zone
        let fiscalStart = fields.value("fiscal_start", ValueText.fiscalStart) ?? defaults.fiscalStart
        let firstWeekday = fields.value("week_starts", ValueText.weekday) ?? defaults.firstWeekday
        var calendar = BudgetCalendar(period)
        let uses = [
            ("zone", period.hasZone), ("fiscal_start", period.hasFiscalStart), ("week_starts", period == .week),
        ]
        for (key, isUsed) in uses where !isUsed && fields.has(key) {
            log.warn(
                "'\(key)' of \(fields.subject) has no effect on period '\(period.text)'",
                at: fields.place(of: key)
            )
        }
        if period.hasZone, let zone { calendar.zone = zone }
        if period.hasFiscalStart, let fiscalStart { calendar.fiscalStart = fiscalStart }
        if period == .week, let firstWeekday { calendar.firstWeekday = firstWeekday }
        return calendar
    }

    private enum Hardness: String, CaseIterable {
        case hard, soft
    }

    /// Reads one word for all calls, or one for each environment.
    ///
    /// `hard`, `soft` or `{ production: soft, default: hard }`; calls of other environments, and those without one, are
    /// stopped where `default` does not say otherwise.
    private func readEnforcement(_ fields: Fields) -> Enforcement? {
        guard let node = fields.node("enforcement") else { return nil }
        guard case .mapping = node.content else {
            let hardness = fields.value("enforcement", ValueText.choice(Hardness.self))
            return hardness.map { Enforcement(isHard: $0 == .hard) }
        }
        var enforcement = Enforcement.hard
        for entry in fields.textMapping("enforcement") {
            let reading = ValueText.choice(Hardness.self)
            guard let hardness = fields.read(entry.text, at: entry.place, "enforcement", reading) else { continue }
            if entry.key == "default" {
                enforcement.isHard = hardness == .hard
            } else {
                let environment = effective(entry.key, of: .environment)
                if enforcement.byEnvironment[environment] != nil {
                    log.error(
                        "'enforcement' of \(fields.subject) says two things of '\(environment)'",
                        at: entry.keyPlace
                    )
                }
                enforcement.byEnvironment[environment] = hardness == .hard
            }
        }
        return enforcement
    }

    private func readCarryOver(_ fields: Fields, _ budget: inout Budget) {
        budget.carryOver = fields.value("carry_over", ValueText.carryOver) ?? nil
        guard budget.carryOver != nil, !budget.calendar.period.hasZone else { return }
        log.error(
            "'carry_over' of \(fields.subject) needs a period that ends, not '\(budget.calendar.period.text)'",
            at: fields.place(of: "carry_over")
        )
    }

    /// What a budget without a name is called after its plain values: `platform-monthly`.
    private static func name(_ scope: Scope, _ groupBy: [Dimension], _ period: BudgetCalendar.Period) -> String? {
        let values = scope.conditions.compactMap { $0.values.count == 1 ? $0.values.first?.text : nil }
        let isPlain = !values.contains { $0.isEmpty || $0.hasPrefix("!") || $0.contains("*") }
        guard isPlain, values.count == scope.conditions.count, !(values.isEmpty && groupBy.isEmpty) else { return nil }
        return TagText.cleaned((values + groupBy.map { "each-\($0)" } + [period.nameEnding]).joined(separator: "-"))
    }
}

extension BudgetCalendar.Period {
    /// Whether it begins and ends by the clock of a place.
    var hasZone: Bool {
        switch self {
        case .hour, .day, .week, .month, .quarter, .year: true
        case .call, .run, .rolling: false
        }
    }

    var hasFiscalStart: Bool {
        switch self {
        case .month, .quarter, .year: true
        case .call, .run, .rolling, .hour, .day, .week: false
        }
    }

    fileprivate var nameEnding: String {
        switch self {
        case .call, .run: "per-\(text)"
        case .day: "daily"
        case .hour, .week, .month, .quarter, .year: text + "ly"
        case .rolling: text.split(separator: " ").joined(separator: "-")
        }
    }
}

extension Enforcement {
    /// Whose calls are only told about: `soft`, `soft for production`; `nil` where all are stopped.
    fileprivate var softness: String? {
        let environments = byEnvironment.filter { !$0.value }.keys.sorted()
        if !isHard { return "soft" }
        return environments.isEmpty ? nil : "soft for \(environments.joined(separator: ", "))"
    }
}

extension Threshold {
    /// Where a budget says nothing: the owner is told at 80 and 100 percent.
    ///
    /// Only where no call may pass the limit does the block stand among them: it would stop soft environments too.
    fileprivate static func byDefault(_ enforcement: Enforcement) -> [Threshold] {
        let isHard = enforcement.softness == nil
        return [
            Threshold(percent: 80, actions: [.notify("owner")]),
            Threshold(percent: 100, actions: [.notify("owner")] + (isHard ? [.block] : [])),
        ]
    }
}
