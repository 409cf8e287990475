import Foundation
import OutlayCore
import Testing

@testable import OutlayJournal

@Suite struct JournalTests {
    let folder = TemporaryFolder()

    @Test func `what was written is there for the next process though nothing was closed`() throws {
        let journal = try Journal.open(folder)
        try journal.intend(.call("done"))
        try journal.intend(.call("open"))
        journal.settle(CallIntent.call("done").settled())
        let recovery = try folder.recovery()
        #expect(recovery.settlements == [CallIntent.call("done").settled()])
        #expect(recovery.unsettled == [.call("open")])
        #expect(recovery.damaged == 0)
        withExtendedLifetime(journal) {}
    }

    @Test func `what was written survives kill -9`() async throws {
        try JournalFolder.create(folder.path)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
            let journal = try Journal(directory: path, lanes: 2, limits: .small)
            for number in 0..<500 { try journal.intend(.call("\(number)")) }
            for number in 0..<400 { journal.settle(CallIntent.call("\(number)").settled()) }
            kill(getpid(), SIGKILL)
        }
        let recovery = try folder.recovery()
        #expect(Set(recovery.settlements.map(\.id.id)) == Set((0..<400).map(String.init)))
        #expect(Set(recovery.unsettled.map(\.id.id)) == Set((400..<500).map(String.init)))
        #expect(recovery.damaged == 0)
    }

    @Test func `recovery gives the same until it is discarded`() throws {
        let journal = try Journal.open(folder)
        try journal.intend(.call("open"))
        #expect(try folder.recovery().unsettled.count == 1)
        let recovery = try folder.recovery()
        #expect(recovery.unsettled.count == 1)
        try recovery.discard()
        #expect(try folder.recovery().unsettled.isEmpty)
        withExtendedLifetime(journal) {}
    }

    @Test func `a journal is not opened over one that was not recovered`() throws {
        _ = try Journal.open(folder)
        #expect(throws: JournalError.unrecovered(directory: folder.path)) { try Journal.open(folder) }
        try folder.recovery().discard()
        _ = try Journal.open(folder)
    }

    @Test func `an absent folder recovers as empty`() throws {
        let recovery = try folder.recovery()
        #expect(recovery.settlements.isEmpty && recovery.unsettled.isEmpty)
    }

    @Test func `batches keep the order and tell of the commit once`() async throws {
        let journal = try Journal.open(folder)
        let commits = Tally()
        for number in 0..<600 {
            try journal.intend(.call("\(number)"))
            journal.settle(CallIntent.call("\(number)").settled()) { commits.add() }
        }
        var names: [String] = []
        for expected in [256, 256, 88] {
            let batch = await journal.nextBatch()
            #expect(batch.count == expected)
            #expect(commits.count == names.count)
            names += batch.map(\.event.id.id)
            journal.committed(batch)
        }
        #expect(names == (0..<600).map(String.init))
        #expect(commits.count == 600)
        #expect(journal.counts.uncommitted == 0 && journal.counts.open == 0)
    }

    @Test func `a waiting writer is woken by a settlement`() async throws {
        let journal = try Journal.open(folder)
        async let batch = journal.nextBatch()
        try journal.intend(.call("a"))
        journal.settle(CallIntent.call("a").settled())
        #expect(await batch.map(\.event.id.id) == ["a"])
    }

    @Test func `a finished journal hands out the rest and then nothing`() async throws {
        let journal = try Journal.open(folder)
        journal.settle(CallIntent.call("a").settled())
        journal.finish()
        #expect(await journal.nextBatch().count == 1)
        #expect(await journal.nextBatch().isEmpty)
    }

    @Test func `a cancelled writer is let go`() async throws {
        let journal = try Journal.open(folder)
        let writer = Task { await journal.nextBatch() }
        writer.cancel()
        #expect(await writer.value.isEmpty)
    }

    @Test func `lanes do not share room`() throws {
        let journal = try Journal.open(folder, lanes: 2)
        let full = fill(journal.lane(0))
        #expect(full > 100)
        try journal.lane(1).intend(.call("other"))
        #expect(throws: CallBookError.full) { try journal.lane(0).intend(.call("one more")) }
        #expect(journal.counts.open == full + 1)
        #expect(journal.counts.refused == 2)
    }

    @Test func `the journal finds the lane of a call again`() throws {
        let journal = try Journal.open(folder, lanes: 4)
        for number in 0..<100 { try journal.intend(.call("\(number)")) }
        for number in 0..<100 { journal.settle(CallIntent.call("\(number)").settled()) }
        #expect(journal.counts.open == 0)
        #expect(try folder.recovery().unsettled.isEmpty)
        #expect(try folder.recovery().settlements.count == 100)
    }

    @Test func `open and uncommitted calls are bounded`() throws {
        var limits = JournalLimits.small
        limits.callsPerLane = 10
        let journal = try Journal.open(folder, limits: limits)
        for number in 0..<10 { try journal.intend(.call("\(number)")) }
        for number in 0..<10 { journal.settle(CallIntent.call("\(number)").settled()) }
        #expect(throws: CallBookError.full) { try journal.intend(.call("11")) }
        #expect(journal.counts.queued == 10)
    }

    @Test func `the lag is read from the oldest settlement in the queue`() async throws {
        let journal = try Journal.open(folder)
        #expect(journal.counts.oldestQueued == nil)
        journal.settle(CallIntent.call("a").settled())
        #expect(journal.counts.oldestQueued == Timestamp(seconds: 1_790_000_001))
        _ = await journal.nextBatch()
        #expect(journal.counts.oldestQueued == nil)
    }

    @Test func `a folder that cannot be made is named`() throws {
        let path = "/proc/outlay-journal"
        #expect(throws: JournalError.system(path: path, operation: "create", errno: ENOENT)) {
            try Journal(directory: path, lanes: 1)
        }
    }

    /// Intends calls until the lane refuses; returns how many it took.
    private func fill(_ lane: Lane) -> Int {
        var taken = 0
        while (try? lane.intend(.call("fill \(taken)"))) != nil { taken += 1 }
        return taken
    }
}
