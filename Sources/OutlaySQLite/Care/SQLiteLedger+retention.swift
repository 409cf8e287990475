import GRDB
package import OutlayCore

extension SQLiteLedger {
    /// How many events leave per transaction, so that writers wait for milliseconds only.
    private static let sweepBatch = 500

    /// Drops the single events before the UTC day that holds `boundary`; their sums, hashes and identities stay.
    ///
    /// Totals do not change, a re-sent old event is still a duplicate, and `verify` still passes. Questions about
    /// `run`, `task` and `user` find nothing before the boundary. Calling it again goes on where a crash ended it.
    ///
    /// - Returns: how many events were dropped.
    @discardableResult
    package func seal(before boundary: Timestamp) async throws(LedgerError) -> Int64 {
        let day = TileGrain.day.start(of: min(max(boundary, TileGrain.times.lowerBound), TileGrain.times.upperBound))
        try await write { db in try Self.writeSeal(day, in: db) }
        var dropped: Int64 = 0
        while true {
            let count = try await write { db in
                // What is remembered may leave.
                _ = self.takeRecentEvents()
                return try Self.sweep(in: db)
            }
            dropped += count
            if count < Int64(Self.sweepBatch) { return dropped }
        }
    }

    /// Releases events below `boundary`, noting the chain as it is.
    private static func writeSeal(_ boundary: Timestamp, in db: Database) throws {
        if let last = try sealBoundary(db), last >= boundary { return }
        let statement = try db.makeStatement(sql: RetentionSQL.insertSeal)
        statement.bind(boundary.microseconds, at: 1)
        try statement.run()
    }

    private static func sweep(in db: Database) throws -> Int64 {
        guard let boundary = try sealBoundary(db) else { return 0 }
        let select = try db.cachedStatement(sql: "SELECT sequence FROM event WHERE at < ? LIMIT ?")
        select.bind(boundary.microseconds, at: 1)
        select.bind(Int64(sweepBatch), at: 2)
        let sequences = try integers(select)
        guard !sequences.isEmpty else { return 0 }
        try EventIndex(db).remove(sequences)
        let list = "[\(sequences.map { "\($0)" }.joined(separator: ","))]"
        try addToSeal(list, boundary: boundary, count: sequences.count, in: db)
        for deletion in RetentionSQL.deletions {
            let delete = try db.cachedStatement(sql: deletion)
            delete.bind(list, at: 1)
            try delete.run()
        }
        return Int64(sequences.count)
    }

    private static func addToSeal(_ list: String, boundary: Timestamp, count: Int, in db: Database) throws {
        let sums = try db.cachedStatement(sql: RetentionSQL.sums)
        sums.bind(list, at: 1)
        let update = try db.cachedStatement(sql: RetentionSQL.addToSeal)
        update.bind(Int64(count), at: 1)
        guard try sums.step() else { return }
        for index in RetentionSQL.columns.indices { update.bind(sums.integer(Int32(index)), at: Int32(index + 2)) }
        sums.reset()
        update.bind(boundary.microseconds, at: Int32(RetentionSQL.columns.count + 2))
        try update.run()
    }
}

/// The statements of retention, made of names in the source only.
private enum RetentionSQL {
    static let columns = SumColumns.counters + SumColumns.halves

    static let insertSeal = """
        INSERT INTO seal (boundary, chain_head, chain_events, events, \(columns.joined(separator: ", ")))
        SELECT ?, head, events, 0, \(columns.map { _ in "0" }.joined(separator: ", ")) FROM chain
        """
    static let sums = "SELECT \(AuditSQL.eventSums) FROM event WHERE sequence IN (SELECT value FROM json_each(?))"
    static let addToSeal = """
        UPDATE seal SET events = events + ?, \(columns.map { "\($0) = \($0) + ?" }.joined(separator: ", "))
        WHERE boundary = ?
        """
    static let deletions = ["event", "event_body", "event_usage"].map { table in
        "DELETE FROM \(table) WHERE sequence IN (SELECT value FROM json_each(?))"
    }
}
