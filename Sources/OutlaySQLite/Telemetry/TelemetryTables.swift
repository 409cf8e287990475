import GRDB
import OutlayCore

/// The tables of telemetry, inside one transaction.
final class TelemetryTables: TelemetryTransaction {
    let db: Database
    /// Blocks of the gateway's calls around a time, asked once per transaction and hour.
    var blocks: [Range<Timestamp>: [Int64]] = [:]

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

    func keep(
        _ observation: Observation,
        named keys: [UInt128],
        in group: UInt128,
        of source: Int64,
        at time: Timestamp
    ) throws -> KeepOutcome {
        var body = ByteWriter(reservingCapacity: 384)
        body.observation(observation)
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO observation (group_key, identity, source_id, received_at, revision, body)
                VALUES (?, ?, ?, ?, 0, ?)
                """
        )
        insert.bind(group.blob, at: 1)
        insert.bind(observation.identity.blob, at: 2)
        insert.bind(source, at: 3)
        insert.bind(time.microseconds, at: 4)
        insert.bind(body.bytes, at: 5)
        try insert.run()
        guard db.changedRows > 0 else { return try comparison(of: observation, in: group, with: body.bytes) }
        let name = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO observation_name (name, group_key) VALUES (?, ?)"
        )
        for key in keys {
            name.bind(key.blob, at: 1)
            name.bind(group.blob, at: 2)
            try name.run()
        }
        return .new
    }

    private func comparison(of observation: Observation, in group: UInt128, with body: [UInt8]) throws -> KeepOutcome {
        let find = try db.cachedStatement(sql: "SELECT body FROM observation WHERE group_key = ? AND identity = ?")
        find.bind(group.blob, at: 1)
        find.bind(observation.identity.blob, at: 2)
        defer { find.reset() }
        return try find.step() && find.blob(0) == body ? .duplicate : .conflict
    }

    func observations(in group: UInt128) throws -> [KeptObservation] {
        let select = try db.cachedStatement(
            sql: "SELECT received_at, revision, inputs, body FROM observation WHERE group_key = ?"
        )
        select.bind(group.blob, at: 1)
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

    func count(in group: UInt128) throws -> Int {
        let select = try db.cachedStatement(sql: "SELECT COUNT(*) FROM observation WHERE group_key = ?")
        select.bind(group.blob, at: 1)
        return Int(try SQLiteLedger.integers(select).first ?? 0)
    }

    func contains(_ identity: UInt128, in group: UInt128) throws -> Bool {
        let select = try db.cachedStatement(
            sql: "SELECT 1 FROM observation WHERE group_key = ? AND identity = ?"
        )
        select.bind(group.blob, at: 1)
        select.bind(identity.blob, at: 2)
        return try !SQLiteLedger.integers(select).isEmpty
    }

    func groups(named names: [UInt128]) throws -> Set<UInt128> {
        let select = try db.cachedStatement(sql: "SELECT group_key FROM observation_name WHERE name = ?")
        var groups: Set<UInt128> = []
        for name in names {
            select.bind(name.blob, at: 1)
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
        update.bind(group.blob, at: 3)
        update.bind(identity.blob, at: 4)
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

extension Statement {
    func standing(revision: Int32, inputs: Int32) -> TelemetryStanding {
        TelemetryStanding(
            revision: integer(revision),
            inputs: isNull(inputs) ? nil : UInt64(bitPattern: integer(inputs))
        )
    }
}

extension UInt128 {
    /// The 16 bytes of a key.
    var blob: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        bytes.append(bigEndian: UInt64(truncatingIfNeeded: self >> 64))
        bytes.append(bigEndian: UInt64(truncatingIfNeeded: self))
        return bytes
    }

    init(blob: [UInt8]) {
        self = blob.prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
    }
}
