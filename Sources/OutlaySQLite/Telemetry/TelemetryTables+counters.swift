import GRDB
import OutlayCore

extension TelemetryTables {
    func counterGroup(_ group: UInt128) throws -> KeptCounters? {
        let select = try db.cachedStatement(
            sql: "SELECT source_id, body, series FROM counter_group WHERE group_key = ?"
        )
        select.bind(group, at: 1)
        defer { select.reset() }
        guard try select.step() else { return nil }
        let source = select.integer(0)
        return try Self.reading(group) { () throws(CodecError) in
            var body = ByteReader(select.blob(1))
            var series = ByteReader(select.blob(2))
            return KeptCounters(group: try body.counterGroup(), source: source, series: try series.series())
        }
    }

    func put(_ counters: KeptCounters, for group: UInt128) throws {
        var body = ByteWriter(reservingCapacity: 256)
        body.counterGroup(counters.group)
        var series = ByteWriter(reservingCapacity: 128)
        series.series(counters.series)
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO counter_group (group_key, source_id, body, series) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET series = excluded.series
                """
        )
        upsert.bind(group, at: 1)
        upsert.bind(counters.source, at: 2)
        upsert.bind(body.bytes, at: 3)
        upsert.bind(series.bytes, at: 4)
        try upsert.run()
    }

    func counterExport(_ group: UInt128, at time: UInt64) throws -> KeptExport? {
        let select = try db.cachedStatement(sql: Self.exports("= ?2", order: "DESC"))
        select.bind(group, at: 1)
        select.bind(Int64(clamping: time), at: 2)
        defer { select.reset() }
        return try select.step() ? try Self.export(in: select, group) : nil
    }

    func counterExport(
        _ group: UInt128,
        from time: UInt64,
        isBefore: Bool,
        having entry: CounterExport.Entry
    ) throws -> KeptExport? {
        // No point of a series is older than its start: the first of a new one is not looked for in all that is kept.
        let sql =
            isBefore ? Self.exports("BETWEEN ?3 AND ?2 - 1", order: "DESC") : Self.exports("> ?2", order: "ASC")
        let select = try db.cachedStatement(sql: sql)
        select.bind(group, at: 1)
        select.bind(Int64(clamping: time), at: 2)
        if isBefore { select.bind(Int64(clamping: entry.start), at: 3) }
        defer { select.reset() }
        while try select.step() {
            let kept = try Self.export(in: select, group)
            if kept.export.entries.contains(where: { $0.continues(entry) }) { return kept }
        }
        return nil
    }

    func put(_ export: KeptExport, in group: UInt128, at time: Timestamp) throws {
        var body = ByteWriter(reservingCapacity: 128)
        body.entries(export.export.entries)
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO counter_export (group_key, export_at, received_at, revision, inputs, body)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE
                SET revision = excluded.revision, inputs = excluded.inputs, body = excluded.body
                """
        )
        upsert.bind(group, at: 1)
        upsert.bind(Int64(clamping: export.export.time), at: 2)
        upsert.bind(time.microseconds, at: 3)
        upsert.bind(export.standing.revision, at: 4)
        upsert.bind(export.standing.inputs.map { Int64(bitPattern: $0) }, at: 5)
        upsert.bind(body.bytes, at: 6)
        try upsert.run()
    }

    private static func exports(_ condition: String, order: String) -> String {
        """
        SELECT export_at, revision, inputs, body FROM counter_export
        WHERE group_key = ?1 AND export_at \(condition) ORDER BY export_at \(order)
        """
    }

    private static func export(in row: Statement, _ group: UInt128) throws -> KeptExport {
        let entries = try reading(group) { () throws(CodecError) in
            var body = ByteReader(row.blob(3))
            return try body.entries()
        }
        return KeptExport(
            export: CounterExport(time: UInt64(clamping: row.integer(0)), entries: entries),
            standing: row.standing(revision: 1, inputs: 2)
        )
    }
}
