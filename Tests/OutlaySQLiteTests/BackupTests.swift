import Foundation
import GRDB
import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

@Suite struct BackupTests {
    @Test func `a backup made while events arrive restores to a ledger that adds up`() async throws {
        try await temporaryDirectory { folder in
            let ledger = try SQLiteLedger(path: folder.appending(path: "ledger.sqlite").path)
            var generator = EventGenerator(seed: 2)
            _ = try await ledger.append(generator.events(50))
            let backup = folder.appending(path: "backup.sqlite").path
            async let writing: Void = {
                for number in 0..<20 { _ = try await ledger.append([.event("during-\(number)")]) }
            }()
            try await ledger.backup(to: backup)
            try await writing
            let target = folder.appending(path: "restored.sqlite").path
            let verification = try await SQLiteLedger.restore(from: backup, to: target)
            let restored = try SQLiteLedger(path: target)
            #expect(try await restored.verify() == verification)
            #expect(verification.differences == [])
            #expect(try await restored.append([.event("after")]).new == 1)
            let attributes = try FileManager.default.attributesOfItem(atPath: backup)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `a backup never replaces a file`() async throws {
        try await withLedger { ledger in
            let existing = ledger.path + ".lock"
            await #expect(throws: LedgerError.unavailable(reason: "\(existing) exists; choose another name")) {
                try await ledger.backup(to: existing)
            }
        }
    }

    @Test func `a restore keeps the ledger that was there, or refuses`() async throws {
        try await temporaryDirectory { folder in
            let path = folder.appending(path: "ledger.sqlite").path
            let backup = folder.appending(path: "backup.sqlite").path
            do {
                let ledger = try SQLiteLedger(path: path)
                _ = try await ledger.append([.event("a")])
                try await ledger.backup(to: backup)
                _ = try await ledger.append([.event("b")])
                await #expect(throws: LedgerError.self) { try await SQLiteLedger.restore(from: backup, to: path) }
            }
            let refused = await #expect(throws: LedgerError.self) {
                try await SQLiteLedger.restore(from: backup, to: path)
            }
            #expect(refused == .unavailable(reason: "there is a ledger at \(path) already; move it away first"))
            let kept = folder.appending(path: "kept.sqlite").path
            #expect(try await SQLiteLedger.restore(from: backup, to: path, keepingOldAt: kept).events == 1)
            #expect(try await SQLiteLedger(path: path).total().calls == 1)
            #expect(try await SQLiteLedger(path: kept).total().calls == 2)
        }
    }

    @Test func `a backup that does not add up is not restored`() async throws {
        try await temporaryDirectory { folder in
            let backup = folder.appending(path: "backup.sqlite").path
            do {
                let ledger = try SQLiteLedger(path: backup)
                _ = try await ledger.append([.event("a")])
                try await ledger.tamper(.day) { $0.counters[0] = 7 }
            }
            let target = folder.appending(path: "ledger.sqlite").path
            await #expect(throws: LedgerError.self) { try await SQLiteLedger.restore(from: backup, to: target) }
            #expect(!FileManager.default.fileExists(atPath: target))
        }
    }
}
