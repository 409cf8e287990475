import OutlayCore
import OutlayIngest
import OutlayWire
import OutlaySQLite
import OutlayTestKit
import Testing

/// What stands in the end is a function of what was reported, not of the order or the parts it came in.
@Suite struct TelemetryOrderTests {
    /// Runs with agents, steps, calls reported twice or thrice, sums, logs, counters and gaps.
    struct Story {
        var observations: [Observation] = []
        var points: [CounterPoint] = []
        private var next: UInt128 = 0
        private var random: SeededGenerator

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            for trace in 1...UInt128(4) { addRun(trace) }
            for index in 0..<6 {
                let at = TelemetryAuthorityTests.start + UInt64(index) * 300_000_000_000
                points.append(TelemetryAuthorityTests.point(Int64(10 + index), at: at))
            }
        }

        private mutating func identity() -> UInt128 {
            next += 1
            return next
        }

        private mutating func addRun(_ trace: UInt128) {
            let root = identity()
            let agent = ["writer", "clerk"].randomElement(using: &random) ?? "clerk"
            observations.append(.step(root, trace: trace, claims: [.claim(.agent, agent)]))
            let sum = identity()
            observations.append(.sum(sum, trace: trace, parent: UInt64(root), input: 1000))
            for _ in 0..<Int.random(in: 0...3, using: &random) { addCall(below: sum, trace: trace) }
        }

        private mutating func addCall(below parent: UInt128, trace: UInt128) {
            let framework = identity()
            let name = "response:\(framework)"
            let isCut = Int.random(in: 0..<4, using: &random) == 0
            let above = isCut ? UInt64(999) : UInt64(parent)
            observations.append(.call(framework, trace: trace, parent: above, usage: [.input: 90], names: [name]))
            if Bool.random(using: &random) {
                let native = identity()
                observations.append(
                    .call(native, emitter: "sdk", authority: .native, trace: trace, parent: UInt64(framework))
                )
            }
            if Bool.random(using: &random) {
                let log = identity()
                let twin = Observation.call(log, emitter: "claude-code", signal: .log, trace: nil, names: [name])
                observations.append(twin.with { $0.instance["session.id"] = "s1" })
            }
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `any order and any parts end in the same spend`(seed: UInt64) async throws {
        let story = Story(seed: seed)
        let expected = try await told(story, inParts: 1, seed: seed)
        for round in 1...4 as ClosedRange<UInt64> {
            let table = try await told(story, inParts: Int(round) * 3, seed: seed &* 100 &+ round)
            #expect(table == expected)
        }
    }

    /// Sends the story shuffled, some of it twice, with waits that end in between.
    private func told(_ story: Story, inParts parts: Int, seed: UInt64) async throws -> [SpendRow] {
        let stage = try DeskStage()
        var random = SeededGenerator(seed: seed)
        let isInOrder = parts == 1
        let observations = isInOrder ? story.observations : story.observations.shuffled(using: &random)
        let points = isInOrder ? story.points : story.points.shuffled(using: &random)
        for part in 0..<parts {
            let some = observations.indices.filter { $0 % parts == part }.map { observations[$0] }
            let counted = points.indices.filter { $0 % parts == part }.map { points[$0] }
            try await stage.send(some, points: counted)
            if Bool.random(using: &random) { try await stage.send(some, points: counted) }
            if Bool.random(using: &random) { try await stage.desk.flush() }
        }
        try await stage.desk.flush()
        let table = try await stage.spend(by: .team, .agent, .model, .run)
        #expect(try await stage.ledger.verify().differences.isEmpty)
        try stage.remove()
        return table.rows
    }
}
