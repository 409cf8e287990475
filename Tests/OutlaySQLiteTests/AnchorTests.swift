import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

/// A tail that was cut off, or a database written anew, agrees with itself; only what was kept elsewhere shows it.
@Suite struct AnchorTests {
    private static let entry = AuditDraft(at: .sample, actor: .administrator, change: .resumed("sus_1"))

    /// The anchor of a ledger of many events and two decisions.
    private static func anchor() async throws -> ChainAnchor {
        try await withLedger { ledger in
            var generator = EventGenerator(seed: 5)
            _ = try await ledger.append(generator.events(40))
            _ = try await ledger.append([entry, entry])
            let anchor = try await ledger.anchor(at: .sample)
            #expect(anchor.events > 30 && anchor.auditEntries == 2)
            _ = try await ledger.append(generator.events(5))
            #expect(try await ledger.verify(against: [anchor, anchor]).differences == [])
            return anchor
        }
    }

    @Test func `a ledger that was cut short is found`() async throws {
        let anchor = try await Self.anchor()
        try await withLedger { ledger in
            var generator = EventGenerator(seed: 5)
            let events = try await ledger.append(generator.events(20)).new
            #expect(try await ledger.verify().differences == [])
            let found = try await ledger.verify(against: [anchor]).differences
            #expect(
                found == [
                    "there were \(anchor.events) events at \(Timestamp.sample), and now there are \(events)",
                    "there were 2 entries of the audit log at \(Timestamp.sample), and now there are 0",
                ]
            )
        }
    }

    @Test func `a ledger that was written anew is found`() async throws {
        let anchor = try await Self.anchor()
        try await withLedger { ledger in
            var generator = EventGenerator(seed: 6)
            _ = try await ledger.append(generator.events(45))
            _ = try await ledger.append([Self.entry, Self.entry])
            #expect(try await ledger.verify().differences == [])
            let found = try await ledger.verify(against: [anchor]).differences
            let first = "the first \(anchor.events) events are not those that were anchored at \(Timestamp.sample)"
            #expect(found == [first])
        }
    }
}
