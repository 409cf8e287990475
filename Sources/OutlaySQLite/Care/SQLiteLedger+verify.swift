import GRDB
package import OutlayCore

extension SQLiteLedger {
    package func verify() async throws(LedgerError) -> Verification {
        try await verify(against: [])
    }

    /// - Parameter anchors: where the chains stood at earlier moments, kept outside of the database.
    package func verify(against anchors: [ChainAnchor]) async throws(LedgerError) -> Verification {
        try await read { db in
            var audit = LedgerAudit(db, anchors: anchors)
            return try audit.run()
        }
    }
}
