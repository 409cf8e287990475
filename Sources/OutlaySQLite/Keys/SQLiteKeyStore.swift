import GRDB
package import OutlayCore

extension SQLiteLedger: KeyStore {
    package func add(_ key: StoredKey) async throws(LedgerError) {
        try await write { db in try Self.insert(key, in: db) }
    }

    package func keys() async throws(LedgerError) -> [StoredKey] {
        try await read { db in
            let rows = try db.cachedStatement(
                sql: "SELECT id, digest, prefix, rules, created_at, revoked_at FROM client_key ORDER BY created_at, id"
            )
            defer { rows.reset() }
            var keys: [StoredKey] = []
            while try rows.step() { keys.append(try Self.key(rows)) }
            return keys
        }
    }

    package func revoke(_ idOrName: String, at time: Timestamp) async throws(LedgerError) -> Bool {
        try await write { db in try Self.revoke(idOrName, at: time, in: db) }
    }

    /// Revokes every key of that id or name and adds `successor`, in one step.
    ///
    /// - Returns: whether there was such a key; without one nothing is added.
    package func rotate(
        _ idOrName: String,
        to successor: StoredKey,
        at time: Timestamp
    ) async throws(LedgerError) -> Bool {
        try await write { db in
            guard try Self.revoke(idOrName, at: time, in: db) else { return false }
            try Self.insert(successor, in: db)
            return true
        }
    }

    private static func insert(_ key: StoredKey, in db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO client_key (id, digest, prefix, name, rules, created_at, revoked_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        )
        statement.bind(key.id, at: 1)
        statement.bind(key.digest.blob, at: 2)
        statement.bind(key.prefix, at: 3)
        statement.bind(key.rules.name, at: 4)
        statement.bind(KeyRulesCodec.bytes(of: key.rules), at: 5)
        statement.bind(key.createdAt.microseconds, at: 6)
        statement.bind(key.revokedAt?.microseconds, at: 7)
        try statement.run()
        guard db.changedRows > 0 else { throw LedgerError.unavailable(reason: "there is a key \(key.id) already") }
    }

    private static func revoke(_ idOrName: String, at time: Timestamp, in db: Database) throws -> Bool {
        let known = try db.cachedStatement(sql: "SELECT COUNT(*) FROM client_key WHERE id = ?1 OR name = ?1")
        known.bind(idOrName, at: 1)
        guard try integers(known).first ?? 0 > 0 else { return false }
        let update = try db.cachedStatement(
            sql: "UPDATE client_key SET revoked_at = min(coalesce(revoked_at, ?2), ?2) WHERE id = ?1 OR name = ?1"
        )
        update.bind(idOrName, at: 1)
        update.bind(time.microseconds, at: 2)
        try update.run()
        return true
    }

    private static func key(_ row: Statement) throws -> StoredKey {
        let id = row.text(0) ?? ""
        do throws(CodecError) {
            return StoredKey(
                id: id,
                digest: try KeyDigest(blob: row.blob(1)),
                prefix: row.text(2) ?? "",
                rules: try KeyRulesCodec.rules(from: row.blob(3)),
                createdAt: Timestamp(microseconds: row.integer(4)),
                revokedAt: row.isNull(5) ? nil : Timestamp(microseconds: row.integer(5))
            )
        } catch {
            throw LedgerError.unreadable(id: id, reason: error.reason)
        }
    }
}

extension KeyDigest {
    var blob: [UInt8] {
        var writer = ByteWriter(reservingCapacity: 32)
        writer.fixed(high)
        writer.fixed(low)
        return writer.bytes
    }

    init(blob: [UInt8]) throws(CodecError) {
        var reader = ByteReader(blob)
        self.init(high: try reader.fixed(), low: try reader.fixed())
    }
}
