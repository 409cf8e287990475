package import OutlayCore

/// Budgets as a configuration file writes them, in our own shape.
package enum BudgetYAML {
    /// The section `budgets`, which reads back as equal budgets and adjustments, whatever the defaults beside it.
    ///
    /// - Parameter adjustments: those of other budgets are left out.
    package static func text(_ budgets: [Budget], adjustments: [Adjustment] = []) -> String {
        guard !budgets.isEmpty else { return "budgets: []\n" }
        let entries = budgets.map { budget in
            let lines = lines(budget) + grants(of: budget, adjustments)
            return zip(lines, lines.indices).map { ($1 == 0 ? "  - " : "    ") + $0 + "\n" }.joined()
        }
        return "budgets:\n" + entries.joined()
    }

    /// What to add to the file that `budget` stands in so that `adjustment` holds, in the form of a unified diff.
    ///
    ///     --- budgets.yaml
    ///     +++ budgets.yaml
    ///     @@ budgets.yaml:14 @@
    ///        - name: growth-monthly
    ///     +    grants:
    ///     +      - { id: apr-7, amount: 2000 USD, from: 2026-11-20, until: 2026-12-01, by: dana, reason: "launch" }
    ///
    /// It is read by people: the lines between are left out, and a budget written on one line is to be unfolded.
    ///
    /// - Parameter existing: the adjustments of the configuration; where some are of this budget, its `grants` go on.
    /// - Returns: `nil` for a budget that stands in no file.
    package static func patch(
        increasing budget: Budget,
        by adjustment: Adjustment,
        beside existing: [Adjustment] = []
    ) -> String? {
        guard case .file(let file, let line) = budget.origin else { return nil }
        let hasGrants = existing.contains { $0.budget == budget.name }
        return """
            --- \(file)
            +++ \(file)
            @@ \(file):\(line) @@
               - name: \(YAMLText.scalar(budget.name))
            \(hasGrants ? " " : "+")    grants:
            +      - \(grant(adjustment, budget.limit.unit))

            """
    }

    private static func lines(_ budget: Budget) -> [String] {
        let calendar = budget.calendar
        var lines = ["name: \(YAMLText.scalar(budget.name))"]
        if !budget.scope.conditions.isEmpty { lines.append("scope: \(scope(budget.scope))") }
        if !budget.groupBy.isEmpty { lines.append("group_by: \(YAMLText.list(budget.groupBy.map(\.name)))") }
        lines.append("period: \(calendar.period.text)")
        if calendar.period.hasZone { lines.append("zone: \(calendar.zone)") }
        if calendar.period.hasFiscalStart { lines.append("fiscal_start: \(day(calendar.fiscalStart))") }
        if calendar.period == .week { lines.append("week_starts: \(weekday(calendar.firstWeekday))") }
        lines.append("limit: \(amount(budget.limit.amount, budget.limit.unit))")
        lines.append("enforcement: \(enforcement(budget.enforcement))")
        lines.append(budget.thresholds.isEmpty ? "at: []" : "at:")
        lines += budget.thresholds.map { "  - \(threshold($0))" }
        if let carryOver = budget.carryOver { lines.append("carry_over: \(carryOver.percentMax) %") }
        if let critical = budget.critical { lines.append("critical: \(self.critical(critical, budget.limit.unit))") }
        if let message = budget.message { lines.append("message: \(YAMLText.scalar(message))") }
        if let owner = budget.owner { lines.append("owner: \(YAMLText.scalar(owner))") }
        return lines
    }

    private static func scope(_ scope: Scope) -> String {
        YAMLText.mapping(
            scope.conditions.map { ($0.dimension.name, YAMLText.scalars($0.values.map(\.text))) }
        )
    }

    /// `5000 USD`, `2000000 tokens`.
    private static func amount(_ amount: Int128, _ unit: BudgetUnit) -> String {
        "\(unit.text(amount)) \(unit.rawValue)"
    }

    private static func day(_ start: BudgetCalendar.FiscalStart) -> String {
        [start.month, start.day].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
    }

    private static func weekday(_ number: Int) -> String {
        let names = ValueText.weekdays
        return names.indices.contains(number - 1) ? names[number - 1] : names[0]
    }

    /// A midnight of UTC is written as its day; the colons of other instants need quotes.
    private static func instant(_ instant: Timestamp) -> String {
        let day = CivilDate(utc: instant)
        return day.startUTC == instant ? "\(day)" : YAMLText.scalar("\(instant)")
    }

    private static func enforcement(_ enforcement: Enforcement) -> String {
        let word = { (isHard: Bool) in isHard ? "hard" : "soft" }
        guard enforcement.isByEnvironment else { return word(enforcement.isHard) }
        let environments = enforcement.byEnvironment.sorted { $0.key < $1.key }
        return YAMLText.mapping(
            environments.map { (YAMLText.scalar($0.key), word($0.value)) } + [("default", word(enforcement.isHard))]
        )
    }

    private static func threshold(_ threshold: Threshold) -> String {
        var entries = [(key: "percent", value: "\(threshold.percent)")]
        if threshold.basis != .actual { entries.append(("on", threshold.basis.rawValue)) }
        entries.append(("severity", threshold.severity.rawValue))
        entries.append(("do", YAMLText.list(threshold.actions.map(action))))
        if let message = threshold.message { entries.append(("message", YAMLText.scalar(message))) }
        return YAMLText.mapping(entries)
    }

    private static func action(_ action: Threshold.Action) -> String {
        switch action {
        case .notify(let name): "notify: \(YAMLText.scalar(name))"
        case .throttle(let rate): "throttle: \(rate)"
        case .requireApproval: "require_approval"
        case .block: "block"
        case .suspend(let target): "suspend: \(target.rawValue)"
        case .downgrade(let swaps): "downgrade: \(models(swaps))"
        }
    }

    private static func models(_ swaps: [ModelSwap]) -> String {
        var models: [(from: String, to: [String])] = []
        for swap in swaps {
            if let index = models.firstIndex(where: { $0.from == swap.from.text }) {
                models[index].to.append(swap.to)
            } else {
                models.append((swap.from.text, [swap.to]))
            }
        }
        if models.count == 1, let only = models.first, only.from == "*" { return YAMLText.scalars(only.to) }
        return YAMLText.mapping(models.map { (YAMLText.scalar($0.from), YAMLText.scalars($0.to)) })
    }

    private static func critical(_ critical: CriticalCap, _ unit: BudgetUnit) -> String {
        var entries = [
            (key: "scopes", value: YAMLText.list(critical.scopes.map(scope))), ("limit", amount(critical.limit, unit)),
        ]
        if let signOff = critical.signOff {
            let until = signOff.until.map { [("until", instant($0))] } ?? []
            let by = [("by", YAMLText.scalar(signOff.by)), ("from", instant(signOff.from))]
            entries.append(("sign_off", YAMLText.mapping(by + until)))
        }
        return YAMLText.mapping(entries)
    }

    private static func grants(of budget: Budget, _ adjustments: [Adjustment]) -> [String] {
        let own = adjustments.filter { $0.budget == budget.name }
        return own.isEmpty ? [] : ["grants:"] + own.map { "  - \(grant($0, budget.limit.unit))" }
    }

    private static func grant(_ adjustment: Adjustment, _ unit: BudgetUnit) -> String {
        var entries: [(key: String, value: String)] = []
        if adjustment.id != adjustment.idInFiles { entries.append(("id", YAMLText.scalar(adjustment.id))) }
        if let group = adjustment.group { entries.append(("group", YAMLText.list(group.map(YAMLText.scalar)))) }
        switch adjustment.change {
        case .grant(let more): entries.append(("amount", amount(more, unit)))
        case .override(let limit): entries.append(("limit", amount(limit, unit)))
        }
        if adjustment.from != Timestamp(seconds: 0) { entries.append(("from", instant(adjustment.from))) }
        entries.append(("until", instant(adjustment.until)))
        entries.append(("by", YAMLText.scalar(adjustment.by)))
        entries.append(("reason", YAMLText.scalar(adjustment.reason)))
        return YAMLText.mapping(entries)
    }
}
