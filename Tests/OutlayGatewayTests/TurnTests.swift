import OutlayCore
import OutlayGateway
import OutlayWire
import Testing

/// Codex asks its provider what a turn cost; the gateway answers, with the prices it booked.
@Suite(.timeLimit(.minutes(1))) struct TurnTests {
    private static let ask = "/analytics/codex/turn-costs"

    private static func metadata(_ turn: String) -> String {
        #"x-codex-turn-metadata: {"turn_id":"\#(turn)","session_id":"s-1","agent_name":"scout"}"#
    }

    private static func response(_ id: String, model: String = "known-model") -> String {
        #"{"id":"\#(id)","object":"response","status":"completed","model":"\#(model)","output":[],"#
            + #""usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15}}"#
    }

    private static func turns(_ text: String) throws -> [JSONValue] {
        try #require(try JSONValue(Array(text.utf8))["turns"]?.array)
    }

    @Test(arguments: ["/openai/v1", "/v1", "/u/openai/v1", "/u/openai"])
    func `a turn of two calls is told with both responses, and nothing is forwarded or booked`(
        _ base: String
    ) async throws {
        try await Harness.run(script: { [.send(json(Self.response("resp_\($0.index)")))] }) { gateway in
            let call = post("/v1/responses", #"{"model":"known-model","input":"Hi"}"#, fields: [Self.metadata("t-1")])
            _ = try await gateway.call(call)
            _ = try await gateway.call(call)
            _ = await gateway.book.settled(2)
            let answer = try await gateway.call(post(base + Self.ask, #"{"turn_ids":["t-1","t-2"]}"#))
            #expect(answer.status == 200)
            let found = try Self.turns(answer.text)
            #expect(found.map { $0["turn_id"]?.string } == ["t-1", "t-2"])
            #expect(found.map { $0["status"]?.string } == ["priced", "pending"])
            #expect(found[0]["total_usd"]?.string == "0.00004")
            #expect(found[0]["event_count"]?.int == 2)
            #expect(found[0]["speed"]?.string == "standard")
            let responses = try #require(found[0]["responses"]?.array)
            #expect(responses.map { $0["response_id"]?.string } == ["resp_0", "resp_1"])
            #expect(responses.map { $0["total_usd"]?.string } == ["0.00002", "0.00002"])
            #expect(gateway.upstream.requests.count == 2)
            #expect(gateway.upstream.requests.allSatisfy { $0.head.contains("x-codex-turn-metadata") })
            #expect(gateway.book.intents.count == 2)
        }
    }

    @Test func `a turn with a call that has no price is pending, not cheap`() async throws {
        try await Harness.run(script: { request in
            [.send(json(Self.response("resp_\(request.index)", model: request.index == 0 ? "known-model" : "mystery")))]
        }) { gateway in
            let call = post("/v1/responses", #"{"model":"known-model","input":"Hi"}"#, fields: [Self.metadata("t-1")])
            for _ in 0..<2 { _ = try await gateway.call(call) }
            _ = await gateway.book.settled(2)
            let answer = try await gateway.call(post("/v1" + Self.ask, #"{"turn_ids":["t-1"]}"#))
            let found = try Self.turns(answer.text)
            #expect(found[0]["status"]?.string == "pending")
        }
    }

    @Test(arguments: [
        (#"{"turn_ids":["t"]}"#, Optional("olk_stranger"), 401), (#"{"turn_ids":["t"]}"#, nil, 401),
        (#"{"turns":["t"]}"#, Optional(Harness.clientKey), 400),
        (#"{"turn_ids":[7]}"#, Optional(Harness.clientKey), 400),
        ("nonsense", Optional(Harness.clientKey), 400), (#"{"turn_ids":[]}"#, Optional(Harness.clientKey), 200),
    ])
    func `the question needs a key and its own shape`(body: String, key: String?, status: Int) async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let answer = try await gateway.call(post("/v1" + Self.ask, body, key: key))
            #expect(answer.status == status)
            #expect(gateway.upstream.requests.isEmpty)
            #expect(gateway.book.intents.isEmpty)
        }
    }

    @Test func `questions and calls share a connection`() async throws {
        try await Harness.run(script: { _ in [.send(json(Self.response("resp_1")))] }) { gateway in
            let peer = try await gateway.connect()
            for body in [#"{"turn_ids":["t"]}"#, "nonsense", #"{"turn_ids":["t"]}"#] {
                peer.send(post("/v1" + Self.ask, body))
                #expect(await peer.answer(isHead: false).status == (body == "nonsense" ? 400 : 200))
            }
            peer.send(post("/v1/responses", #"{"model":"known-model","input":"Hi"}"#))
            #expect(await peer.answer(isHead: false).status == 200)
            peer.close()
        }
    }
}
