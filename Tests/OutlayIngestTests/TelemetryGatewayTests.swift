import OutlayCore
import OutlayIngest
import OutlaySQLite
import OutlayTestKit
import Testing

/// The same call through the gateway and by telemetry is one event.
@Suite struct TelemetryGatewayTests {
    static func gatewayCall(_ change: (inout CostEvent) -> Void) -> CostEvent {
        CostEvent.event("call_1", cost: "0.5").with { event in
            event.at = Timestamp(seconds: 1_799_999_900)
            event.service.upstream = "openai"
            event.attribution = Attribution(workspace: "platform", key: "ci", effective: [.team: "search"])
            event.links = CallLinks()
            change(&event)
        }
    }

    @Test(arguments: [false, true])
    func `a call both saw is booked once, found by its response`(isTelemetryFirst: Bool) async throws {
        let stage = try DeskStage()
        let call = Self.gatewayCall { $0.links.responseID = "chatcmpl-1" }
        let report = Observation.call(1, names: ["response:chatcmpl-1"])
        if isTelemetryFirst { try await stage.send(report) }
        _ = try await stage.ledger.append([call])
        try await stage.desk.noticed([call])
        if !isTelemetryFirst { try await stage.send(report) }
        let total = try await stage.spend().total
        #expect(total.calls == 1)
        #expect(total.effective == call.rating.total)
        #expect(try await stage.ledger.reports(of: call) == ["openllmetry span"])
        try stage.remove()
    }

    @Test func `a call both saw is found by the request's id`() async throws {
        let stage = try DeskStage()
        _ = try await stage.ledger.append([Self.gatewayCall { $0.links.requestID = "req_1" }])
        try await stage.send(.call(1, names: ["request:req_1"]))
        #expect(try await stage.spend().total.calls == 1)
        try stage.remove()
    }

    @Test func `a call both saw is found by the span that its HTTP client made below it`() async throws {
        let stage = try DeskStage()
        let call = Self.gatewayCall {
            $0.links.traceID = String(repeating: "0", count: 31) + "1"
            $0.links.spanID = "0000000000000005"
        }
        _ = try await stage.ledger.append([call])
        try await stage.send(.call(4), .step(5, parent: 4))
        #expect(try await stage.spend().total.calls == 1)
        try stage.remove()
    }

    @Test func `a log that names neither is found by its conversation and its exact counts`() async throws {
        let stage = try DeskStage()
        let call = Self.gatewayCall {
            $0.links.conversationID = "conversation-1"
            let usage: Usage = [.cacheRead: 60, .input: 40, .output: 10]
            $0.metering = Metering(parts: [UsagePart(usage: usage)], quality: .exact)
        }
        _ = try await stage.ledger.append([call])
        let log = Observation.call(1, emitter: "codex", signal: .log, trace: nil)
        try await stage.send(log.with { $0.links.conversationID = "conversation-1" })
        #expect(try await stage.spend().total.calls == 1)
        try await stage.send(log.with { ($0.identity, $0.links.conversationID) = (2, "conversation-2") })
        #expect(try await stage.spend().total.calls == 2)
        try stage.remove()
    }

    @Test func `telemetry adds the tags that the gateway could not know`() async throws {
        let stage = try DeskStage()
        _ = try await stage.ledger.append([Self.gatewayCall { $0.links.responseID = "r" }])
        try await stage.send(.call(1, names: ["response:r"], claims: [.claim(.agent, "writer"), .claim(.team, "x")]))
        let table = try await stage.spend(by: .team, .agent)
        #expect(table.rows.map(\.key) == [["search", "writer"]])
        #expect(table.total.calls == 1)
        #expect(try await stage.ledger.verify().differences.isEmpty)
        try stage.remove()
    }

    @Test func `a call of another workspace is another call`() async throws {
        let stage = try DeskStage()
        let foreign = Self.gatewayCall {
            $0.links.responseID = "r"
            $0.attribution.workspace = "elsewhere"
        }
        _ = try await stage.ledger.append([foreign])
        try await stage.send(.call(1, names: ["response:r"]))
        #expect(try await stage.spend().total.calls == 2)
        try stage.remove()
    }

