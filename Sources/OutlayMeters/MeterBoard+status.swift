package import OutlayCore

/// One meter as people see it.
package struct MeterStatus: Hashable, Sendable {
    package var budget: Budget
    /// The values that tell it apart from the budget's other meters.
    package var group: [Tag]
    package var window: Range<Timestamp>
    /// The limit in force, with what was carried over and granted.
    package var limit: Int128
    package var posted: Int128
    package var reserved: Int128
    package var forecast: Int128
    package var carried: Int128
    /// The thresholds that were reached in this window, and those in force, by their index.
    package var announced: [Int]
    package var inForce: [Int]
    package var adjustments: [Adjustment]
}

extension MeterBoard {
    /// Every meter, in the order of the budgets; caps per call have none.
    package mutating func status(at time: Timestamp) -> [MeterStatus] {
        let now = advance(to: time)
        makeSingleMeters(at: now)
        for index in meters.indices { refresh(index, at: now) }
        return meters.sorted { left, right in
            left.rule == right.rule ? left.group.lexicographicallyPrecedes(right.group) : left.rule < right.rule
        }.map { status($0, at: now) }
    }

    private func status(_ entry: MeterEntry, at now: Timestamp) -> MeterStatus {
        let budget = rules[entry.rule].budget
        let meter = entry.meter
        return MeterStatus(
            budget: budget,
            group: tags(of: entry),
            window: meter.window,
            limit: entry.limit,
            posted: meter.posted,
            reserved: meter.reserved,
            forecast: Forecast.linear(meter.posted, in: meter.window, at: now),
            carried: meter.carried,
            announced: budget.thresholds.indices.filter(meter.announced.contains),
            inForce: budget.thresholds.indices.filter(meter.inForce.contains),
            adjustments: adjustments.filter {
                $0.budget == budget.name && $0.isInForce(at: now) && ($0.group.map { $0 == entry.group } ?? true)
            }
        )
    }
}
