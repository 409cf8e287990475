import GRDB
package import OutlayCore

extension SQLiteLedger {
    package func spend(_ query: SpendQuery) async throws(LedgerError) -> SpendTable {
        try await read { db in
            let plan = SpendPlan(query, coverage: try Self.coverage(of: query, in: db))
            return SpendTable(query: query, sums: try Self.fold(query, by: plan, in: db).rows)
        }
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

    private static func fold(_ query: SpendQuery, by plan: SpendPlan, in db: Database) throws -> SpendFold {
        var fold = try SpendFold(query, in: db)
        if let rows = try plan.tileRows?.statement(in: db) {
            let series = try plan.series.map { Set(try integers($0.statement(in: db))) }
            try fold.addTiles(rows, of: series)
            try fold.addRuns(in: db, plan.tiles, of: series)
        }
        if let rows = try plan.eventRows?.statement(in: db) { try fold.addEvents(rows) }
        if let rows = try plan.eventUsage?.statement(in: db) { try fold.addUsage(rows) }
        return fold
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
