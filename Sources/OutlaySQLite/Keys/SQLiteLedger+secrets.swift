import GRDB
package import OutlayCore

/// Small things the installation keeps in the same file: encrypted provider keys, and plain settings.
extension SQLiteLedger {
    /// Stores a secret's ciphertext under `name`, in place of what was there.
    package func storeSecret(_ ciphertext: [UInt8], name: String) async throws(LedgerError) {
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO secret (name, ciphertext) VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET ciphertext = excluded.ciphertext
                    """
            )
            statement.bind(name, at: 1)
            statement.bind(ciphertext, at: 2)
            try statement.run()
        }
    }

    /// - Returns: whether there was a secret of that name.
    @discardableResult
    package func removeSecret(name: String) async throws(LedgerError) -> Bool {
        try await write { db in
            let statement = try db.cachedStatement(sql: "DELETE FROM secret WHERE name = ?")
            statement.bind(name, at: 1)
            try statement.run()
            return db.changedRows > 0
        }
    }

    /// Every secret's ciphertext, by name.
    package func secrets() async throws(LedgerError) -> [String: [UInt8]] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT name, ciphertext FROM secret")
            defer { statement.reset() }
            var secrets: [String: [UInt8]] = [:]
            while try statement.step() {
                if let name = statement.text(0) { secrets[name] = statement.blob(1) }
            }
            return secrets
        }
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
