/// A row of the audit log that is to be written.
package struct AuditDraft: Hashable, Sendable {
    package var at: Timestamp
    package var actor: Principal
    package var change: GovernanceChange
    package var reason: String?
    /// The request that caused it.
    package var request: String?

    package init(
        at: Timestamp,
        actor: Principal,
        change: GovernanceChange,
        reason: String? = nil,
        request: String? = nil
    ) {
        self.at = at
        self.actor = actor
        self.change = change
        self.reason = reason
        self.request = request
    }
}

/// A row of the audit log.
package struct AuditEntry: Hashable, Sendable {
    /// From 1, without gaps.
    package var sequence: Int64
    package var draft: AuditDraft

    package init(sequence: Int64, _ draft: AuditDraft) {
        self.sequence = sequence
        self.draft = draft
    }
}

/// The append-only record of what people and thresholds decided; the state of budgets and approvals is a fold over it.
package protocol GovernanceLog: Sendable {
    /// Writes all of `drafts`, or none, in one transaction. Durable across power loss on return.
    func append(_ drafts: [AuditDraft]) async throws(LedgerError) -> [AuditEntry]

    /// At most `limit` entries after that sequence number, in their order.
    func entries(after sequence: Int64, limit: Int) async throws(LedgerError) -> [AuditEntry]

    /// At most `limit` entries before that sequence number, the newest first.
    func entries(before sequence: Int64, limit: Int) async throws(LedgerError) -> [AuditEntry]
}
