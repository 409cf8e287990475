import Foundation
import GRDB
import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

@Suite struct DurabilityTests {
    @Test func `a commit is on the disk before it is acknowledged`() async throws {
        try await withLedger { ledger in
            let (synchronous, journal) = try await ledger.pool.writeWithoutTransaction { db in
                (try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"))
            }
            #expect(synchronous == 2)
            #expect(journal == "wal")
        }
    }

    @Test func `a second process is told who has the ledger`() async throws {
        try await withLedger { ledger in
            let error = #expect(throws: LedgerError.self) { try SQLiteLedger(path: ledger.path) }
            #expect(error == .locked(by: "process \(ProcessInfo.processInfo.processIdentifier)"))
        }
    }

    @Test func `the lock is given back`() async throws {
        try await temporaryDirectory { folder in
            let path = folder.appending(path: "ledger.sqlite").path
            for _ in 0..<3 { _ = try SQLiteLedger(path: path) }
        }
    }

    @Test func `only the owner may read the files`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append([.event()])
            for suffix in ["", "-wal", "-shm", ".lock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: ledger.path + suffix)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
            }
        }
    }

    @Test func `what was acknowledged is there after the process was abandoned`() async throws {
        try await temporaryDirectory { folder in
            let ledger = try SQLiteLedger(path: folder.appending(path: "ledger.sqlite").path)
            for number in 0..<20 { _ = try await ledger.append([.event("\(number)")]) }
            let crashed = folder.appending(path: "crashed.sqlite").path
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: ledger.path + suffix, toPath: crashed + suffix)
            }
            let reopened = try SQLiteLedger(path: crashed)
            #expect(try await reopened.total().calls == 20)
            #expect(try await reopened.verify() == ledger.verify())
        }
    }

    @Test func `after a failed fsync nothing is acknowledged any more, and reading goes on`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append([.event("a")])
            await #expect(throws: LedgerError.self) {
                try await ledger.write { _ in throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC) }
            }
            let error = await #expect(throws: LedgerError.self) { try await ledger.append([.event("b")]) }
            #expect(
                error
                    == .unavailable(
                        reason: "writing stopped after disk error 1034; check the disk, then restart Outlay"
                    )
            )
            #expect(try await ledger.total().calls == 1)
        }
    }

    @Test func `a full disk is refused and the ledger goes on when there is space again`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.append([.event("a")])
            func setPagesMax(_ pages: Int) async throws {
                try await ledger.pool.writeWithoutTransaction { db in
                    _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
                }
            }
            try await setPagesMax(1)
            let large = (0..<400).map { CostEvent.event("large-\($0)") }
            let error = await #expect(throws: LedgerError.self) { try await ledger.append(large) }
            #expect(
                error == .unavailable(reason: "the disk is full; free some space and the ledger goes on by itself")
            )
            #expect(try await ledger.total().calls == 1)
            try await setPagesMax(1_000_000)
            #expect(try await ledger.append(large).new == 400)
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test func `a failed batch leaves nothing, not even in the writer's memory`() async throws {
        try await withLedger { ledger in
            let rows = [try BookedRow(.event("a", team: "fresh", model: "new"))]
            await #expect(throws: LedgerError.self) {
                try await ledger.write { db in
                    _ = try ledger.book(rows, in: db)
                    throw SchemaError("stop")
                }
            }
            _ = try await ledger.append([.event("a", team: "fresh", model: "new")])
            let table = try await ledger.spend(SpendQuery(by: [.team, .model], buckets: [.always]))
            #expect(table.rows.map(\.key) == [["fresh", "new"]])
            #expect(try await ledger.verify().differences == [])
        }
    }

    @Test(arguments: ["event", "event_body", "event_identity", "event_usage"])
    func `the database itself refuses to change or drop an event`(table: String) async throws {
        try await withLedger { ledger in
            let event = CostEvent.event().with { $0.metering.parts = [UsagePart(usage: [.webSearch: 1])] }
            _ = try await ledger.append([event])
            for change in ["DELETE FROM \(table)", "UPDATE \(table) SET sequence = 7"] {
                await #expect(throws: DatabaseError.self) {
                    try await ledger.pool.write { db in try db.execute(sql: change) }
                }
            }
        }
    }
}
