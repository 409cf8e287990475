import GRDB
@testable import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

/// The audit log keeps every change as it was made, and shows what was edited behind its back.
@Suite struct GovernanceLogTests {
    static var drafts: [AuditDraft] {
        let at = Timestamp.sample
        let limit = BudgetLimit(.dollars, 5)
        var request = ApprovalRequest(
            id: "apr_1",
            subjects: ["growth"],
            requester: .key("bot"),
            at: at,
            expires: at.advanced(bySeconds: 60),
            figures: [
                .init(
                    budget: "growth",
                    group: [Tag(.team, "=weird*")],
                    limit: limit,
                    spent: limit,
                    reserved: limit,
                    requested: limit,
                    resets: at
                )
            ]
        )
        request.estimate = Money(picodollars: 1)
        let terms = ApprovalTerms(.run, amount: Money(picodollars: 7), until: at)
        var announcement = Announcement(budget: "growth", group: [], window: at, limit: limit, spent: limit)
        announcement.percent = 80
        announcement.basis = .forecast
        let suspension = Suspension(id: "sus_1", scope: [.agent: "!x*"], reason: "", by: "admin", at: at)
        let admission = AdmissionForm(
            id: "adm_1",
            step: .opened,
            key: nil,
            tags: [Tag(.run, "1")],
            cost: .zero,
            tokens: 3,
            expires: at
        )
        let grant = AdjustmentForm(
            id: "grt_1",
            budget: "growth",
            group: ["a"],
            isOverride: true,
            amount: limit,
            from: at,
            until: at,
            by: "admin",
            reason: "why"
        )
        let changes: [GovernanceChange] = [
            .budgetSet(BudgetForm(name: "growth", limit: limit)), .adjusted(grant), .approvalRequested(request),
            .justified(Note(id: "apr_1", text: "\u{0}é\n")),
            .approvalUsed(Use(id: "apr_1", posted: .zero, isUsed: true)),
            .decided(DecisionForm(id: "apr_1", state: .approved, terms: terms)),
            .signedOff(SignOffForm(budget: "growth", by: "admin", from: at)), .suspended(suspension), .resumed("sus_1"),
            .thresholdReached(announcement), .overrun(announcement), .admission(admission), .budgetRemoved("growth"),
        ]
        return changes.enumerated().map { index, change in
            AuditDraft(
                at: at,
                actor: index % 2 == 0 ? .administrator : .approver("a:b"),
                change: change,
                reason: index % 3 == 0 ? "because" : nil,
                request: index % 4 == 0 ? "req" : nil
            )
        }
    }

    @Test func `every kind of change is read back as it was written`() async throws {
        try await withLedger { ledger in
            let written = try await ledger.append(Self.drafts)
            #expect(written.map(\.sequence) == Array(1...Int64(Self.drafts.count)))
            #expect(try await ledger.entries(after: 0, limit: 100).map(\.draft) == Self.drafts)
            #expect(try await ledger.entries(after: 3, limit: 2).map(\.sequence) == [4, 5])
            #expect(try await ledger.entries(before: .max, limit: 2).map(\.sequence) == [13, 12])
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test func `entries go on where the last transaction ended`() async throws {
        try await withLedger { ledger in
            for draft in Self.drafts { _ = try await ledger.append([draft]) }
            #expect(try await ledger.entries(after: 0, limit: 100).count == Self.drafts.count)
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test(arguments: [
        ("UPDATE audit SET actor = 'admin' WHERE sequence = 2", "entry 2 is not what was written"),
        ("UPDATE audit SET reason = '' WHERE sequence = 2", "entry 2 is not what was written"),
        ("UPDATE audit SET change = replace(change, '0.', '1.') WHERE sequence = 1", "entry 1 is not what was written"),
        ("UPDATE audit SET at = at + 1 WHERE sequence = 5", "entry 5 is not what was written"),
        ("DELETE FROM audit WHERE sequence = 4", "lacks the entries 4 to 4"),
        ("DELETE FROM audit WHERE sequence > 10", "ends at entry 10 and should end at 13"),
    ])
    func `verify names what was changed in the audit log`(_ row: (sql: String, named: String)) async throws {
        try await withLedger { ledger in
            _ = try await ledger.append(Self.drafts)
            try await ledger.tamper(row.sql)
            let found = try await ledger.verify().differences
            #expect(found.contains { $0.contains(row.named) }, "\(row.sql): \(found)")
        }
    }

    @Test(arguments: ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
    func `no code of the product changes an entry`(_ sql: String) async throws {
        try await withLedger { ledger in
            _ = try await ledger.append(Self.drafts)
            await #expect(throws: (any Error).self) {
                try await ledger.pool.write { db in try db.execute(sql: sql) }
            }
        }
    }
}
