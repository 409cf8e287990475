/// Where the ledger and its audit log stood at one moment.
///
/// The chains show a row that was changed. Only an anchor, kept where the database is not, shows rows that were cut off
/// their end, or a whole database that was written anew (S-33).
package struct ChainAnchor: Hashable, Sendable {
    package var at: Timestamp
    package var events: Int64
    /// The head of the chain over those events, in hex.
    package var chainHead: String
    package var auditEntries: Int64
    package var auditHead: String

    package init(at: Timestamp, events: Int64, chainHead: String, auditEntries: Int64, auditHead: String) {
        self.at = at
        self.events = events
        self.chainHead = chainHead
        self.auditEntries = auditEntries
        self.auditHead = auditHead
    }

    /// What is signed: a name and every field, a line each.
    package var statement: String {
        ["outlay-anchor/1", "\(at)", "\(events) \(chainHead)", "\(auditEntries) \(auditHead)"]
            .map { $0 + "\n" }.joined()
    }

    /// Whether nothing was booked or decided since `other`.
    package func standsWhere(_ other: ChainAnchor) -> Bool {
        (events, chainHead, auditEntries, auditHead)
            == (other.events, other.chainHead, other.auditEntries, other.auditHead)
    }
}
