import GRDB
import OutlayCore

/// The prepared statements that write an event's rows.
struct EventStatements {
    private let identity: Statement
    private let event: Statement
    private let body: Statement
    private let usage: Statement
    private let db: Database

    init(_ db: Database) throws {
        self.db = db
        identity = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO event_identity (identity_hash, content_hash, received_at) VALUES (?, ?, ?)
                """
        )
        event = try db.cachedStatement(sql: Self.insertEvent)
        body = try db.cachedStatement(sql: "INSERT INTO event_body (sequence, body) VALUES (?, ?)")
        usage = try db.cachedStatement(sql: "INSERT INTO event_usage (sequence, unit, quantity) VALUES (?, ?, ?)")
    }

    private static let insertEvent: String = {
        let columns =
            [
                "sequence", "at", "kind", "target_hash", "series_id", "rest_set_id", "call_id", "response_id",
            ] + SumColumns.counters + SumColumns.amounts
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        return "INSERT INTO event (\(columns.joined(separator: ", "))) VALUES (\(marks))"
    }()

    func insertIdentity(_ row: BookedRow) throws {
        identity.bind(row.identityHash, at: 1)
        identity.bind(row.contentHash, at: 2)
        identity.bind(row.event.receivedAt.microseconds, at: 3)
        try identity.run()
    }

    func insertEvent(_ row: BookedRow, sequence: Int64, series: Int64, rest: Int64?) throws {
        let (kind, target) = row.event.kind.columns
        event.bind(sequence, at: 1)
        event.bind(row.event.at.microseconds, at: 2)
        event.bind(kind, at: 3)
        event.bind(target, at: 4)
        event.bind(series, at: 5)
        event.bind(rest, at: 6)
        event.bind(row.event.links.call.map(\.blob), at: 7)
        event.bind(row.event.links.responseID, at: 8)
        bind(row.sums)
        try event.run()
    }

    private func bind(_ sums: ColumnSums) {
        var index: Int32 = 9
        for counter in SumColumns.counters.indices {
            event.bind(sums.counters[counter], at: index)
            index += 1
        }
        for amount in [sums.effective, sums.list, sums.notional] {
            event.bind(Int64(truncatingIfNeeded: amount), at: index)
            index += 1
        }
    }

    /// Writes the body, and the usage in units without a column.
    func insertParts(_ row: BookedRow, sequence: Int64) throws {
        body.bind(sequence, at: 1)
        body.bind(row.body, at: 2)
        try body.run()
        for (unit, quantity) in row.sums.others {
            usage.bind(sequence, at: 1)
            usage.bind(unit, at: 2)
            usage.bind(quantity, at: 3)
            try usage.run()
        }
    }

    func contentHash(of identityHash: [UInt8]) throws -> [UInt8] {
        let statement = try db.cachedStatement(sql: "SELECT content_hash FROM event_identity WHERE identity_hash = ?")
        statement.bind(identityHash, at: 1)
        defer { statement.reset() }
        return try statement.step() ? statement.blob(0) : []
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

extension CallID {
    /// The 16 bytes of the name.
    var blob: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        bytes.append(bigEndian: UInt64(truncatingIfNeeded: bits >> 64))
        bytes.append(bigEndian: UInt64(truncatingIfNeeded: bits))
        return bytes
    }
}
