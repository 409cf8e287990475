import Foundation
import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

/// Observations are found the same way whether the indexes hold them or the writer remembers them.
@Suite struct ObservationTests {
    private static let group: UInt128 = 1 << 100 | 7

    private static func row(
        _ identity: UInt128,
        in group: UInt128 = group,
        names: [UInt128] = [],
        at seconds: Int64 = 100
    ) -> ObservationRow {
        let parts = Observation.Parts(
            identity: identity,
            emitter: "openllmetry",
            signal: .span,
            level: .call,
            authority: .leading,
            start: Timestamp(seconds: seconds),
            end: Timestamp(seconds: seconds),
            service: ServiceUse(provider: "openai", api: "chat.completions", model: "gpt-5"),
            metering: Metering(quality: .unmetered)
        )
        var writer = ByteWriter(reservingCapacity: 0)
        writer.observation(Observation(parts))
        return ObservationRow(
            identity: identity,
            body: writer.bytes,
            names: names,
            group: group,
            source: 1,
            receivedAt: Timestamp(seconds: seconds)
        )
    }

    private static func inTables<Value: Sendable>(
        _ ledger: SQLiteLedger,
        _ body: @escaping @Sendable (any TelemetryTransaction) throws -> Value
    ) async throws -> Value {
        nonisolated(unsafe) var value: Value?
        _ = try await ledger.record { tables in
            unsafe value = try body(tables)
            return []
        }
        return try #require(unsafe value)
    }

    private func withTelemetry(_ waitingMax: Int, _ body: (SQLiteLedger) async throws -> Void) async throws {
        try await temporaryDirectory { folder in
            let path = folder.appending(path: "ledger.sqlite").path
            try await body(SQLiteLedger(path: path, observationsWaitingMax: waitingMax))
        }
    }

    @Test(arguments: [1, 3, 1000])
    func `observations are found by group, identity and name, indexed or remembered`(_ waitingMax: Int) async throws {
        try await withTelemetry(waitingMax) { ledger in
            for identity: UInt128 in 1...5 {
                let outcome = try await Self.inTables(ledger) { tables in
                    try tables.keep(Self.row(identity, names: [identity * 11, 99]))
                }
                #expect(outcome == .new)
            }
            let (group, names) = try await Self.inTables(ledger) { tables in
                (
                    try (
                        tables.observations(in: Self.group).map(\.observation.identity), tables.count(in: Self.group),
                        tables.contains(4, in: Self.group), tables.contains(6, in: Self.group),
                        tables.kept(among: [Self.group, 8]) == [Self.group]
                    ),
                    try [33, 34, 99].map { try tables.groups(named: [$0]) }
                )
            }
            #expect(group == ([1, 2, 3, 4, 5], 5, true, false, true))
            #expect(names == [[Self.group], [], [Self.group]])
        }
    }

    @Test(arguments: [1, 1000])
    func `an observation told twice is a duplicate, with other content a conflict`(_ waitingMax: Int) async throws {
        try await withTelemetry(waitingMax) { ledger in
            _ = try await Self.inTables(ledger) { try $0.keep(Self.row(1)) }
            let again = try await Self.inTables(ledger) { try $0.keep(Self.row(1)) }
            #expect(again == .duplicate)
            let other = try await Self.inTables(ledger) { try $0.keep(Self.row(1, at: 101)) }
            #expect(other == .conflict)
        }
    }

    @Test(arguments: [1, 1000])
    func `what stands for an observation is kept`(_ waitingMax: Int) async throws {
        try await withTelemetry(waitingMax) { ledger in
            _ = try await Self.inTables(ledger) { try $0.keep(Self.row(1)) }
            let standing = TelemetryStanding(revision: 3, inputs: .max)
            try await Self.inTables(ledger) { try $0.setStanding(standing, of: 1, in: Self.group) }
            let kept = try await Self.inTables(ledger) { try $0.observations(in: Self.group) }
            #expect(kept.first?.standing == standing)
        }
    }

