import GRDB
import OutlayCore

/// The indexes of observations: written in their own order, many at a time, so that each page is written once.
extension TelemetryTables {
    /// Everything that came in since the indexes were written last.
    func readRecent() throws -> RecentObservations {
        let last = try Int64.fetchOne(db, sql: "SELECT last FROM observation_indexed") ?? 0
        var recent = RecentObservations(after: last)
        let select = try db.cachedStatement(
            sql: "SELECT id, group_key, identity, names FROM observation WHERE id > ? ORDER BY id"
        )
        select.bind(last, at: 1)
        defer { select.reset() }
        while try select.step() {
            recent.add(
                select.integer(0),
                UInt128(blob: select.blob(2)),
                in: UInt128(blob: select.blob(1)),
                names: [UInt128](blob: select.blob(3))
            )
        }
        return recent
    }

    /// Writes what is remembered to the indexes once it is as much as that.
    func index(from countMax: Int) throws {
        if try recent.count >= countMax { try index() }
    }

    func index() throws {
        let recent = try recent
        guard recent.count > 0 else { return }
        try writeRows()
        try RowInsert(db, Self.keySQL).run(recent.sortedPlaces) { statement, row, first in
            statement.bind(row.group, at: first)
            statement.bind(row.place.identity, at: first &+ 1)
            statement.bind(row.place.id, at: first &+ 2)
        }
        try RowInsert(db, Self.nameSQL).run(recent.sortedNames) { statement, row, first in
            statement.bind(row.name, at: first)
            statement.bind(row.group, at: first &+ 1)
        }
        let update = try db.cachedStatement(sql: "UPDATE observation_indexed SET last = ?")
        update.bind(recent.last, at: 1)
        try update.run()
        try changeRecent { $0 = RecentObservations(after: recent.last) }
    }

    private static let keySQL = RowInsert.SQL(into: "observation_key", ["group_key", "identity", "observation_id"])
    private static let nameSQL = RowInsert.SQL(
        "INSERT OR IGNORE",
        into: "observation_name",
        ["name", "group_key"]
    )

    /// How many observations leave per transaction, so that writers wait for milliseconds only.
    private static let sweepBatch = 500

    /// Drops one batch of observations received before `time`, the first first.
    ///
    /// - Returns: whether nothing more is that old.
    func forgetObservations(receivedBefore time: Timestamp) throws -> Bool {
        try writeRows()
        let select = try db.cachedStatement(
            sql: "SELECT id, group_key, identity, names, received_at FROM observation ORDER BY id LIMIT ?"
        )
        select.bind(Int64(Self.sweepBatch), at: 1)
        var old: [(id: Int64, group: UInt128, identity: UInt128, names: [UInt128])] = []
        while try select.step(), select.integer(4) < time.microseconds {
            let (group, identity) = (UInt128(blob: select.blob(1)), UInt128(blob: select.blob(2)))
            old.append((select.integer(0), group, identity, [UInt128](blob: select.blob(3))))
        }
        select.reset()
        // What is forgotten leaves the indexes; nothing of it may be remembered beside them.
        if let last = old.last, try last.id > recent.indexed { try index() }
        let row = try db.cachedStatement(sql: "DELETE FROM observation WHERE id = ?")
        let key = try db.cachedStatement(sql: "DELETE FROM observation_key WHERE group_key = ? AND identity = ?")
        let name = try db.cachedStatement(sql: "DELETE FROM observation_name WHERE name = ? AND group_key = ?")
        for observation in old {
            row.bind(observation.id, at: 1)
            try row.run()
            key.bind(observation.group, at: 1)
            key.bind(observation.identity, at: 2)
            try key.run()
            for text in observation.names {
                name.bind(text, at: 1)
                name.bind(observation.group, at: 2)
                try name.run()
            }
        }
        return old.count < Self.sweepBatch
    }
}

extension [UInt128] {
    /// From the 16 bytes of each.
    init(blob: [UInt8]) {
        self = stride(from: 0, to: blob.count, by: 16).map { UInt128(blob: [UInt8](blob.dropFirst($0).prefix(16))) }
    }

    var blob: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 * count)
        for key in self {
            bytes.append(bigEndian: UInt64(truncatingIfNeeded: key >> 64))
            bytes.append(bigEndian: UInt64(truncatingIfNeeded: key))
        }
        return bytes
    }
}
