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
    package func seal(before boundary: Timestamp, now: Timestamp) async throws(LedgerError) -> Int64 {
        let day = Grain.day.start(of: min(max(boundary, Grain.times.lowerBound), Grain.times.upperBound))
        try await write { db in try Self.writeSeal(day, now: now, in: db) }
        var dropped: Int64 = 0
        while true {
            let count = try await write { db in try Self.sweep(in: db) }
            dropped += count
            if count < Int64(Self.sweepBatch) { return dropped }
        }
    }

    /// Releases events below `boundary`, noting the chain as it is.
    private static func writeSeal(_ boundary: Timestamp, now: Timestamp, in db: Database) throws {
        if let last = try sealBoundary(db), last >= boundary { return }
        let sums = SumColumns.counters + SumColumns.halves
        let statement = try db.makeStatement(
            sql: """
                INSERT INTO seal (boundary, sealed_at, chain_head, chain_events, events, \(sums.joined(separator: ", ")))
                SELECT ?, ?, head, events, 0, \(sums.map { _ in "0" }.joined(separator: ", ")) FROM chain
                """
        )
        statement.bind(boundary.microseconds, at: 1)
        statement.bind(now.microseconds, at: 2)
        try statement.run()
    }

    private static func sweep(in db: Database) throws -> Int64 {
        guard let boundary = try sealBoundary(db) else { return 0 }
        let select = try db.cachedStatement(sql: "SELECT sequence FROM event WHERE at < ? LIMIT ?")
        select.bind(boundary.microseconds, at: 1)
        select.bind(Int64(sweepBatch), at: 2)
        let sequences = try integers(select)
        guard !sequences.isEmpty else { return 0 }
        let list = "[\(sequences.map { "\($0)" }.joined(separator: ","))]"
        try addToSeal(list, boundary: boundary, count: sequences.count, in: db)
        for table in ["event", "event_body", "event_usage"] {
            let delete = try db.cachedStatement(
                sql: "DELETE FROM \(table) WHERE sequence IN (SELECT value FROM json_each(?))"
            )
            delete.bind(list, at: 1)
            try delete.run()
        }
        return Int64(sequences.count)
    }

    private static func addToSeal(_ list: String, boundary: Timestamp, count: Int, in db: Database) throws {
        let sums = try db.cachedStatement(
            sql: "SELECT \(AuditSQL.eventSums) FROM event WHERE sequence IN (SELECT value FROM json_each(?))"
        )
        sums.bind(list, at: 1)
        let columns = SumColumns.counters + SumColumns.halves
        let update = try db.cachedStatement(
            sql: """
                UPDATE seal SET events = events + ?, \(columns.map { "\($0) = \($0) + ?" }.joined(separator: ", "))
                WHERE boundary = ?
                """
        )
        update.bind(Int64(count), at: 1)
        guard try sums.step() else { return }
        for index in columns.indices { update.bind(sums.integer(Int32(index)), at: Int32(index + 2)) }
        sums.reset()
        update.bind(boundary.microseconds, at: Int32(columns.count + 2))
        try update.run()
    }
}