    @Test func `a restart remembers what no index holds`() async throws {
        try await temporaryDirectory { folder in
            let path = folder.appending(path: "ledger.sqlite").path
            do {
                let ledger = try SQLiteLedger(path: path, observationsWaitingMax: 3)
                for identity: UInt128 in 1...4 {
                    _ = try await Self.inTables(ledger) { try $0.keep(Self.row(identity, names: [identity])) }
                }
            }
            let ledger = try SQLiteLedger(path: path)
            let count = try await Self.inTables(ledger) { try $0.count(in: Self.group) }
            #expect(count == 4)
            let groups = try await Self.inTables(ledger) { try $0.groups(named: [4]) }
            #expect(groups == [Self.group])
            #expect(try await ledger.count("SELECT COUNT(*) FROM observation_key") == 3)
        }
    }

    @Test func `what came after everything was forgotten is remembered over a restart`() async throws {
        try await temporaryDirectory { folder in
            let path = folder.appending(path: "ledger.sqlite").path
            do {
                let ledger = try SQLiteLedger(path: path)
                for identity: UInt128 in 1...3 {
                    _ = try await Self.inTables(ledger) { try $0.keep(Self.row(identity, at: 100)) }
                }
                try await ledger.forgetTelemetry(receivedBefore: Timestamp(seconds: 200))
                _ = try await Self.inTables(ledger) { try $0.keep(Self.row(4, at: 300)) }
            }
            let again = try await Self.inTables(SQLiteLedger(path: path)) { try $0.keep(Self.row(4, at: 300)) }
            #expect(again == .duplicate)
        }
    }

    @Test(arguments: [1, 1000])
    func `of many groups and names those are found that were told`(_ waitingMax: Int) async throws {
        try await withTelemetry(waitingMax) { ledger in
            let found = try await Self.inTables(ledger) { tables in
                for identity: UInt128 in 1...70 where identity % 3 == 0 {
                    try tables.add(Self.row(identity, names: [identity, 1000]))
                }
                return try (tables.kept(among: [Self.group, 8]), tables.told(among: Array(1...70) + [1000]))
            }
            let again = try await Self.inTables(ledger) { try $0.told(among: Array(1...70) + [1000]) }
            let told = Set<UInt128>((1...70).filter { $0 % 3 == 0 } + [1000])
            #expect(found == ([Self.group], told))
            #expect(again == told)
        }
    }

    @Test func `what a failed transaction kept is not remembered`() async throws {
        try await withTelemetry(1000) { ledger in
            await #expect(throws: LedgerError.self) {
                _ = try await ledger.record { tables in
                    _ = try tables.keep(Self.row(1))
                    throw LedgerError.unavailable(reason: "the disk")
                }
            }
            let isEmpty = try await Self.inTables(ledger) { try $0.kept(among: [Self.group]).isEmpty }
            #expect(isEmpty)
        }
    }

    @Test(arguments: [1, 1000])
    func `old observations are forgotten in every table`(_ waitingMax: Int) async throws {
        try await withTelemetry(waitingMax) { ledger in
            _ = try await Self.inTables(ledger) { try $0.keep(Self.row(1, names: [5], at: 100)) }
            _ = try await Self.inTables(ledger) { try $0.keep(Self.row(2, names: [6], at: 200)) }
            try await ledger.forgetTelemetry(receivedBefore: Timestamp(seconds: 200))
            let left = try await Self.inTables(ledger) { try $0.observations(in: Self.group) }
            #expect(left.map(\.observation.identity) == [2])
            let ofOld = try await Self.inTables(ledger) { try $0.groups(named: [5]) }
            #expect(ofOld.isEmpty)
            let ofNew = try await Self.inTables(ledger) { try $0.groups(named: [6]) }
            #expect(ofNew == [Self.group])
            #expect(try await ledger.count("SELECT COUNT(*) FROM observation") == 1)
        }
    }
}
