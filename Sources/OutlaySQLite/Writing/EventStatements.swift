import GRDB
import OutlayCore

/// The prepared statements that write the rows of events.
struct EventStatements {
    private let identities: RowInsert
    private let events: RowInsert
    private let bodies: RowInsert
    private let usage: RowInsert
    private let db: Database

    init(_ db: Database) throws {
        self.db = db
        identities = try RowInsert(db, Self.identitySQL)
        events = try RowInsert(db, Self.eventSQL)
        bodies = try RowInsert(db, Self.bodySQL)
        usage = try RowInsert(db, Self.usageSQL)
    }

    private static let identitySQL = RowInsert.SQL(
        "INSERT OR IGNORE",
        into: "event_identity",
        ["identity_hash", "content_hash", "received_at"]
    )
    private static let eventSQL = RowInsert.SQL(
        into: "event",
        ["sequence", "at", "kind", "target_hash", "series_id", "rest_set_id", "names"]
            + SumColumns.counters + SumColumns.amounts
    )
    private static let bodySQL = RowInsert.SQL(into: "event_body", ["sequence", "body"])
    private static let usageSQL = RowInsert.SQL(into: "event_usage", ["sequence", "unit", "quantity"])

    /// Takes the rows' identities, at most ``RowInsert/rowsMax`` of them.
    ///
    /// - Returns: the numbers of those that are new, in order; `nil` for one that was there.
    func insertIdentities(_ rows: ArraySlice<BookedRow>) throws -> [Int64?] {
        let before = db.totalChangesCount
        try identities.run(rows) { statement, row, first in
            statement.bind(row.identityHash, at: first)
            statement.bind(row.contentHash, at: first &+ 1)
            statement.bind(row.event.receivedAt.microseconds, at: first &+ 2)
        }
        // New ones are numbered one after the other.
        let new = db.totalChangesCount - before
        let next = db.lastInsertedRowID &+ 1
        let fresh = next &- Int64(new)..<next
        if new == rows.count { return fresh.map { $0 } }
        var taken: Set<Int64> = []
        return try rows.map { row in
            let sequence = try identity(of: row).sequence
            return fresh.contains(sequence) && taken.insert(sequence).inserted ? sequence : nil
        }
    }

    func insertEvents(_ rows: [PlacedRow]) throws {
        try events.run(rows) { statement, placed, first in
            let event = placed.row.event
            let (kind, target) = event.kind.columns
            statement.bind(placed.sequence, at: first)
            statement.bind(event.at.microseconds, at: first &+ 1)
            statement.bind(kind, at: first &+ 2)
            statement.bind(target, at: first &+ 3)
            statement.bind(placed.series, at: first &+ 4)
            statement.bind(placed.rest, at: first &+ 5)
            statement.bind(placed.row.names.blob, at: first &+ 6)
            statement.bind(placed.row.sums, from: first &+ 7)
        }
    }

    /// Writes the bodies, and the usage in units without a column.
    func insertParts(_ rows: [PlacedRow]) throws {
        try bodies.run(rows) { statement, placed, first in
            statement.bind(placed.sequence, at: first)
            statement.bind(placed.row.body, at: first &+ 1)
        }
        for placed in rows where !placed.row.sums.others.isEmpty {
            try usage.run(Array(placed.row.sums.others)) { statement, count, first in
                statement.bind(placed.sequence, at: first)
                statement.bind(count.key, at: first &+ 1)
                statement.bind(count.value, at: first &+ 2)
            }
        }
    }

    /// What has the row's identity already.
    func identity(of row: BookedRow) throws -> (sequence: Int64, contentHash: [UInt8]) {
        let statement = try db.cachedStatement(
            sql: "SELECT sequence, content_hash FROM event_identity WHERE identity_hash = ?"
        )
        statement.bind(row.identityHash, at: 1)
        defer { statement.reset() }
        return try statement.step() ? (statement.integer(0), statement.blob(1)) : (0, [])
    }

    func insertConflict(_ row: BookedRow) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO conflict (identity_hash, content_hash, received_at, body) VALUES (?, ?, ?, ?)
                """
        )
        statement.bind(row.identityHash, at: 1)
        statement.bind(row.contentHash, at: 2)
        statement.bind(row.event.receivedAt.microseconds, at: 3)
        statement.bind(row.body, at: 4)
        try statement.run()
    }

    func chainHead() throws -> [UInt8] {
        let statement = try db.cachedStatement(sql: "SELECT head FROM chain")
        defer { statement.reset() }
        return try statement.step() ? statement.blob(0) : Hashing.genesis
    }

    func moveChain(to head: [UInt8], by events: Int) throws {
        let statement = try db.cachedStatement(sql: "UPDATE chain SET head = ?, events = events + ? WHERE id = 1")
        statement.bind(head, at: 1)
        statement.bind(Int64(events), at: 2)
        try statement.run()
    }
}

/// A new row, its number, and the numbers of what it shares with others.
struct PlacedRow {
    let row: BookedRow
    let sequence: Int64
    let series: Int64
    let rest: Int64?
}

extension Statement {
    /// Binds counters and amounts in the order of ``SumColumns``; no amount of one event is larger than its column.
    fileprivate func bind(_ sums: ColumnSums, from first: Int32) {
        var index = first
        for counter in SumColumns.counters.indices {
            bind(sums.counters[counter], at: index)
            index &+= 1
        }
        for amount in [sums.effective, sums.list, sums.notional] {
            bind(Int64(truncatingIfNeeded: amount), at: index)
            index &+= 1
        }
    }
}

extension CostEvent.Kind {
    /// The kind's number, and the identity of the event it is about.
    var columns: (kind: Int64, target: [UInt8]?) {
        switch self {
        case .call: (0, nil)
        case .reversal(let target): (Self.reversalNumber, Hashing.identity(target))
        case .replacement(let target): (2, Hashing.identity(target))
        }
    }

    static let reversalNumber: Int64 = 1
}
