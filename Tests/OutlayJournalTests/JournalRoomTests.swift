import OutlayCore
import Testing

@testable import OutlayJournal

@Suite struct JournalRoomTests {
    let folder = TemporaryFolder()
    let rawMax = String(repeating: "7", count: 4096)

    @Test func `every call that was taken can be settled at full size when the journal is full`() throws {
        let journal = try Journal.open(folder)
        var taken: [CallIntent] = []
        while true {
            let intent = CallIntent.call("call \(taken.count)")
            do { try journal.intend(intent) } catch { break }
            taken.append(intent)
        }
        for intent in taken { journal.settle(intent.settled(raw: rawMax)) }
        #expect(journal.counts.unjournalled == 0 && journal.counts.shortened == 0)
        let recovery = try folder.recovery()
        #expect(recovery.settlements == taken.map { $0.settled(raw: rawMax) })
        #expect(recovery.unsettled.isEmpty)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `no order of intents, settlements and commits loses a record`(seed: UInt64) async throws {
        var random = Seeded(state: seed)
        let journal = try Journal.open(folder)
        var open: [CallIntent] = []
        var expected: Set<String> = []
        var uncommitted: [JournalEntry] = []
        for number in 0..<1500 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let intent = CallIntent.call("\(number)")
                if (try? journal.intend(intent)) != nil { open.append(intent) }
            case 5..<9 where !open.isEmpty:
                let intent = open.remove(at: Int.random(in: 0..<open.count, using: &random))
                let raw = String(repeating: "r", count: Int.random(in: 0...4096, using: &random))
                journal.settle(intent.settled(tokens: Int64(number), raw: raw))
                expected.insert(intent.id.id)
            default:
                guard journal.counts.queued > 0 else { continue }
                uncommitted += await journal.nextBatch(max: 64)
                let done = uncommitted.prefix(Int.random(in: 0...64, using: &random))
                journal.committed(Array(done))
                uncommitted.removeFirst(done.count)
                for entry in done { expected.remove(entry.event.id.id) }
            }
        }
        let recovery = try folder.recovery()
        #expect(journal.counts.unjournalled == 0 && journal.counts.shortened == 0)
        #expect(expected.isSubset(of: recovery.settlements.map(\.id.id)))
        #expect(Set(recovery.unsettled.map(\.id)) == Set(open.map(\.id)))
    }

    @Test func `segments are used again for ever`() async throws {
        let journal = try Journal.open(folder)
        for number in 0..<2000 {
            let intent = CallIntent.call("\(number)")
            try journal.intend(intent)
            journal.settle(intent.settled(raw: rawMax))
            if number % 20 == 19 { journal.committed(await journal.nextBatch()) }
        }
        #expect(journal.counts.intended == 2000)
        #expect(journal.counts.segments <= 3)
        #expect(try folder.recovery().unsettled.isEmpty)
    }

    @Test func `a stream open for long does not hold on to its segment`() async throws {
        let journal = try Journal.open(folder)
        try journal.intend(.call("long"))
        for number in 0..<1500 {
            let intent = CallIntent.call("\(number)")
            try journal.intend(intent)
            journal.settle(intent.settled(raw: rawMax))
            if number % 20 == 19 { journal.committed(await journal.nextBatch()) }
        }
        #expect(try folder.recovery().unsettled == [.call("long")])
        journal.settle(CallIntent.call("long").settled(tokens: 77))
        let recovery = try folder.recovery()
        #expect(recovery.unsettled.isEmpty)
        #expect(recovery.settlements.contains(CallIntent.call("long").settled(tokens: 77)))
    }

    @Test func `a settlement beyond its promise loses detail before it takes another's room`() throws {
        let journal = try Journal.open(folder)
        var taken = 0
        while (try? journal.intend(.call("call \(taken)"))) != nil { taken += 1 }
        let huge = CallIntent.call("call 0").settled(raw: String(repeating: "x", count: 60_000))
        journal.settle(huge)
        #expect(journal.counts.shortened == 1)
        let kept = try #require(try folder.recovery().settlements.first)
        #expect(kept.metering.raw == nil)
        #expect(kept.rating == huge.rating && kept.attribution == huge.attribution)
    }

    @Test func `a settlement without an intent takes only room that nobody was promised`() async throws {
        let journal = try Journal.open(folder)
        while (try? journal.intend(.call("call \(journal.counts.open)"))) != nil {}
        while journal.counts.unjournalled == 0 {
            journal.settle(CallIntent.call("stray \(journal.counts.settled)").settled(raw: rawMax))
        }
        let open = journal.counts.open
        for number in 0..<open { journal.settle(CallIntent.call("call \(number)").settled(raw: rawMax)) }
        #expect(journal.counts.unjournalled == 1)
        #expect(try folder.recovery().unsettled.isEmpty)
        #expect(await journal.nextBatch(max: .max).count == Int(journal.counts.settled))
    }

    @Test func `the same intent twice is one call`() throws {
        let journal = try Journal.open(folder)
        try journal.intend(.call("a"))
        try journal.intend(.call("a"))
        #expect(journal.counts.open == 1)
        #expect(try folder.recovery().unsettled == [.call("a")])
    }
}
