import GRDB
package import OutlayCore

/// The audit log in the ledger's file: each row is a change, and is written in the transaction that makes it.
extension SQLiteLedger: GovernanceLog {
    package func append(_ drafts: [AuditDraft]) async throws(LedgerError) -> [AuditEntry] {
        guard !drafts.isEmpty else { return [] }
        var rows: [AuditRow] = []
        for draft in drafts { rows.append(try AuditRow(draft)) }
        let written = rows
        let first = try await write { db in
            let chain = try db.cachedStatement(sql: "SELECT head, entries FROM audit_chain")
            defer { chain.reset() }
            guard try chain.step() else { throw LedgerError.unavailable(reason: "the audit log has no chain") }
            var head = chain.blob(0)
            let entries = chain.integer(1)
            for (index, row) in written.enumerated() {
                head = row.link(after: head, sequence: entries + Int64(index) + 1)
                try row.insert(sequence: entries + Int64(index) + 1, head: head, in: db)
            }
            let update = try db.cachedStatement(sql: "UPDATE audit_chain SET head = ?, entries = ?")
            update.bind(head, at: 1)
            update.bind(entries + Int64(written.count), at: 2)
            try update.run()
            return entries + 1
        }
        return drafts.enumerated().map { AuditEntry(sequence: first + Int64($0.offset), $0.element) }
    }

    package func entries(after sequence: Int64, limit: Int) async throws(LedgerError) -> [AuditEntry] {
        try await entries("\(AuditRow.columns) WHERE sequence > ? ORDER BY sequence LIMIT ?", sequence, limit)
    }

    package func entries(before sequence: Int64, limit: Int) async throws(LedgerError) -> [AuditEntry] {
        try await entries("\(AuditRow.columns) WHERE sequence < ? ORDER BY sequence DESC LIMIT ?", sequence, limit)
    }

    private func entries(
        _ question: String,
        _ sequence: Int64,
        _ limit: Int
    ) async throws(LedgerError) -> [AuditEntry] {
        try await read { db in
            let statement = try db.cachedStatement(sql: question)
            defer { statement.reset() }
            statement.bind(sequence, at: 1)
            statement.bind(Int64(limit), at: 2)
            var entries: [AuditEntry] = []
            while try statement.step() {
                entries.append(AuditEntry(sequence: statement.integer(0), try AuditRow(statement).draft()))
            }
            return entries
        }
    }
}
