internal import OutlayCore

/// A budget made ready for matching: its zone, its window, and which of its thresholds do what.
///
/// A class, because every call passes by every rule that counts it, and copying one costs more than asking it.
final class BudgetRule: Sendable {
    let budget: Budget
    let zone: any Zone
    let unit: BudgetUnit
    let ceilings: CeilingRule
    let hasForecasts: Bool
    /// The thresholds that throttle, in the order of a meter's throttles.
    let throttles: [(threshold: Int, rate: ThrottleRate)]
    let downgrades: [(threshold: Int, swaps: [ModelSwap])]
    /// Thresholds on the forecast that block, or ask for approvals.
    let forecastBlocks: [Int]
    let forecastApprovals: [Int]

    init(_ budget: Budget, zone: any Zone) {
        self.budget = budget
        self.zone = zone
        unit = budget.limit.unit
        ceilings = CeilingRule(budget)
        hasForecasts = budget.thresholds.contains { $0.basis == .forecast }
        let thresholds = budget.thresholds.enumerated()
        throttles = thresholds.flatMap { index, threshold in
            threshold.actions.compactMap { if case .throttle(let rate) = $0 { (index, rate) } else { nil } }
        }
        downgrades = thresholds.flatMap { index, threshold in
            threshold.actions.compactMap { if case .downgrade(let swaps) = $0 { (index, swaps) } else { nil } }
        }
        forecastBlocks = thresholds.filter { $1.basis == .forecast && $1.actions.contains(.block) }.map(\.offset)
        forecastApprovals = thresholds.filter { $1.basis == .forecast && $1.actions.contains(.requireApproval) }
            .map(\.offset)
    }

    /// A cap per call needs no memory.
    var hasMeters: Bool { budget.calendar.period != .call }

    var isRolling: Bool {
        if case .rolling = budget.calendar.period { true } else { false }
    }

    func isConcerned(_ value: (Dimension) -> String?) -> Bool {
        budget.scope.contains(value)
    }

    /// What tells its meters apart.
    var dimensions: [Dimension] {
        budget.groupBy + (budget.calendar.period == .run ? [.run] : [])
    }

    /// The values of the dimensions it groups by; absent ones are empty.
    ///
    /// - Returns: `nil` for calls of no run, where the cap is per run.
    func group(_ value: (Dimension) -> String?) -> [String]? {
        var group = budget.groupBy.map { value($0) ?? "" }
        if budget.calendar.period == .run {
            guard let run = value(.run) else { return nil }
            group.append(run)
        }
        return group
    }

    func isCritical(_ value: (Dimension) -> String?) -> Bool {
        budget.critical?.scopes.contains { $0.contains(value) } ?? false
    }

    func meter(at now: Timestamp) -> BudgetMeter {
        let seconds: Int64? = if case .rolling(let seconds) = budget.calendar.period { seconds } else { nil }
        return BudgetMeter(window: window(at: now), rollingSeconds: seconds)
    }

    /// The window of `now`; a rolling one is looked at again after a slice of it.
    func window(at now: Timestamp) -> Range<Timestamp> {
        let window = budget.calendar.window(containing: now, in: zone)
        guard isRolling else { return window }
        return window.lowerBound..<now.advanced(bySeconds: 1)
    }

    /// The window after `window`; skips to the one of `now` where nothing is carried from window to window.
    func nextWindow(after window: Range<Timestamp>, now: Timestamp) -> Range<Timestamp> {
        guard budget.carryOver != nil, !isRolling else { return self.window(at: now) }
        return self.window(at: window.upperBound)
    }

    /// Dimensions whose values decide about matches.
    var watched: [Dimension] {
        budget.dimensions + (budget.calendar.period == .run ? [.run] : [])
    }
}
