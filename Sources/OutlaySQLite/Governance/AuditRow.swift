import Foundation
import GRDB
import OutlayCore

/// An entry of the audit log as it lies in the database.
struct AuditRow: Sendable {
    private let at: Int64
    private let actor: String
    private let kind: String
    private let subject: String
    /// The change as JSON; its bytes are hashed as they are.
    private let change: String
    private let reason: String?
    private let request: String?

    static let columns = "SELECT sequence, at, actor, kind, subject, change, reason, request, head FROM audit"

    init(_ draft: AuditDraft) throws(LedgerError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            change = String(decoding: try encoder.encode(draft.change), as: UTF8.self)
        } catch {
            throw .unavailable(reason: "a change cannot be written down: \(error)")
        }
        at = draft.at.microseconds
        actor = draft.actor.description
        kind = draft.change.kind
        subject = draft.change.subject
        reason = draft.reason
        request = draft.request
    }

    /// The row that `statement`, a question for ``columns``, stands on.
    init(_ statement: Statement) {
        at = statement.integer(1)
        actor = statement.text(2) ?? ""
        kind = statement.text(3) ?? ""
        subject = statement.text(4) ?? ""
        change = statement.text(5) ?? ""
        reason = statement.isNull(6) ? nil : statement.text(6)
        request = statement.isNull(7) ? nil : statement.text(7)
    }

    func draft() throws(LedgerError) -> AuditDraft {
        let found: GovernanceChange
        do {
            found = try JSONDecoder().decode(GovernanceChange.self, from: Data(change.utf8))
        } catch {
            throw .unreadable(id: "audit \(kind) of \(subject)", reason: "\(error)")
        }
        guard let actor = Principal(actor) else {
            throw .unreadable(id: "audit \(kind) of \(subject)", reason: "'\(actor)' is no actor")
        }
        return AuditDraft(
            at: Timestamp(microseconds: at),
            actor: actor,
            change: found,
            reason: reason,
            request: request
        )
    }

    /// The chain's head after this row (S-33): SHA-256 over the head before it and every field after its length.
    func link(after head: [UInt8], sequence: Int64) -> [UInt8] {
        var bytes = head
        bytes.append(bigEndian: UInt64(bitPattern: sequence))
        bytes.append(bigEndian: UInt64(bitPattern: at))
        for field in [actor, kind, subject, change, reason, request] {
            // An absent field differs from an empty one.
            bytes.append(field == nil ? 0 : 1)
            bytes.append(bigEndian: UInt64(field?.utf8.count ?? 0))
            bytes.append(contentsOf: (field ?? "").utf8)
        }
        return Hashing.hash(bytes)
    }

    func insert(sequence: Int64, head: [UInt8], in db: Database) throws {
        let statement = try db.cachedStatement(sql: "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(sequence, at: 1)
        statement.bind(at, at: 2)
        for (index, text) in [actor, kind, subject, change].enumerated() { statement.bind(text, at: Int32(index) + 3) }
        statement.bind(reason, at: 7)
        statement.bind(request, at: 8)
        statement.bind(head, at: 9)
        try statement.run()
    }
}

/// Recomputes the chain of the audit log.
struct GovernanceAudit {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// One sentence for each place where the log disagrees with itself.
    func differences(_ anchors: [ChainAnchor]) throws -> [String] {
        var anchored = AnchoredHeads(
            "entries of the audit log",
            anchors.map { ($0.auditEntries, $0.auditHead, $0.at) }
        )
        var differences: [String] = []
        var head = Hashing.genesis
        anchored.pass(0, head)
        var sequence: Int64 = 0
        let rows = try db.makeStatement(sql: AuditRow.columns + " ORDER BY sequence")
        while try rows.step() {
            sequence += 1
            let found = rows.integer(0)
            if found != sequence {
                differences.append("the audit log lacks the entries \(sequence) to \(found - 1)")
                sequence = found
            }
            let expected = AuditRow(rows).link(after: head, sequence: found)
            head = rows.blob(8)
            if head != expected { differences.append("the audit log's entry \(found) is not what was written") }
            anchored.pass(sequence, head)
        }
        anchored.end(at: sequence)
        differences += anchored.differences
        let chain = try db.makeStatement(sql: "SELECT head, entries FROM audit_chain")
        while try chain.step() {
            guard chain.integer(1) != sequence || chain.blob(0) != head else { continue }
            differences.append("the audit log ends at entry \(sequence) and should end at \(chain.integer(1))")
        }
        return differences
    }
}
