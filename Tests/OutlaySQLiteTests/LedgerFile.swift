import Foundation
import GRDB
import OutlayCore
import OutlayTestKit

@testable import OutlaySQLite

/// Opens a ledger in a folder of its own, calls `body` with it and removes the folder.
@discardableResult
func withLedger<Value>(
    tags: TagSettings = TagSettings(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (SQLiteLedger) async throws -> Value
) async throws -> Value {
    try await temporaryDirectory { folder in
        try await body(SQLiteLedger(path: folder.appending(path: "ledger.sqlite").path, tags: tags))
    }
}

extension SQLiteLedger {
    /// Does to the database what no code of the product can: edits rows behind the triggers' back.
    func tamper(_ sql: String) async throws {
        try await pool.writeWithoutTransaction { db in
            for trigger in try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
                try db.execute(sql: "DROP TRIGGER \(trigger)")
            }
            try db.execute(sql: sql)
        }
    }

    func count(_ sql: String) async throws -> Int {
        try await pool.read { db in try Int.fetchOne(db, sql: sql) ?? 0 }
    }
}
