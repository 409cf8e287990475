package import OutlayCore

/// What people decided, as the meters take it over.
extension MeterBoard {
    /// These grants and overrides are in force, each in its span of time.
    package mutating func use(adjustments: [Adjustment]) {
        guard adjustments != self.adjustments else { return }
        self.adjustments = adjustments
        forgetLimits()
    }

    /// Critical calls of these budgets may pass the limit, up to the second one.
    package mutating func use(signOffs: [String: CriticalCap.SignOff]) {
        for (index, rule) in rules.enumerated() {
            guard let signOff = signOffs[rule.budget.name], rule.budget.critical?.signOff != signOff else { continue }
            var budget = rule.budget
            budget.critical?.signOff = signOff
            rules[index] = BudgetRule(budget, zone: rule.zone)
        }
    }

    /// Takes note of a threshold that an earlier process announced; nothing when its window is over.
    ///
    /// - Parameter window: where the meter's window began; rolling windows have no beginning to compare.
    package mutating func wasAnnounced(
        _ threshold: (percent: Int, basis: Threshold.Basis),
        of budget: String,
        group: [Tag],
        window: Timestamp,
        at time: Timestamp
    ) {
        let now = advance(to: time)
        guard let rule = rules.firstIndex(where: { $0.budget.name == budget }),
            rules[rule].dimensions == group.map(\.dimension),
            rules[rule].isRolling || rules[rule].window(at: now).lowerBound == window,
            let index = rules[rule].budget.thresholds.firstIndex(where: {
                $0.percent == threshold.percent && $0.basis == threshold.basis
            }),
            let meter = meter(of: rule, group.map(\.value), at: now)
        else { return }
        meters[meter].meter.wasAnnounced(index)
    }
}
