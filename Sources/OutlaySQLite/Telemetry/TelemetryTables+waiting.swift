import GRDB
import OutlayCore

extension TelemetryTables {
    func hold(_ group: HeldGroup, of emitter: String, until due: Timestamp) throws {
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO telemetry_held (group_key, export_at, source_id, emitter, due)
                VALUES (?, ?, ?, ?, ?)
                """
        )
        insert.bind(group, from: 1)
        insert.bind(emitter, at: 4)
        insert.bind(due.microseconds, at: 5)
        try insert.run()
    }

    func release(_ group: HeldGroup) throws {
        let delete = try db.cachedStatement(sql: "DELETE FROM telemetry_held WHERE group_key = ? AND export_at = ?")
        delete.bind(group.group, at: 1)
        delete.bind(group.exportColumn, at: 2)
        try delete.run()
    }

    func due(at time: Timestamp, limit: Int) throws -> [HeldGroup] {
        let select = try db.cachedStatement(
            sql: "SELECT group_key, export_at, source_id FROM telemetry_held WHERE due <= ? ORDER BY due LIMIT ?"
        )
        select.bind(time.microseconds, at: 1)
        select.bind(Int64(limit), at: 2)
        defer { select.reset() }
        var groups: [HeldGroup] = []
        while try select.step() { groups.append(select.heldGroup(from: 0)) }
        return groups
    }

    func notePresence(_ presence: TelemetryPresence) throws -> Bool {
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO telemetry_presence (scope, minute, authority, instance) VALUES (?, ?, ?, ?)
                """
        )
        insert.bind(presence.scope, at: 1)
        insert.bind(presence.minute, at: 2)
        insert.bind(Int64(presence.authority.rawValue), at: 3)
        insert.bind(presence.instance, at: 4)
        try insert.run()
        return db.changedRows > 0
    }

    func presences(
        of scope: UInt128,
        in minutes: ClosedRange<Int64>,
        above authority: Authority
    ) throws -> [String] {
        let select = try db.cachedStatement(
            sql: """
                SELECT DISTINCT instance FROM telemetry_presence
                WHERE scope = ? AND minute BETWEEN ? AND ? AND authority > ? LIMIT 1000
                """
        )
        select.bind(scope, at: 1)
        select.bind(minutes.lowerBound, at: 2)
        select.bind(minutes.upperBound, at: 3)
        select.bind(Int64(authority.rawValue), at: 4)
        defer { select.reset() }
        var instances: [String] = []
        while try select.step() { instances.append(select.text(0) ?? "") }
        return instances
    }

    func noteContest(_ contest: TelemetryContest) throws {
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO telemetry_contest
                    (group_key, export_at, source_id, scope, last_minute, first_minute, authority, instance)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        insert.bind(contest.held, from: 1)
        insert.bind(contest.scope, at: 4)
        insert.bind(contest.minutes.upperBound, at: 5)
        insert.bind(contest.minutes.lowerBound, at: 6)
        insert.bind(Int64(contest.authority.rawValue), at: 7)
        insert.bind(contest.instance, at: 8)
        try insert.run()
    }

    func contests(in minute: Int64, of scope: UInt128, below authority: Authority) throws -> [TelemetryContest] {
        let select = try db.cachedStatement(
            sql: """
                SELECT group_key, export_at, source_id, first_minute, last_minute, authority, instance
                FROM telemetry_contest
                WHERE scope = ?1 AND last_minute >= ?2 AND first_minute <= ?2 AND authority < ?3
                """
        )
        select.bind(scope, at: 1)
        select.bind(minute, at: 2)
        select.bind(Int64(authority.rawValue), at: 3)
        defer { select.reset() }
        var contests: [TelemetryContest] = []
        while try select.step() {
            let (first, last) = (select.integer(3), select.integer(4))
            contests.append(
                TelemetryContest(
                    scope: scope,
                    minutes: first...max(first, last),
                    authority: Authority(rawValue: UInt8(clamping: select.integer(5))) ?? .counter,
                    instance: select.text(6) ?? "",
                    held: select.heldGroup(from: 0)
                )
            )
        }
        return contests
    }
}

extension HeldGroup {
    /// 0 stands for a group of observations.
    var exportColumn: Int64 { Int64(clamping: export ?? 0) }
}

extension Statement {
    /// Group, export and source, in the three columns from `index`.
    fileprivate func bind(_ group: HeldGroup, from index: Int32) {
        bind(group.group, at: index)
        bind(group.exportColumn, at: index + 1)
        bind(group.source, at: index + 2)
    }

    fileprivate func heldGroup(from column: Int32) -> HeldGroup {
        let export = integer(column + 1)
        return HeldGroup(
            group: UInt128(blob: blob(column)),
            source: integer(column + 2),
            export: export == 0 ? nil : UInt64(clamping: export)
        )
    }
}
