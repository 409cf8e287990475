import GRDB
import OutlayCore

extension TelemetryTables {
    func note(_ counts: TelemetryCounts, of source: Int64, emitter: String, at time: Timestamp) throws {
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO telemetry_emitter
                    (source_id, emitter, last_seen, accepted, duplicates, conflicts, calls, unmetered)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    last_seen = max(last_seen, excluded.last_seen), accepted = accepted + excluded.accepted,
                    duplicates = duplicates + excluded.duplicates, conflicts = conflicts + excluded.conflicts,
                    calls = calls + excluded.calls, unmetered = unmetered + excluded.unmetered
                """
        )
        upsert.bind(source, at: 1)
        upsert.bind(emitter, at: 2)
        upsert.bind(time.microseconds, at: 3)
        let numbers = [counts.accepted, counts.duplicates, counts.conflicts, counts.calls, counts.unmetered]
        for (offset, number) in numbers.enumerated() { upsert.bind(number, at: Int32(offset + 4)) }
        try upsert.run()
        let rejection = try db.cachedStatement(
            sql: """
                INSERT INTO telemetry_rejection (source_id, emitter, reason, records) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET records = records + excluded.records
                """
        )
        for (reason, records) in counts.rejected {
            rejection.bind(source, at: 1)
            rejection.bind(emitter, at: 2)
            rejection.bind(reason, at: 3)
            rejection.bind(records, at: 4)
            try rejection.run()
        }
    }

    func sources() throws -> [TelemetrySource] {
        let select = try db.cachedStatement(
            sql: """
                SELECT id, workspace, key_name, emitter, last_seen, accepted, duplicates, conflicts, calls, unmetered,
                    (SELECT COUNT(*) FROM telemetry_held AS held
                     WHERE held.source_id = id AND held.emitter = telemetry_emitter.emitter)
                FROM telemetry_emitter JOIN telemetry_source ON id = source_id
                ORDER BY workspace, key_name, emitter
                """
        )
        defer { select.reset() }
        var sources: [TelemetrySource] = []
        while try select.step() {
            var counts = TelemetryCounts()
            counts.accepted = select.integer(5)
            counts.duplicates = select.integer(6)
            counts.conflicts = select.integer(7)
            counts.calls = select.integer(8)
            counts.unmetered = select.integer(9)
            let emitter = select.text(3) ?? ""
            counts.rejected = try rejections(of: select.integer(0), emitter: emitter)
            sources.append(
                TelemetrySource(
                    name: TelemetrySourceName(workspace: select.text(1) ?? "", key: select.text(2) ?? ""),
                    emitter: emitter,
                    lastSeen: Timestamp(microseconds: select.integer(4)),
                    counts: counts,
                    held: select.integer(10)
                )
            )
        }
        return sources
    }

    private func rejections(of source: Int64, emitter: String) throws -> [String: Int64] {
        let select = try db.cachedStatement(
            sql: "SELECT reason, records FROM telemetry_rejection WHERE source_id = ? AND emitter = ?"
        )
        select.bind(source, at: 1)
        select.bind(emitter, at: 2)
        defer { select.reset() }
        var rejections: [String: Int64] = [:]
        while try select.step() { rejections[select.text(0) ?? ""] = select.integer(1) }
        return rejections
    }

    /// Drops one batch of what was received before `time`.
    ///
    /// - Returns: whether nothing more is that old.
    func forget(receivedBefore time: Timestamp) throws -> Bool {
        try forgetObservations(receivedBefore: time) && forgetRest(receivedBefore: time)
    }

    /// Exports, presences and contests; series stay, so that counters that go on are followed.
    private func forgetRest(receivedBefore time: Timestamp) throws -> Bool {
        let minute = time.microseconds / 60_000_000
        let deletions: [(sql: String, before: Int64)] = [
            (
                """
                DELETE FROM counter_export WHERE (group_key, export_at) IN
                    (SELECT group_key, export_at FROM counter_export WHERE received_at < ? LIMIT 5000)
                """, time.microseconds
            ),
            ("DELETE FROM telemetry_presence WHERE minute < ?", minute),
            ("DELETE FROM telemetry_contest WHERE last_minute < ?", minute),
        ]
        var isDone = true
        for deletion in deletions {
            let statement = try db.cachedStatement(sql: deletion.sql)
            statement.bind(deletion.before, at: 1)
            try statement.run()
            if db.changedRows >= 5000 { isDone = false }
        }
        return isDone
    }
}
