import GRDB
package import OutlayCore

/// Small things the installation keeps in the same file: encrypted provider keys, and plain settings.
extension SQLiteLedger {
    /// Stores a secret's ciphertext under `name`, in place of what was there; `nil` removes it.
    package func setSecret(_ ciphertext: [UInt8]?, named name: String) async throws(LedgerError) {
        try await write { db in
            let change =
                ciphertext == nil
                ? "DELETE FROM secret WHERE name = ?1"
                : "INSERT INTO secret (name, ciphertext) VALUES (?1, ?2) "
                    + "ON CONFLICT DO UPDATE SET ciphertext = excluded.ciphertext"
            let statement = try db.cachedStatement(sql: change)
            statement.bind(name, at: 1)
            if let ciphertext { statement.bind(ciphertext, at: 2) }
            try statement.run()
        }
    }

    package func secret(named name: String) async throws(LedgerError) -> [UInt8]? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT ciphertext FROM secret WHERE name = ?")
            statement.bind(name, at: 1)
            defer { statement.reset() }
            return try statement.step() ? statement.blob(0) : nil
        }
    }

    package func secretNames() async throws(LedgerError) -> [String] {
        try await read { db in try String.fetchAll(db, sql: "SELECT name FROM secret ORDER BY name") }
    }

    /// Stores a plain setting of the installation under `name`.
    package func setMeta(_ value: String, named name: String) async throws(LedgerError) {
        try await write { db in
            let statement = try db.cachedStatement(
                sql: "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
            )
            statement.bind(name, at: 1)
            statement.bind(value, at: 2)
            try statement.run()
        }
    }

    package func meta(named name: String) async throws(LedgerError) -> String? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT value FROM meta WHERE name = ?")
            statement.bind(name, at: 1)
            defer { statement.reset() }
            return try statement.step() ? statement.text(0) : nil
        }
    }
}
