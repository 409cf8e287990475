import GRDB
package import OutlayCore

extension SQLiteLedger {
    package func verify() async throws(LedgerError) -> Verification {
        try await read { db in
            var audit = LedgerAudit(db)
            return try audit.run()
        }
    }
}
