import GRDB
import OutlayCore

/// Observations: rows in the order they came in, found by what the indexes hold and by what is remembered beside them.
extension TelemetryTables {
    func keep(_ row: ObservationRow) throws -> KeepOutcome {
        if let id = try id(of: row.identity, in: row.group) {
            return try body(of: id) == row.body ? .duplicate : .conflict
        }
        try add(row)
        return .new
    }

    /// Its row waits to be written with others.
    func add(_ row: ObservationRow) throws {
        let id = try recent.last &+ 1
        unwritten.append((id, row))
        try changeRecent { $0.add(id, row.identity, in: row.group, names: row.names) }
    }

    /// Writes the rows that wait; whoever reads rows does this first.
    func writeRows() throws {
        guard !unwritten.isEmpty else { return }
        try RowInsert(db, Self.insertSQL).run(unwritten) { statement, next, first in
            statement.bind(next.id, at: first)
            statement.bind(next.row.group, at: first &+ 1)
            statement.bind(next.row.identity, at: first &+ 2)
            statement.bind(next.row.source, at: first &+ 3)
            statement.bind(next.row.receivedAt.microseconds, at: first &+ 4)
            statement.bind(next.row.standing.revision, at: first &+ 5)
            statement.bind(next.row.standing.inputs.map { Int64(bitPattern: $0) }, at: first &+ 6)
            statement.bind(next.row.names.blob, at: first &+ 7)
            statement.bind(next.row.body, at: first &+ 8)
        }
        unwritten = []
    }

    private static let insertSQL = RowInsert.SQL(
        into: "observation",
        ["id", "group_key", "identity", "source_id", "received_at", "revision", "inputs", "names", "body"]
    )

    func observations(in group: UInt128) throws -> [KeptObservation] {
        try ids(in: group).map { try observation($0, in: group) }
    }

    private func observation(_ id: Int64, in group: UInt128) throws -> KeptObservation {
        try writeRows()
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
        try writeRows()
        let select = try rows.get().select
        select.bind(id, at: 1)
        defer { select.reset() }
        return try select.step() ? select.blob(3) : []
    }

    func kept(among groups: [UInt128]) throws -> Set<UInt128> {
        let recent = try recent
        return try found(groups, by: rows.get().keptGroups).union(groups.filter(recent.hasObservations))
    }

    func told(among names: [UInt128]) throws -> Set<UInt128> {
        let recent = try recent
        return try found(names, by: rows.get().toldNames).union(names.filter(recent.isTold))
    }

    /// Those of the keys that the statement finds, asked many at a time and in the order of its index.
    private func found(_ keys: [UInt128], by select: Statement) throws -> Set<UInt128> {
        var found: Set<UInt128> = []
        var rest = keys.sorted()[...]
        while let first = rest.first {
            let some = rest.prefix(ObservationStatements.keysMax)
            let missing = repeatElement(first, count: ObservationStatements.keysMax - some.count)
            for (index, key) in zip(Int32(1)..., Array(some) + missing) { select.bind(key, at: index) }
            while try select.step() { found.insert(UInt128(blob: select.blob(0))) }
            select.reset()
            rest = rest.dropFirst(some.count)
        }
        return found
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
        try writeRows()
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
        try writeRows()
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
    let select: Statement
    let one: Statement
    let all: Statement
    let groups: Statement
    let keptGroups: Statement
    let toldNames: Statement

    /// How many keys are asked for at once.
    static let keysMax = 32

    init(_ db: Database) throws {
        select = try db.cachedStatement(
            sql: "SELECT received_at, revision, inputs, body FROM observation WHERE id = ?"
        )
        one = try db.cachedStatement(
            sql: "SELECT observation_id FROM observation_key WHERE group_key = ? AND identity = ?"
        )
        all = try db.cachedStatement(sql: "SELECT observation_id FROM observation_key WHERE group_key = ?")
        groups = try db.cachedStatement(sql: "SELECT group_key FROM observation_name WHERE name = ?")
        let marks = "(" + repeatElement("?", count: Self.keysMax).joined(separator: ", ") + ")"
        keptGroups = try db.cachedStatement(
            sql: "SELECT DISTINCT group_key FROM observation_key WHERE group_key IN " + marks
        )
        toldNames = try db.cachedStatement(
            sql: "SELECT DISTINCT name FROM observation_name WHERE name IN " + marks
        )
    }
}
