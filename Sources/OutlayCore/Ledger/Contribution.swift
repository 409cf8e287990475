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
    /// Consumed units in the order of their names; counts past 64 bits stay at the end of the range.
    package var usage: [UnitCount]
    package var effective: Money
    package var list: Money
    /// What a subscription covers; ``effective`` and ``list`` are then zero.
    package var notional: Money

    package init(of event: CostEvent) {
        let sign: Int64 = if case .reversal = event.kind { -1 } else { 1 }
        let isUnknown = event.metering.quality == .unmetered || event.metering.quality == .indeterminate
        let isUnpriced = !isUnknown && event.rating.state != .rated
        // Whatever is unknown stays on its queue, also where nobody knows how many calls it was.
        let count = min(max(event.callCount, 0), EventBounds.count)
        let marked = sign * max(1, count)
        calls = sign * count
        unpricedCalls = isUnpriced ? marked : 0
        estimatedCalls = event.metering.quality == .estimated ? marked : 0
        unmeteredCalls = isUnknown ? marked : 0
        pricedCalls = event.rating.state != .unpriced && !isUnknown ? marked : 0
        usage = Self.usage(of: event.metering.parts, held: event.held, sign: sign)
        let amount = event.rating.total ?? .zero
        let listAmount = event.rating.listTotal ?? .zero
        let isNegative = sign < 0
        effective = event.isNotional ? .zero : isNegative ? -amount : amount
        list = event.isNotional ? .zero : isNegative ? -listAmount : listAmount
        notional = !event.isNotional ? .zero : isNegative ? -amount : amount
    }

    /// Adds up the parts without a trap: what a provider reports is a foreign number.
    ///
    /// What is held is summed beside it, in units of its own.
    private static func usage(of parts: [UsagePart], held: Consumption?, sign: Int64) -> [UnitCount] {
        var totals = held?.heldCounts ?? []
        for part in parts {
            for count in part.usage.counts {
                if let index = totals.firstIndex(where: { $0.unit == count.unit }) {
                    totals[index] = UnitCount(count.unit, saturatingSum(totals[index].count, count.count))
                } else {
                    totals.append(count)
                }
            }
        }
        totals.removeAll { $0.count == 0 }
        totals.sort { $0.unit < $1.unit }
        return sign < 0 ? totals.map { UnitCount($0.unit, saturatingSum(0, negating: $0.count)) } : totals
    }

    private static func saturatingSum(_ first: Int64, _ second: Int64) -> Int64 {
        let (sum, overflow) = first.addingReportingOverflow(second)
        return overflow ? (second < 0 ? .min : .max) : sum
    }

    private static func saturatingSum(_ first: Int64, negating second: Int64) -> Int64 {
        let (difference, overflow) = first.subtractingReportingOverflow(second)
        return overflow ? (second < 0 ? .max : .min) : difference
    }
}

extension SpendSum {
    package static func += (sum: inout SpendSum, part: Contribution) {
        sum.calls += part.calls
        sum.pricedCalls += part.pricedCalls
        sum.unpricedCalls += part.unpricedCalls
        sum.estimatedCalls += part.estimatedCalls
        sum.unmeteredCalls += part.unmeteredCalls
        for count in part.usage { sum.usage[count.unit, default: 0] &+= count.count }
        sum.effective += part.effective
        sum.list += part.list
        sum.notional += part.notional
    }
}
