import OutlayCore
import OutlayIngest
import OutlayWire
import Testing

/// One signal of each emitter counts; the others only for the time in which it was silent.
@Suite struct TelemetryAuthorityTests {
    static let start: UInt64 = 1_799_999_840_000_000_000
    static let counters = CounterGroup(
        emitter: "claude-code",
        authority: .counter,
        service: ServiceUse(provider: "anthropic", api: "messages", model: "claude"),
        instance: ["service.name": "agent", "session.id": "s1"]
    )

    static func point(_ value: Int64, group: CounterGroup = counters, at time: UInt64 = start) -> CounterPoint {
        CounterPoint(
            group: group,
            reading: CounterReading(
                group: 7,
                role: .input,
                temporality: .delta,
                start: time,
                time: time + 60_000_000_000,
                value: value
            )
        )
    }

    static let log = Observation.call(1, emitter: "claude-code", signal: .log, trace: nil).with {
        $0.instance = ["service.name": "agent", "session.id": "s1"]
    }

    @Test(arguments: [false, true])
    func `counters give way to calls of the same process, whichever comes first`(isReversed: Bool) async throws {
        let stage = try DeskStage()
        if isReversed { try await stage.send(Self.log) }
        try await stage.send([], points: [Self.point(100)])
        if !isReversed {
            try await stage.desk.flush()
            #expect(try await stage.spend().total.usage[.input] == 100)
            try await stage.send(Self.log)
        }
        try await stage.desk.flush()
        let total = try await stage.spend().total
        #expect(total.calls == 1)
        #expect(total.usage[.input] == 100)
        try stage.remove()
    }

    @Test func `counters of another process count beside them`() async throws {
        let stage = try DeskStage()
        var other = Self.counters
        other.instance["session.id"] = "s2"
        try await stage.send([Self.log], points: [Self.point(70, group: other)])
        try await stage.desk.flush()
        #expect(try await stage.spend().total.usage[.input] == 170)
        try stage.remove()
    }

    @Test func `counters of a time in which no call was reported count`() async throws {
        let stage = try DeskStage()
        let later = Self.point(30, at: Self.start + 3_600_000_000_000)
        try await stage.send([Self.log], points: [Self.point(100), later])
        try await stage.desk.flush()
        #expect(try await stage.spend().total.usage[.input] == 130)
        try stage.remove()
    }

    @Test(arguments: [false, true])
    func `spans give way to counters where those lead`(isReversed: Bool) async throws {
        let stage = try DeskStage()
        var leading = Self.counters
        leading.emitter = "openclaw"
        leading.authority = .leading
        leading.instance = ["service.name": "agent"]
        let span = Observation.call(1, emitter: "openclaw", authority: .echo)
        if isReversed { try await stage.send(span) }
        try await stage.send([], points: [Self.point(100, group: leading)])
        if !isReversed { try await stage.send(span) }
        try await stage.desk.flush()
        #expect(try await stage.spend().total.usage[.output] == nil)
        #expect(try await stage.spend().total.usage[.input] == 100)
        try stage.remove()
    }

    @Test func `a weak signal alone counts once its wait is over`() async throws {
        let stage = try DeskStage()
        try await stage.send([], points: [Self.point(100)])
        #expect(try await stage.spend().total.isZero)
        stage.clock.advance(bySeconds: 301)
        try await stage.desk.settleDue()
        #expect(try await stage.spend().total.usage[.input] == 100)
        #expect(try await stage.spend().total.calls == 0)
        try stage.remove()
    }
}
