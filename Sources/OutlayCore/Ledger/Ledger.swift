/// The append-only record of what was spent.
///
/// Everything the product reports is a sum over it. Conforming types must pass `ledgerContract(_:)` in
/// OutlayTestKit, which is the executable half of this documentation.
package protocol Ledger: Sendable {
    /// Appends `events` in one transaction: all of them, or none. Durable across power loss on return.
    ///
    /// An event whose id is already in the ledger is skipped, so a retry cannot be billed twice; if its
    /// content differs the first stays and the conflict is counted and recorded.
    func append(_ events: [CostEvent]) async throws(LedgerError) -> AppendResult

    /// Answers a question about spend from rollups where they can, from events where they must.
    func spend(_ query: SpendQuery) async throws(LedgerError) -> SpendTable

    /// The event and everything that was later posted about it (reversals, replacements), oldest first.
    ///
    /// `id` may be a call id, in which case every attempt is returned, or the provider's response id; an attempt's
    /// own id finds the other attempts of its call too.
    func history(of id: String) async throws(LedgerError) -> [CostEvent]

    /// Events in the order they were written, for re-rating, exports and drill-down.
    ///
    /// - Parameters:
    ///   - after: the sequence number of the last event already seen, 0 for the start.
    ///   - limit: at most this many are returned.
    func events(in span: Range<Timestamp>, after: Int64, limit: Int) async throws(LedgerError) -> [RecordedEvent]

    /// Recomputes Σ events against rollups, the hash chain and the database's own integrity.
    func verify() async throws(LedgerError) -> Verification
}

/// An event and its place in the ledger.
package struct RecordedEvent: Hashable, Sendable {
    package var sequence: Int64
    package var event: CostEvent
    /// Whether a later reversal took it back.
    package var isReversed: Bool

    package init(sequence: Int64, event: CostEvent, isReversed: Bool) {
        self.sequence = sequence
        self.event = event
        self.isReversed = isReversed
    }
}

package struct AppendResult: Hashable, Sendable {
    package var new: Int
    package var duplicates: Int
    /// Duplicates whose content differed from what is stored.
    package var conflicts: Int
    /// The positions of the duplicates among the events.
    package var skipped: Set<Int>

    package init(new: Int = 0, duplicates: Int = 0, conflicts: Int = 0, skipped: Set<Int> = []) {
        self.new = new
        self.duplicates = duplicates
        self.conflicts = conflicts
        self.skipped = skipped
    }
}

/// What `outlay verify` found.
package struct Verification: Hashable, Sendable {
    package var events: Int64
    package var effective: Money
    /// Each is one sentence that names what differs and by how much; empty when everything agrees.
    package var differences: [String]
    /// The hash over all events in order, in hex.
    package var chainHead: String

    package init(events: Int64, effective: Money, differences: [String], chainHead: String) {
        self.events = events
        self.effective = effective
        self.differences = differences
        self.chainHead = chainHead
    }
}

package enum LedgerError: Error, Hashable {
    /// The disk, file or server under the ledger failed. Nothing was written.
    case unavailable(reason: String)
    /// A stored row could not be read back: the data is newer than this program, or damaged.
    case unreadable(id: String, reason: String)
    /// Another process holds the ledger. Nothing was opened.
    case locked(by: String)
    /// An event's amount, count or time is beyond what a row can hold. Nothing of its batch was written;
    /// the batch without the event can be.
    case unbookable(id: String, reason: String)
}