    @Test(arguments: [false, true])
    func `a call whose answer has no id is found by model, tokens and time`(isTelemetryFirst: Bool) async throws {
        let stage = try DeskStage()
        let call = Self.gatewayCall {
            $0.service.model = "text-embedding-3-small"
            $0.metering = Metering(parts: [UsagePart(usage: [.input: 321])], quality: .exact)
        }
        let report = Observation.call(1, usage: [.input: 321]).with { $0.service.model = "text-embedding-3-small" }
        if isTelemetryFirst { try await stage.send(report) }
        _ = try await stage.ledger.append([call])
        try await stage.desk.noticed([call])
        if !isTelemetryFirst { try await stage.send(report) }
        #expect(try await stage.spend().total.calls == 1)
        let other = Observation.call(2, trace: 2, usage: [.input: 322])
        try await stage.send(other.with { $0.service.model = "text-embedding-3-small" })
        #expect(try await stage.spend().total.calls == 2)
        try stage.remove()
    }

    @Test func `a call with an id is never taken for one without`() async throws {
        let stage = try DeskStage()
        let call = Self.gatewayCall {
            $0.service.model = "gpt-5"
            $0.metering = Metering(parts: [UsagePart(usage: [.input: 100])], quality: .exact)
        }
        _ = try await stage.ledger.append([call])
        try await stage.send(.call(1, usage: [.input: 100]).with { $0.links.responseID = "chatcmpl-1" })
        #expect(try await stage.spend().total.calls == 2)
        try stage.remove()
    }

    /// A failed call, which no answer names; some instrumentations do not even tell its model.
    private static func failed(_ id: String, of model: String, at milliseconds: Int64) -> CostEvent {
        gatewayCall {
            $0.id = EventID(source: "gateway", id: id)
            $0.at = Timestamp(microseconds: 1_799_999_900_000_000 + milliseconds * 1000)
            $0.service.model = model
            ($0.metering, $0.rating) = (Metering(quality: .unbilled), CostEvent.event("free", cost: "0").rating)
        }
    }

    @Test func `of several failed calls without an id, the one that began nearest is meant`() async throws {
        let stage = try DeskStage()
        let (earlier, meant, later) = (
            Self.failed("a", of: "claude-sonnet-4-5", at: -60), Self.failed("b", of: "gpt-5", at: 4),
            Self.failed("c", of: "gpt-4.1", at: 30)
        )
        _ = try await stage.ledger.append([later, earlier, meant])
        let report = Observation.call(1, usage: nil, claims: [.claim(.agent, "writer")]).with {
            $0.service.model = nil
            $0.metering = Metering(quality: .unbilled)
        }
        try await stage.send(report)
        let table = try await stage.spend(by: .agent, .model)
        #expect(table.rows.filter { $0.key[0] == "writer" }.map(\.key) == [["writer", "gpt-5"]])
        #expect(table.total.calls == 3)
        try stage.remove()
    }

    @Test func `the gateway's event gives a report away that was booked before a restart`() async throws {
        let stage = try DeskStage()
        try await stage.send(.call(1, names: ["response:chatcmpl-1"]))
        let call = Self.gatewayCall { $0.links.responseID = "chatcmpl-1" }
        _ = try await stage.ledger.append([call])
        let restarted = TelemetryDesk(ledger: stage.ledger, now: stage.clock.now) { stage.terms }
        try await restarted.noticed([call])
        #expect(try await stage.spend().total.calls == 1)
        #expect(try await stage.spend().total.effective == call.rating.total)
        try stage.remove()
    }

    @Test func `the gateway's event gives a report away that is booked in the same moment`() async throws {
        let call = Self.gatewayCall { $0.links.responseID = "chatcmpl-1" }
        let stage = try DeskStage()
        let ledger = CrossingLedger(stage.ledger, crossing: call)
        let desk = TelemetryDesk(ledger: ledger, now: stage.clock.now) { stage.terms }
        ledger.noticed.value = { try await desk.noticed([call]) }
        let report = Observation.call(1, names: ["response:chatcmpl-1"])
        _ = try await desk.book(TelemetryDelivery(key: DeskStage.key, observations: [report]))
        #expect(try await stage.spend().total.calls == 1)
        try stage.remove()
    }
}
