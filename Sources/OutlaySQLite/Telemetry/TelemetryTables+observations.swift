import GRDB
import OutlayCore

/// Observations: rows in the order they came in, found by what the indexes hold and by what is remembered beside them.
extension TelemetryTables {
    func keep(_ row: ObservationRow) throws -> KeepOutcome {
        if let id = try id(of: row.identity, in: row.group) {
            return try body(of: id) == row.body ? .duplicate : .conflict
        }
        let insert = try rows.get().insert
        insert.bind(row.group, at: 1)
        insert.bind(row.identity, at: 2)
        insert.bind(row.source, at: 3)
        insert.bind(row.receivedAt.microseconds, at: 4)
        insert.bind(row.standing.revision, at: 5)
        insert.bind(row.standing.inputs.map { Int64(bitPattern: $0) }, at: 6)
        insert.bind(row.names.blob, at: 7)
        insert.bind(row.body, at: 8)
        try insert.run()
        let id = db.lastInsertedRowID
        try changeRecent { $0.add(id, row.identity, in: row.group, names: row.names) }
        return .new
    }

    func observations(in group: UInt128) throws -> [KeptObservation] {
        try ids(in: group).map { try observation($0, in: group) }
    }

    private func observation(_ id: Int64, in group: UInt128) throws -> KeptObservation {
        let select = try rows.get().select
        select.bind(id, at: 1)
        defer { select.reset() }
        guard try select.step() else {
            throw LedgerError.unreadable(id: "observation \(id)", reason: "its row is missing")
        }
        var reader = ByteReader(select.blob(3))
        return KeptObservation(
            observation: try Self.reading(group) { () throws(CodecError) in try reader.observation() },
            group: group,
            receivedAt: Timestamp(microseconds: select.integer(0)),
            standing: select.standing(revision: 1, inputs: 2)
        )
    }

    private func body(of id: Int64) throws -> [UInt8] {
        let select = try rows.get().select
        select.bind(id, at: 1)
        defer { select.reset() }
        return try select.step() ? select.blob(3) : []
    }

    func isEmpty(_ group: UInt128) throws -> Bool {
        guard try !recent.hasObservations(in: group) else { return false }
        let select = try rows.get().any
        select.bind(group, at: 1)
        defer { select.reset() }
        return try !select.step()
    }

    func count(in group: UInt128) throws -> Int {
        try ids(in: group).count
    }

    func contains(_ identity: UInt128, in group: UInt128) throws -> Bool {
        try id(of: identity, in: group) != nil
    }

    func groups(named names: [UInt128]) throws -> Set<UInt128> {
        let select = try rows.get().groups
        var groups: Set<UInt128> = []
        for name in names {
            groups.formUnion(try recent.groups(named: name))
            select.bind(name, at: 1)
            defer { select.reset() }
            while try select.step() { groups.insert(UInt128(blob: select.blob(0))) }
        }
        return groups
    }

    func groups(receivedSince time: Timestamp, limit: Int) throws -> [HeldGroup] {
        let select = try db.cachedStatement(
            sql: "SELECT group_key, source_id, received_at FROM observation ORDER BY id DESC LIMIT ?"
        )
        select.bind(Int64(limit), at: 1)
        defer { select.reset() }
        var groups: [HeldGroup] = []
        while try select.step(), select.integer(2) >= time.microseconds {
            groups.append(HeldGroup(group: UInt128(blob: select.blob(0)), source: select.integer(1)))
        }
        return groups
    }

    func setStanding(_ standing: TelemetryStanding, of identity: UInt128, in group: UInt128) throws {
        guard let id = try id(of: identity, in: group) else { return }
        let update = try db.cachedStatement(sql: "UPDATE observation SET revision = ?, inputs = ? WHERE id = ?")
        update.bind(standing.revision, at: 1)
        update.bind(standing.inputs.map { Int64(bitPattern: $0) }, at: 2)
        update.bind(id, at: 3)
        try update.run()
    }

    private func id(of identity: UInt128, in group: UInt128) throws -> Int64? {
        if let place = try recent.places(in: group).first(where: { $0.identity == identity }) { return place.id }
        let select = try rows.get().one
        select.bind(group, at: 1)
        select.bind(identity, at: 2)
        return try SQLiteLedger.integers(select).first
    }

    /// In the order they came in.
    private func ids(in group: UInt128) throws -> [Int64] {
        let select = try rows.get().all
        select.bind(group, at: 1)
        return try (SQLiteLedger.integers(select) + recent.places(in: group).map(\.id)).sorted()
    }
}

/// The prepared statements for single observations.
struct ObservationStatements {
    let insert: Statement
    let select: Statement
    let any: Statement
    let one: Statement
    let all: Statement
    let groups: Statement

    init(_ db: Database) throws {
        insert = try db.cachedStatement(
            sql: """
                INSERT INTO observation (group_key, identity, source_id, received_at, revision, inputs, names, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        select = try db.cachedStatement(
            sql: "SELECT received_at, revision, inputs, body FROM observation WHERE id = ?"
        )
        any = try db.cachedStatement(sql: "SELECT 1 FROM observation_key WHERE group_key = ? LIMIT 1")
        one = try db.cachedStatement(
            sql: "SELECT observation_id FROM observation_key WHERE group_key = ? AND identity = ?"
        )
        all = try db.cachedStatement(sql: "SELECT observation_id FROM observation_key WHERE group_key = ?")
        groups = try db.cachedStatement(sql: "SELECT group_key FROM observation_name WHERE name = ?")
    }
}
