/// What one event adds to every sum it is part of.
///
/// The one place that says how events count: rollups, totals and `verify` all add these up. A reversal
/// contributes the exact negative of what it takes back.
package struct Contribution: Hashable, Sendable {
    package var calls: Int64
    package var unpricedCalls: Int64
    package var estimatedCalls: Int64
    package var unmeteredCalls: Int64
    /// Calls whose cost is known at least in part; a sum without any is `null`, not zero.
    package var pricedCalls: Int64
    package var usage: [UnitCount]
    package var effective: Money
    package var list: Money

    package init(of event: CostEvent) {
        let sign: Int64 = if case .reversal = event.kind { -1 } else { 1 }
        let isUnknown = event.metering.quality == .unmetered || event.metering.quality == .indeterminate
        let isUnpriced = !isUnknown && event.rating.state != .rated
        calls = sign
        unpricedCalls = isUnpriced ? sign : 0
        estimatedCalls = event.metering.quality == .estimated ? sign : 0
        unmeteredCalls = isUnknown ? sign : 0
        pricedCalls = event.rating.state != .unpriced && !isUnknown ? sign : 0
        usage = event.metering.total.counts.map { UnitCount($0.unit, $0.count * sign) }
        let amount = event.rating.total ?? .zero
        let listAmount = event.rating.listTotal ?? .zero
        effective = sign < 0 ? -amount : amount
        list = sign < 0 ? -listAmount : listAmount
    }
}
