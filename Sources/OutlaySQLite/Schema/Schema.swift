import GRDB

/// The numbered versions of the database's layout, and how one becomes the next.
enum Schema {
    /// "OUTL", so that no other program's database is taken for a ledger.
    static let applicationID: Int64 = 0x4F55_544C

    /// Applied in order, each in a transaction of its own; a released one never changes.
    ///
    /// Each ends with its own number in `user_version`.
    static let migrations: [[String]] = [version1]

    static var current: Int64 { Int64(migrations.count) }

    /// Says, without writing, whether the database can be used.
    static func check(_ db: Database) throws {
        let found = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let application = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let tables = try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_schema") ?? 0
        guard application == applicationID || (application == 0 && tables == 0) else {
            throw SchemaError("the file is a database of another program; choose another data folder")
        }
        guard found <= current else {
            throw SchemaError(
                "the ledger has schema \(found) and this Outlay knows schemas up to \(current); "
                    + "install the newer Outlay again. Nothing was changed"
            )
        }
    }

    static func migrate(_ db: Database) throws {
        try check(db)
        let found = Int(try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0)
        for (index, statements) in migrations.enumerated() where index >= found {
            try db.inTransaction(.immediate) {
                for statement in statements { try db.execute(sql: statement) }
                return .commit
            }
        }
    }
}

/// Why a database cannot be opened as a ledger.
struct SchemaError: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
