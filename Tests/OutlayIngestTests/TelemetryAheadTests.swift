import OutlayCore
import OutlayIngest
import OutlaySQLite
import OutlayTestKit
import OutlayWire
import Testing

/// Groups that come whole are projected before their transaction, and end in what the long way ends in.
@Suite struct TelemetryAheadTests {
    /// What the ledger and the view of sources say in the end.
    struct Told: Hashable {
        var events: [CostEvent]
        var reversed: [Bool]
        var sources: [TelemetrySource]
    }

    @Test(arguments: TelemetryFixtureTests.emitters)
    func `an emitter's requests are booked ahead as they are the long way`(emitter: String) async throws {
        let (profiles, spellings) = (TelemetryProfiles(), Spellings())
        let reader = TelemetryReader(encoding: .protobuf, interest: profiles.interest(spellings: spellings))
        var reading = TelemetryReading(profiles: profiles, spellings: spellings)
        for body in try TelemetryFixtureTests.bodies(of: emitter, .protobuf) {
            try reader.read(body.bytes, signal: body.signal, into: &reading)
        }
        let (observations, points) = (reading.observations, reading.points)
        let half = observations.prefix(observations.count / 2)
        for parts in [[observations], [Array(half), observations], [observations, observations.reversed()]] {
            let ahead = try await told(parts, points, projectsAhead: true)
            #expect(try await told(parts, points, projectsAhead: false) == ahead)
            #expect(!ahead.events.isEmpty)
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `a story is booked ahead as it is the long way`(seed: UInt64) async throws {
        let story = TelemetryOrderTests.Story(seed: seed)
        var random = SeededGenerator(seed: seed)
        let shuffled = story.observations.shuffled(using: &random)
        let first = Array(story.observations.dropLast(Int(seed % 7)))
        for parts in [[story.observations], [first, story.observations], [first, shuffled], [shuffled]] {
            let ahead = try await told(parts, story.points, projectsAhead: true)
            #expect(try await told(parts, story.points, projectsAhead: false) == ahead)
            #expect(!ahead.events.isEmpty)
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `requests that come at once end in what one after the other ends in`(seed: UInt64) async throws {
        let story = TelemetryOrderTests.Story(seed: seed)
        let requests = stride(from: 0, to: story.observations.count, by: 3).map {
            Array(story.observations[$0..<min($0 + 3, story.observations.count)])
        }
        let (alone, together) = (try DeskStage(projectsAhead: false), try DeskStage())
        for request in requests { try await alone.send(request) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for request in requests + requests.prefix(4) { group.addTask { try await together.send(request) } }
            try await group.waitForAll()
        }
        for stage in [alone, together] { try await stage.desk.flush() }
        let dimensions: [OutlayCore.Dimension] = [.team, .agent, .model, .run]
        let expected = try await alone.ledger.spend(SpendQuery(by: dimensions, buckets: [alone.always]))
        let found = try await together.ledger.spend(SpendQuery(by: dimensions, buckets: [together.always]))
        #expect(found.rows == expected.rows)
        #expect(found.total == expected.total)
        #expect(try await together.ledger.verify().differences.isEmpty)
        for stage in [alone, together] { try stage.remove() }
    }

    @Test func `reports that were kept before are neither kept nor booked again`() async throws {
        let stage = try DeskStage()
        let calls = (1...40).map { Observation.call($0, trace: $0, names: ["response:\($0)"]) }
        try await stage.send(calls)
        try await stage.send(calls)
        let counts = try #require(try await stage.ledger.telemetrySources().first).counts
        #expect((counts.accepted, counts.duplicates, counts.conflicts) == (40, 40, 0))
        #expect(try await stage.ledger.verify().events == 40)
        try stage.remove()
    }

    @Test func `a report that came whole is told with what comes to its trace later`() async throws {
        let stage = try DeskStage()
        try await stage.send(.call(1, parent: 7))
        try await stage.send(.step(7, claims: [.claim(.agent, "writer")]))
        let rows = try await stage.spend(by: .agent, .team).rows
        #expect(rows.filter { $0.sum.calls != 0 }.count == 1)
        #expect(rows.contains { $0.sum.calls == 1 && $0.key.contains("marketing") })
        try stage.remove()
    }

    private func told(
        _ parts: [[Observation]],
        _ points: [CounterPoint],
        projectsAhead: Bool
    ) async throws -> Told {
        let clock = StageClock(TelemetryFixtureTests.clock.now())
        let stage = try DeskStage(clock: clock, projectsAhead: projectsAhead)
        for part in parts {
            try await stage.send(part, points: points)
            clock.advance(bySeconds: 60)
        }
        try await stage.desk.flush()
        let recorded = try await stage.ledger.events(in: stage.always, after: 0, limit: 10_000)
        let sources = try await stage.ledger.telemetrySources()
        #expect(try await stage.ledger.verify().differences.isEmpty)
        try stage.remove()
        return Told(events: recorded.map(\.event), reversed: recorded.map(\.isReversed), sources: sources)
    }
}
