import Foundation
import OutlayCore
import OutlaySQLite
import OutlayTestKit
import Testing

@Suite struct ContractTests {
    @Test func `the SQLite ledger keeps the contract`() async throws {
        try await temporaryDirectory { folder in
            try await ledgerContract {
                try SQLiteLedger(path: folder.appending(path: "\(UUID().uuidString).sqlite").path)
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
                tags: TagSettings(valuesPerDayMax: seed.isMultiple(of: 2) ? 2 : 2000)
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
}
