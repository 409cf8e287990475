import OutlayCore
import Testing

@testable import OutlayJournal

@Suite struct JournalCostTests {
    @Test func `an intent and its settlement take microseconds`() async throws {
        let folder = TemporaryFolder()
        let journal = try Journal.open(folder, limits: JournalLimits())
        let intents = (0..<2000).map { CallIntent.call("call_01m\($0)") }
        let events = intents.map { $0.settled(raw: String(repeating: "u", count: 250)) }
        var fastest = Duration.seconds(1)
        for _ in 0..<5 {
            let lane = journal.lane(0)
            let elapsed = try ContinuousClock().measure {
                for (intent, event) in zip(intents, events) {
                    try lane.intend(intent)
                    lane.settle(event)
                }
            }
            fastest = min(fastest, elapsed)
            journal.committed(await journal.nextBatch(max: .max))
        }
        print("journal: \(fastest / 2000) per call")
        #expect(fastest / 2000 < .milliseconds(1))
    }
}
