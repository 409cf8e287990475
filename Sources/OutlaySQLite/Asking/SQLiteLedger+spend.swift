import GRDB
package import OutlayCore

extension SQLiteLedger {
    package func spend(_ query: SpendQuery) async throws(LedgerError) -> SpendTable {
        let rows = try await read { db in
            let plan = SpendPlan(query, coverage: try Self.coverage(of: query, in: db))
            return try Self.sums(of: query, by: plan, in: db)
        }
        return SpendTable(query: query, sums: rows)
    }

    /// What of the ledger can answer `query`.
    static func coverage(of query: SpendQuery, in db: Database) throws -> Coverage {
        let dimensions = Set(query.by + query.filters.map(\.dimension))
            .filter { SpendFilters.column(of: $0) == nil }
        var coverage = Coverage()
        coverage.sealedBefore = try sealBoundary(db)
        coverage.asksUnbounded = !dimensions.isDisjoint(with: Dimension.unbounded)
        let statement = try db.cachedStatement(sql: "SELECT day, dimension FROM day_overflow")
        while try statement.step() {
            let asked = dimensions.contains { $0.name == statement.text(1) }
            if asked { coverage.opaqueDays.insert(Timestamp(microseconds: statement.integer(0))) }
        }
        statement.reset()
        return coverage
    }

    /// Events before this were dropped and only their sums are left.
    static func sealBoundary(_ db: Database) throws -> Timestamp? {
        try Int64.fetchOne(db, sql: "SELECT MAX(boundary) FROM seal").map(Timestamp.init(microseconds:))
    }

    private struct Group: Hashable {
        let bucket: Int64
        let key: [String?]
    }

    private static func sums(of query: SpendQuery, by plan: SpendPlan, in db: Database) throws -> [SpendRow] {
        guard let sumsText = plan.sums, let usageText = plan.usage else { return [] }
        let keyCount = query.by.count
        var groups: [Group: ColumnSums] = [:]
        let sums = try sumsText.statement(in: db)
        while try sums.step() {
            groups[group(sums, keyCount)] = columnSums(sums, from: Int32(keyCount + 1))
        }
        let usage = try usageText.statement(in: db)
        while try usage.step() {
            let unit = usage.text(Int32(keyCount + 1)) ?? ""
            groups[group(usage, keyCount), default: ColumnSums()].others[unit] = usage.integer(Int32(keyCount + 2))
        }
        return groups.map { SpendRow(key: $0.key.key, bucket: Int($0.key.bucket), sum: $0.value.spend) }
    }

    private static func group(_ statement: Statement, _ keyCount: Int) -> Group {
        Group(bucket: statement.integer(0), key: (0..<keyCount).map { statement.text(Int32($0 + 1)) })
    }

    /// Reads counters and halves from `first` on.
    static func columnSums(_ statement: Statement, from first: Int32) -> ColumnSums {
        var sums = ColumnSums()
        for index in SumColumns.counters.indices { sums.counters[index] = statement.integer(first + Int32(index)) }
        let halves = first + Int32(SumColumns.counters.count)
        sums.effective = ColumnSums.amount(high: statement.integer(halves), low: statement.integer(halves + 1))
        sums.list = ColumnSums.amount(high: statement.integer(halves + 2), low: statement.integer(halves + 3))
        sums.notional = ColumnSums.amount(high: statement.integer(halves + 4), low: statement.integer(halves + 5))
        return sums
    }
}
