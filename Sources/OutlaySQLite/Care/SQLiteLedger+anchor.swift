import GRDB
package import OutlayCore

extension SQLiteLedger {
    /// Where both chains stand now.
    package func anchor(at time: Timestamp) async throws(LedgerError) -> ChainAnchor {
        try await read { db in
            let events = try Self.chain("SELECT head, events FROM chain", in: db)
            let audit = try Self.chain("SELECT head, entries FROM audit_chain", in: db)
            return ChainAnchor(
                at: time,
                events: events.count,
                chainHead: events.head,
                auditEntries: audit.count,
                auditHead: audit.head
            )
        }
    }

    private static func chain(_ question: String, in db: Database) throws -> (head: String, count: Int64) {
        let chain = try db.cachedStatement(sql: question)
        defer { chain.reset() }
        guard try chain.step() else { throw LedgerError.unavailable(reason: "the ledger has no chain") }
        return (Hashing.hex(chain.blob(0)), chain.integer(1))
    }
}

/// What was anchored of one chain, compared with the chain as it is read.
struct AnchoredHeads {
    private(set) var differences: [String] = []
    private let name: String
    private var heads: [Int64: [(head: String, at: Timestamp)]] = [:]

    /// - Parameter name: what the chain is made of: `events`.
    init(_ name: String, _ heads: [(count: Int64, head: String, at: Timestamp)]) {
        self.name = name
        for anchor in heads { self.heads[anchor.count, default: []].append((anchor.head, anchor.at)) }
    }

    /// Compares what was anchored after the first `count` links.
    mutating func pass(_ count: Int64, _ head: [UInt8]) {
        guard !heads.isEmpty, let anchored = heads.removeValue(forKey: count) else { return }
        let found = Hashing.hex(head)
        for anchor in anchored where anchor.head != found {
            differences.append("the first \(count) \(name) are not those that were anchored at \(anchor.at)")
        }
    }

    /// What was anchored and never reached has been cut off.
    mutating func end(at count: Int64) {
        for (anchored, heads) in heads.sorted(by: { $0.key < $1.key }) {
            for anchor in heads {
                differences.append("there were \(anchored) \(name) at \(anchor.at), and now there are \(count)")
            }
        }
        heads = [:]
    }
}
