import OutlayCore

/// The columns that add up, by name and in the order of every statement.
///
/// The most common units have columns of their own; the rest are rows of `event_usage` and `tile_usage`.
enum SumColumns {
    static let counters = [
        "calls", "priced_calls", "unpriced_calls", "estimated_calls", "unmetered_calls",
        "input", "cache_read", "cache_write_5m", "cache_write_1h", "output",
    ]
    static let amounts = ["effective", "list", "notional"]
    /// An amount in a sum is `high × 2³² + low`, so that adding can never overflow.
    static let halves = amounts.flatMap { ["\($0)_high", "\($0)_low"] }

    /// The units with a column, in the order of the last counters.
    static let units: [UsageUnit] = [.input, .cacheRead, .cacheWrite5m, .cacheWrite1h, .output]
    static let firstUnit = 5

    static func column(of unit: UsageUnit) -> Int? {
        units.firstIndex(of: unit).map { firstUnit + $0 }
    }
}

/// What ``SumColumns`` hold, for one event or many.
struct ColumnSums: Equatable, Sendable {
    /// In the order of ``SumColumns/counters``.
    var counters = InlineArray<10, Int64>(repeating: 0)
    var effective: Int128 = 0
    var list: Int128 = 0
    var notional: Int128 = 0
    /// Units without a column.
    var others: [String: Int64] = [:]

    init() {}

    init(_ part: Contribution) {
        counters[0] = part.calls
        counters[1] = part.pricedCalls
        counters[2] = part.unpricedCalls
        counters[3] = part.estimatedCalls
        counters[4] = part.unmeteredCalls
        for count in part.usage {
            if let column = SumColumns.column(of: count.unit) {
                counters[column] = count.count
            } else {
                others[count.unit.name] = count.count
            }
        }
        effective = part.effective.picodollars
        list = part.list.picodollars
        notional = part.notional.picodollars
    }

    static func += (sum: inout ColumnSums, part: ColumnSums) {
        for index in sum.counters.indices { sum.counters[index] &+= part.counters[index] }
        sum.effective += part.effective
        sum.list += part.list
        sum.notional += part.notional
        for (unit, quantity) in part.others { sum.others[unit, default: 0] &+= quantity }
    }

    var isZero: Bool {
        counters.indices.allSatisfy { counters[$0] == 0 } && effective == 0 && list == 0 && notional == 0
            && others.allSatisfy { $0.value == 0 }
    }

    static func == (left: ColumnSums, right: ColumnSums) -> Bool {
        left.counters.indices.allSatisfy { left.counters[$0] == right.counters[$0] }
            && left.effective == right.effective && left.list == right.list && left.notional == right.notional
            && left.others == right.others
    }

    /// An amount from its halves.
    static func amount(high: Int64, low: Int64) -> Int128 {
        Int128(high) << 32 + Int128(low)
    }

    var spend: SpendSum {
        var sum = SpendSum()
        sum.calls = counters[0]
        sum.pricedCalls = counters[1]
        sum.unpricedCalls = counters[2]
        sum.estimatedCalls = counters[3]
        sum.unmeteredCalls = counters[4]
        for (index, unit) in SumColumns.units.enumerated() {
            let quantity = counters[SumColumns.firstUnit + index]
            if quantity != 0 { sum.usage[unit] = quantity }
        }
        for (unit, quantity) in others { sum.usage[UsageUnit(unit)] = quantity }
        sum.effective = Money(picodollars: effective)
        sum.list = Money(picodollars: list)
        sum.notional = Money(picodollars: notional)
        return sum
    }
}
