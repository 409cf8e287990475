import Foundation
import OutlayCore
import OutlaySQLite
import OutlayTestKit
import Testing

@Suite struct ContractTests {
    @Test(arguments: [1, 3, 8192])
    func `the SQLite ledger keeps the contract`(eventsWaitingMax: Int) async throws {
        try await temporaryDirectory { folder in
            try await ledgerContract {
                try SQLiteLedger(
                    path: folder.appending(path: "\(UUID().uuidString).sqlite").path,
                    eventsWaitingMax: eventsWaitingMax
                )
            }
        }
    }

    @Test func `the ledger in memory keeps the contract`() async throws {
        try await ledgerContract { MemoryLedger() }
    }

    @Test(arguments: [11, 12, 13, 14, 15] as [UInt64])
    func `random questions get the same answer as from a plain list of events`(seed: UInt64) async throws {
        try await temporaryDirectory { folder in
            var generator = EventGenerator(seed: seed)
            let ledger = try SQLiteLedger(
                path: folder.appending(path: "ledger.sqlite").path,
                tags: TagSettings(valuesPerDayMax: seed.isMultiple(of: 2) ? 2 : 2000),
                tilesWaitingMax: [1, 40, 4096][Int(seed % 3)],
                eventsWaitingMax: [1, 50, 8192][Int(seed % 3)]
            )
            let oracle = MemoryLedger()
            for _ in 0..<6 {
                let events = generator.events(Int.random(in: 1...60, using: &generator.random))
                #expect(try await ledger.append(events) == oracle.append(events), "seed \(seed)")
                for _ in 0..<15 {
                    let query = generator.query()
                    let (found, wanted) = (try await ledger.spend(query), try await oracle.spend(query))
                    try #require(found == wanted, "seed \(seed)")
                }
            }
            #expect(try await ledger.verify().differences == [], "seed \(seed)")
        }
    }

    @Test func `a ledger that loses an event breaks the contract`() async throws {
        await withKnownIssue {
            try await ledgerContract { ForgetfulLedger() }
        }
    }
}

/// Keeps all but the last event of each batch.
private struct ForgetfulLedger: Ledger {
    let kept = MemoryLedger()

    func append(_ events: [CostEvent]) async throws(LedgerError) -> AppendResult {
        try await kept.append(events.dropLast())
    }

    func spend(_ query: SpendQuery) async throws(LedgerError) -> SpendTable {
        try await kept.spend(query)
    }

    func history(of id: String) async throws(LedgerError) -> [CostEvent] {
        try await kept.history(of: id)
    }

    func events(
        in span: Range<Timestamp>,
        after: Int64,
        limit: Int
    ) async throws(LedgerError) -> [RecordedEvent] {
        try await kept.events(in: span, after: after, limit: limit)
    }

    func verify() async throws(LedgerError) -> Verification {
        try await kept.verify()
    }
}
