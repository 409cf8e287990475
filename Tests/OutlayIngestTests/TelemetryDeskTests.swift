import OutlayCore
@testable import OutlayIngest
import OutlaySQLite
import Testing

/// What telemetry reports is booked once, whoever reports it and in whatever order.
@Suite struct TelemetryDeskTests {
    @Test func `an SDK's span inside a framework's is one call, told by the SDK`() async throws {
        let stage = try DeskStage()
        let framework = Observation.call(1, usage: [.input: 90, .output: 10])
        let native = Observation.call(2, emitter: "anthropic-sdk", authority: .native, parent: 1)
        try await stage.send(native)
        try await stage.send(framework)
        let total = try await stage.spend().total
        #expect(total.calls == 1)
        #expect(total.usage[.input] == 100)
        try stage.remove()
    }

    @Test(arguments: [false, true])
    func `reports that share a response are one call, also in different traces`(isReversed: Bool) async throws {
        let stage = try DeskStage()
        let reports = [
            Observation.call(1, trace: 1, names: ["response:msg_1"]),
            Observation.call(2, trace: 2, names: ["request:req_1", "response:msg_1"]),
            Observation.call(3, trace: nil, names: ["request:req_1"]).with { $0.signal = .log },
        ]
        for report in isReversed ? reports.reversed() : reports { try await stage.send(report) }
        #expect(try await stage.spend().total.calls == 1)
        try stage.remove()
    }

    @Test func `a call-level span above two calls is a sum over them`() async throws {
        let stage = try DeskStage()
        try await stage.send(.call(1, usage: [.input: 200, .output: 20]), .call(2, parent: 1), .call(3, parent: 1))
        let total = try await stage.spend().total
        #expect(total.calls == 2)
        #expect(total.usage[.input] == 200)
        try stage.remove()
    }

    @Test func `a sum counts only after its wait, and only where no call below it was reported`() async throws {
        let stage = try DeskStage()
        try await stage.send(.sum(1, input: 500))
        #expect(try await stage.spend().total.usage[.input] == nil)
        stage.clock.advance(bySeconds: 301)
        try await stage.desk.settleDue()
        #expect(try await stage.spend().total.usage[.input] == 500)
        try await stage.send(.call(2, parent: 1))
        let total = try await stage.spend().total
        #expect(total.usage[.input] == 100)
        #expect(total.calls == 1)
        try stage.remove()
    }

    @Test func `a call whose chain to the sum has a gap still explains it`() async throws {
        let stage = try DeskStage()
        try await stage.send(.sum(1, input: 100), .call(9, parent: 77))
        try await stage.desk.flush()
        #expect(try await stage.spend().total.usage[.input] == 100)
        try stage.remove()
    }

    @Test func `a call without usage is unmetered, never free`() async throws {
        let stage = try DeskStage()
        try await stage.send(.call(1, usage: nil))
        let total = try await stage.spend().total
        #expect(total.unmeteredCalls == 1)
        #expect(total.cost == nil)
        try stage.remove()
    }

    @Test func `the same report sent again changes nothing, other content is a conflict`() async throws {
        let stage = try DeskStage()
        try await stage.send(.call(1))
        try await stage.send(.call(1))
        try await stage.send(.call(1, usage: [.input: 1]))
        #expect(try await stage.spend().total.usage[.input] == 100)
        let source = try #require(try await stage.ledger.telemetrySources().first)
        #expect(source.counts.accepted == 1)
        #expect(source.counts.duplicates == 1)
        #expect(source.counts.conflicts == 1)
        try stage.remove()
    }

    @Test func `an ancestor that comes late gives its tags by a reversing pair, the amount stays`() async throws {
        let stage = try DeskStage()
        try await stage.send(.call(2, parent: 1))
        try await stage.send(.step(1, claims: [.claim(.agent, "writer")]))
        let table = try await stage.spend(by: .team, .agent, .environment)
        #expect(table.rows.map(\.key) == [["marketing", "writer", "production"]])
        #expect(table.total.effective == Money(picodollars: 110_000_000))
        let verification = try await stage.ledger.verify()
        #expect(verification.events == 3)
        #expect(verification.differences.isEmpty)
        try stage.remove()
    }

    @Test func `a tool with a fee costs it, one without does not`() async throws {
        let stage = try DeskStage(tools: [ToolPrice(name: "search", perCall: Money(picodollars: 5_000_000_000))])
        let paid = Observation.step(1).with { $0.tool = "search" }
        let free = Observation.step(2).with { $0.tool = "clock" }
        try await stage.send(paid, free)
        let total = try await stage.spend().total
        #expect(total.effective == Money(picodollars: 5_000_000_000))
        #expect(total.calls == 1)
        try stage.remove()
    }

    @Test func `a caller's cache hit is a call of nothing with what it saved`() async throws {
        let stage = try DeskStage()
        try await stage.send(.call(1).with { $0.isCacheHit = true })
        let total = try await stage.spend().total
        #expect(total.calls == 1)
        #expect(total.cost == .zero)
        let event = try #require(try await stage.ledger.events(in: stage.always, after: 0, limit: 1).first?.event)
        #expect(event.avoidedCost == Money(picodollars: 110_000_000))
        try stage.remove()
    }

    @Test func `a trace without end is booked in parts, each report once`() async throws {
        let stage = try DeskStage()
        let calls = (1...5100 as ClosedRange<UInt128>).map { Observation.call($0, names: ["response:\($0)"]) }
        for part in [calls.prefix(3000), calls.dropFirst(2000), calls.suffix(200)] { try await stage.send(Array(part)) }
        #expect(try await stage.spend().total.calls == 5100)
        try stage.remove()
    }

    @Test func `observations survive a restart`() async throws {
        let folder = try await firstLife()
        let second = try DeskStage(folder: folder)
        try await second.send(.call(2, parent: 1), .step(1, claims: [.claim(.team, "search")]))
        try await second.desk.flush()
        #expect(try await second.spend(by: .team).rows.map(\.key) == [["search"], [nil]])
        #expect(try await second.spend().total.usage[.input] == 140)
        try second.remove()
    }

    /// A process that has gone when this returns.
    private func firstLife() async throws -> String {
        let stage = try DeskStage()
        try await stage.send(.call(2, parent: 1), .sum(5, trace: 9, input: 40))
        return stage.folder
    }
}

extension DeskStage {
    var always: Range<Timestamp> { Timestamp(seconds: 0)..<Timestamp(seconds: 4_000_000_000) }

    @Test func `what one key reports, another cannot take back`() async throws {
        let stage = try DeskStage()
        try await stage.send(.call(1, trace: 1, parent: 9))
        let foreign = KeyRules(name: "stranger", workspace: "elsewhere")
        for observations in [[Observation.call(1, trace: 1, parent: 9)], [.call(9), .call(10, parent: 9)]] {
            _ = try await stage.desk.book(TelemetryDelivery(key: foreign, observations: observations))
        }
        #expect(try await stage.spend().total.calls == 3)
        try stage.remove()
    }

    @Test func `a large delivery is booked in parts that lose nothing`() {
        let observations = (1...25).map { Observation.call(UInt128($0)) }
        let delivery = TelemetryDelivery(key: DeskStage.key, observations: observations, rejected: ["gauge": 3])
        let parts = delivery.parts(of: 10)
        #expect(parts.map(\.observations.count) == [10, 10, 5])
        #expect(parts.flatMap(\.observations) == observations)
        #expect(parts.map(\.rejected) == [[:], [:], ["gauge": 3]])
        #expect(delivery.parts(of: 25).count == 1)
    }
}
