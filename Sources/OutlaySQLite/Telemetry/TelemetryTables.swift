import GRDB
import OutlayCore

/// The tables of telemetry, inside one transaction.
final class TelemetryTables: TelemetryTransaction {
    let db: Database
    /// Blocks of the gateway's calls around a time, asked once per transaction and hour.
    var blocks: [Range<Timestamp>: [Int64]] = [:]
    /// What every report asks and writes, found once per transaction.
    private lazy var rows = Result { try ObservationStatements(db) }

    init(_ db: Database) {
        self.db = db
    }

    func source(_ name: TelemetrySourceName) throws -> Int64 {
        let find = try db.cachedStatement(
            sql: "SELECT id FROM telemetry_source WHERE workspace = ? AND key_name = ?"
        )
        find.bind(name.workspace, at: 1)
        find.bind(name.key, at: 2)
        if let found = try SQLiteLedger.integers(find).first { return found }
        let insert = try db.cachedStatement(sql: "INSERT INTO telemetry_source (workspace, key_name) VALUES (?, ?)")
        insert.bind(name.workspace, at: 1)
        insert.bind(name.key, at: 2)
        try insert.run()
        return db.lastInsertedRowID
    }

    func sourceName(_ source: Int64) throws -> TelemetrySourceName? {
        let find = try db.cachedStatement(sql: "SELECT workspace, key_name FROM telemetry_source WHERE id = ?")
        find.bind(source, at: 1)
        defer { find.reset() }
        guard try find.step(), let workspace = find.text(0), let key = find.text(1) else { return nil }
        return TelemetrySourceName(workspace: workspace, key: key)
    }

    func keep(_ row: ObservationRow) throws -> KeepOutcome {
        let insert = try rows.get().insert
        insert.bind(row.group, at: 1)
        insert.bind(row.identity, at: 2)
        insert.bind(row.source, at: 3)
        insert.bind(row.receivedAt.microseconds, at: 4)
        insert.bind(row.standing.revision, at: 5)
        insert.bind(row.standing.inputs.map { Int64(bitPattern: $0) }, at: 6)
        insert.bind(row.body, at: 7)
        try insert.run()
        guard db.changedRows > 0 else { return try comparison(of: row) }
        guard !row.names.isEmpty else { return .new }
        let name = try rows.get().name
        name.bind(row.group, at: 2)
        for key in row.names {
            name.bind(key, at: 1)
            try name.run()
        }
        return .new
    }

    private func comparison(of row: ObservationRow) throws -> KeepOutcome {
        let find = try db.cachedStatement(sql: "SELECT body FROM observation WHERE group_key = ? AND identity = ?")
        find.bind(row.group, at: 1)
        find.bind(row.identity, at: 2)
        defer { find.reset() }
        return try find.step() && find.blob(0) == row.body ? .duplicate : .conflict
    }

    func observations(in group: UInt128) throws -> [KeptObservation] {
        let select = try db.cachedStatement(
            sql: "SELECT received_at, revision, inputs, body FROM observation WHERE group_key = ?"
        )
        select.bind(group, at: 1)
        defer { select.reset() }
        var kept: [KeptObservation] = []
        while try select.step() {
            var reader = ByteReader(select.blob(3))
            kept.append(
                KeptObservation(
                    observation: try Self.reading(group) { () throws(CodecError) in try reader.observation() },
                    group: group,
                    receivedAt: Timestamp(microseconds: select.integer(0)),
                    standing: select.standing(revision: 1, inputs: 2)
                )
            )
        }
        return kept
    }

    func isEmpty(_ group: UInt128) throws -> Bool {
        let select = try rows.get().any
        select.bind(group, at: 1)
        defer { select.reset() }
        return try !select.step()
    }

    func count(in group: UInt128) throws -> Int {
        let select = try db.cachedStatement(sql: "SELECT COUNT(*) FROM observation WHERE group_key = ?")
        select.bind(group, at: 1)
        return Int(try SQLiteLedger.integers(select).first ?? 0)
    }

    func contains(_ identity: UInt128, in group: UInt128) throws -> Bool {
        let select = try db.cachedStatement(
            sql: "SELECT 1 FROM observation WHERE group_key = ? AND identity = ?"
        )
        select.bind(group, at: 1)
        select.bind(identity, at: 2)
        return try !SQLiteLedger.integers(select).isEmpty
    }

    func groups(named names: [UInt128]) throws -> Set<UInt128> {
        let select = try rows.get().groups
        var groups: Set<UInt128> = []
        for name in names {
            select.bind(name, at: 1)
            defer { select.reset() }
            while try select.step() { groups.insert(UInt128(blob: select.blob(0))) }
        }
        return groups
    }

    func groups(receivedSince time: Timestamp, limit: Int) throws -> [HeldGroup] {
        let select = try db.cachedStatement(
            sql: """
                SELECT group_key, source_id FROM observation WHERE received_at >= ? ORDER BY received_at DESC LIMIT ?
                """
        )
        select.bind(time.microseconds, at: 1)
        select.bind(Int64(limit), at: 2)
        defer { select.reset() }
        var groups: [HeldGroup] = []
        while try select.step() {
            groups.append(HeldGroup(group: UInt128(blob: select.blob(0)), source: select.integer(1)))
        }
        return groups
    }

    func setStanding(_ standing: TelemetryStanding, of identity: UInt128, in group: UInt128) throws {
        let update = try db.cachedStatement(
            sql: "UPDATE observation SET revision = ?, inputs = ? WHERE group_key = ? AND identity = ?"
        )
        update.bind(standing.revision, at: 1)
        update.bind(standing.inputs.map { Int64(bitPattern: $0) }, at: 2)
        update.bind(group, at: 3)
        update.bind(identity, at: 4)
        try update.run()
    }

    /// Says of a damaged row where it is.
    static func reading<Value>(
        _ group: UInt128,
        _ body: () throws(CodecError) -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch {
            throw LedgerError.unreadable(id: "telemetry \(group.hexadecimal(digits: 32))", reason: error.reason)
        }
    }
}

/// The prepared statements for single observations.
private struct ObservationStatements {
    let insert: Statement
    let name: Statement
    let any: Statement
    let groups: Statement

    init(_ db: Database) throws {
        insert = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO observation
                    (group_key, identity, source_id, received_at, revision, inputs, body)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        )
        name = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO observation_name (name, group_key) VALUES (?, ?)"
        )
        any = try db.cachedStatement(sql: "SELECT 1 FROM observation WHERE group_key = ? LIMIT 1")
        groups = try db.cachedStatement(sql: "SELECT group_key FROM observation_name WHERE name = ?")
    }
}

extension Statement {
    func standing(revision: Int32, inputs: Int32) -> TelemetryStanding {
        TelemetryStanding(
            revision: integer(revision),
            inputs: isNull(inputs) ? nil : UInt64(bitPattern: integer(inputs))
        )
    }
}

extension UInt128 {
    /// From the 16 bytes of a key.
    init(blob: [UInt8]) {
        self = blob.prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
    }
}
