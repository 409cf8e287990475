/// A question about spend, which every screen, report, export and command asks.
package struct SpendQuery: Hashable, Sendable {
    /// What to group by, in the order of the answer's keys; at most 8.
    package var by: [Dimension]
    /// Conditions that must all hold; the values of one condition are alternatives.
    package var filters: [Filter]
    /// Half-open spans of time, ascending and apart.
    ///
    /// One for a plain total, one per hour, day or month with a grain.
    package var buckets: [Range<Timestamp>]
    /// How many rows the answer names, the dearest; `nil` names every one.
    ///
    /// All others are added up per bucket.
    package var rowsMax: Int?

    package init(by: [Dimension], filters: [Filter] = [], buckets: [Range<Timestamp>], rowsMax: Int? = nil) {
        self.by = by
        self.filters = filters
        self.buckets = buckets
        self.rowsMax = rowsMax
    }

    package struct Filter: Hashable, Sendable {
        package var dimension: Dimension
        /// `nil` matches calls without a value for the dimension.
        package var values: [String?]

        package init(_ dimension: Dimension, _ values: [String?]) {
            self.dimension = dimension
            self.values = values
        }
    }
}

/// One row of an answer.
package struct SpendRow: Hashable, Sendable {
    /// The value of each grouped dimension, in the query's order; `nil` where the tag is absent.
    package var key: [String?]
    /// The bucket, as an index into the query's buckets.
    package var bucket: Int
    package var sum: SpendSum
    /// How many rows beyond the query's most are added up in this one, whose key says nothing then; 0 for a row itself.
    package var folded = 0

    package init(key: [String?], bucket: Int, sum: SpendSum) {
        self.key = key
        self.bucket = bucket
        self.sum = sum
    }
}

/// Contributions added up.
package struct SpendSum: Hashable, Sendable {
    package var calls: Int64 = 0
    package var pricedCalls: Int64 = 0
    package var unpricedCalls: Int64 = 0
    package var estimatedCalls: Int64 = 0
    package var unmeteredCalls: Int64 = 0
    package var usage: [UsageUnit: Int64] = [:]
    package var effective: Money = .zero
    package var list: Money = .zero
    /// Cost of use that a subscription covers: shown apart, never part of ``effective``.
    package var notional: Money = .zero

    package init() {}

    /// Effective cost; `nil` when there were calls and nothing could be priced.
    package var cost: Money? {
        let isSomething = calls != 0 || unpricedCalls != 0 || unmeteredCalls != 0
        return isSomething && pricedCalls == 0 && effective == .zero ? nil : effective
    }

    package static func += (sum: inout SpendSum, part: SpendSum) {
        sum.calls += part.calls
        sum.pricedCalls += part.pricedCalls
        sum.unpricedCalls += part.unpricedCalls
        sum.estimatedCalls += part.estimatedCalls
        sum.unmeteredCalls += part.unmeteredCalls
        sum.usage.merge(part.usage, uniquingKeysWith: +)
        sum.effective = sum.effective + part.effective
        sum.list = sum.list + part.list
        sum.notional = sum.notional + part.notional
    }
}

extension SpendSum {
    /// Whether everything added up to nothing, as after a reversal.
    package var isZero: Bool {
        calls == 0 && pricedCalls == 0 && unpricedCalls == 0 && estimatedCalls == 0 && unmeteredCalls == 0
            && effective == .zero && list == .zero && notional == .zero && usage.values.allSatisfy { $0 == 0 }
    }
}

/// The answer to a ``SpendQuery``: rows dearest first within each bucket, and their total.
package struct SpendTable: Hashable, Sendable {
    package var query: SpendQuery
    package var rows: [SpendRow]
    package var total: SpendSum

    package init(query: SpendQuery, rows: [SpendRow], total: SpendSum) {
        self.query = query
        self.rows = rows
        self.total = total
    }
}

extension SpendTable {
    /// The answer made of sums per key, in any order: rows that add up to nothing are left out, the others sorted.
    ///
    /// Buckets ascend; within one, dearest first, ties by key with absent tags last, and what was added up of the
    /// others at the end. No more than twice the query's most are held at once.
    package init(query: SpendQuery, sums: some Sequence<SpendRow>) {
        var total = SpendSum()
        var rows = DearestRows(max: query.rowsMax ?? .max)
        for var row in sums where !row.sum.isZero {
            row.sum.usage = row.sum.usage.filter { $0.value != 0 }
            total += row.sum
            rows.add(row)
        }
        total.usage = total.usage.filter { $0.value != 0 }
        self.init(query: query, rows: rows.all.sorted(by: Self.isBefore), total: total)
    }

    fileprivate static func isBefore(_ left: SpendRow, _ right: SpendRow) -> Bool {
        if left.bucket != right.bucket { return left.bucket < right.bucket }
        if (left.folded > 0) != (right.folded > 0) { return right.folded > 0 }
        if left.sum.effective != right.sum.effective { return left.sum.effective > right.sum.effective }
        for (mine, other) in zip(left.key, right.key) where mine != other {
            guard let mine else { return false }
            guard let other else { return true }
            return mine < other
        }
        return false
    }
}

/// The dearest of many rows, and of the others one sum per bucket: exact, in the room of the rows that are kept.
private struct DearestRows {
    private let max: Int
    private var kept: [SpendRow] = []
    /// By bucket.
    private var rest: [Int: SpendRow] = [:]

    init(max: Int) {
        self.max = Swift.max(0, max)
    }

    mutating func add(_ row: SpendRow) {
        kept.append(row)
        if kept.count > max, kept.count - max >= max { fold() }
    }

    var all: [SpendRow] {
        var last = self
        last.fold()
        return last.kept + last.rest.values.filter { !$0.sum.isZero }
    }

    private mutating func fold() {
        guard kept.count > max else { return }
        kept.sort { left, right in
            left.sum.effective == right.sum.effective
                ? SpendTable.isBefore(left, right) : left.sum.effective > right.sum.effective
        }
        for row in kept[max...] {
            var sum = rest[row.bucket] ?? SpendRow(key: row.key.map { _ in nil }, bucket: row.bucket, sum: SpendSum())
            sum.sum += row.sum
            sum.folded += 1
            rest[row.bucket] = sum
        }
        kept.removeSubrange(max...)
    }
}
