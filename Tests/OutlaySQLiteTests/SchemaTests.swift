import Foundation
import GRDB
import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

@Suite struct SchemaTests {
    /// Every released schema has a database here, written by the program of its time.
    static let released: [(file: String, events: Int64, effective: String)] = [
        ("schema/v1.sqlite", 155, "255.138478481634")
    ]

    @Test(arguments: released)
    func `a ledger of a released schema is migrated and adds up`(
        _ fixture: (file: String, events: Int64, effective: String)
    ) async throws {
        try await temporaryDirectory { folder in
            let path = folder.appending(path: "ledger.sqlite").path
            try FileManager.default.copyItem(at: Fixture.url(fixture.file), to: URL(filePath: path))
            let ledger = try SQLiteLedger(path: path)
            let verification = try await ledger.verify()
            #expect(verification.differences == [])
            #expect(verification.events == fixture.events)
            #expect(verification.effective.description == fixture.effective)
            #expect(try await ledger.append([.event("after the migration")]).new == 1)
        }
    }

    @Test(.enabled(if: Fixture.isRecording))
    func `the current schema is recorded once, before its release`() async throws {
        let file = Fixture.url("schema/v\(Schema.current).sqlite")
        guard !FileManager.default.fileExists(atPath: file.path) else { return }
        try await withLedger { ledger in
            var generator = EventGenerator(seed: 42)
            let events = generator.events(200).filter { $0.kind == .call }
            _ = try await ledger.append(Array(events.prefix(100)))
            try await ledger.foldRuns()
            _ = try await ledger.append(Array(events.dropFirst(100)))
            try await ledger.seal(before: Timestamp(seconds: 1_797_000_000))
            try await ledger.add(StoredKey.sample)
            try await ledger.storeSecret([1, 2, 3], name: "openai")
            try await ledger.backup(to: file.path)
        }
    }

    @Test func `every schema has a fixture`() {
        #expect(Self.released.count == Int(Schema.current))
    }

    @Test func `a ledger of a newer program is refused and not touched`() async throws {
        try await temporaryDirectory { folder in
            let path = folder.appending(path: "ledger.sqlite").path
            do {
                let ledger = try SQLiteLedger(path: path)
                try await ledger.tamper("PRAGMA user_version = 99")
            }
            let before = try Data(contentsOf: URL(filePath: path))
            let error = #expect(throws: LedgerError.self) { try SQLiteLedger(path: path) }
            let reason = "the ledger has schema 99 and this Outlay knows schemas up to 1"
            #expect("\(String(describing: error))".contains(reason))
            #expect(try Data(contentsOf: URL(filePath: path)) == before)
        }
    }

    @Test func `another program's database is refused and not touched`() async throws {
        try await temporaryDirectory { folder in
            let path = folder.appending(path: "notes.sqlite").path
            try DatabaseQueue(path: path).write { db in try db.execute(sql: "CREATE TABLE note (text TEXT)") }
            let before = try Data(contentsOf: URL(filePath: path))
            #expect(throws: LedgerError.self) { try SQLiteLedger(path: path) }
            #expect(try Data(contentsOf: URL(filePath: path)) == before)
        }
    }

    @Test func `a file that is no database is refused and not touched`() async throws {
        try await temporaryDirectory { folder in
            let file = folder.appending(path: "ledger.sqlite")
            let text = Data(String(repeating: "not a database ", count: 100).utf8)
            try text.write(to: file)
            let error = #expect(throws: LedgerError.self) { try SQLiteLedger(path: file.path) }
            #expect(
                error
                    == .unavailable(
                        reason: "the ledger file is not a database; restore a backup with `outlay restore`"
                    )
            )
            #expect(try Data(contentsOf: file) == text)
        }
    }
}

extension StoredKey {
    static var sample: StoredKey {
        StoredKey(
            id: "key_1",
            digest: KeyDigest(high: 1, low: 2),
            prefix: "olk_ab",
            rules: KeyRules(name: "ci", tags: [.team: "growth"]),
            createdAt: .sample
        )
    }
}
