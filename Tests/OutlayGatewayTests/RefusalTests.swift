import OutlayCore
import OutlayGateway
import OutlayWire
import Testing

/// What never reaches a provider, and how the caller is told.
@Suite(.timeLimit(.minutes(1))) struct RefusalTests {
    private func refused(
        _ request: String,
        _ change: (inout Harness.Setup) -> Void = { _ in }
    ) async throws -> Answer {
        let result = Box<Answer>()
        try await Harness.run(change, script: { _ in [.send(json(Chat.answer))] }) { gateway in
            result.value = try await gateway.call(request)
            #expect(gateway.upstream.requests.isEmpty, "a refused call was forwarded")
            #expect(gateway.book.events.isEmpty)
            #expect(gateway.book.intents.isEmpty)
        }
        return try #require(result.value)
    }

    @Test func `a call without a key is refused`() async throws {
        let answer = try await refused(post(Chat.path, Chat.request, key: nil))
        #expect(answer.status == 401)
        #expect(answer["x-should-retry"] == "false")
        #expect(answer["x-outlay-call-id"]?.hasPrefix("call_") ?? false)
        #expect(answer.text.contains(#""code":"missing_key""#))
    }

    @Test func `an unknown key is refused and not repeated`() async throws {
        let answer = try await refused(post(Chat.path, Chat.request, key: "olk_canary"))
        #expect(answer.status == 401)
        #expect(answer.text.contains("invalid_key"))
        #expect(!answer.text.contains("olk_canary"))
    }

    @Test func `an expired key is refused`() async throws {
        let answer = try await refused(post(Chat.path, Chat.request)) { $0.rules.expires = Harness.now }
        #expect(answer.status == 401)
        #expect(answer.text.contains("key_expired"))
    }

    @Test func `a revoked key is refused`() async throws {
        let answer = try await refused(post(Chat.path, Chat.request)) { $0.revokedAt = Harness.now }
        #expect(answer.status == 401)
        #expect(answer.text.contains("key_revoked"))
    }

    @Test func `a key for telemetry is refused`() async throws {
        let answer = try await refused(post(Chat.path, Chat.request)) { $0.rules.door = .ingest }
        #expect(answer.status == 403)
        #expect(answer.text.contains("key_not_for_gateway"))
    }

    @Test func `two different keys are refused`() async throws {
        let answer = try await refused(post(Chat.path, Chat.request, fields: ["x-api-key: other"]))
        #expect(answer.status == 400)
    }

    @Test(arguments: [
        (Chat.path, #""type":"permission_error""#),
        ("/anthropic/v1/messages", #""type":"error""#),
        ("/gemini/v1beta/models/other:generateContent", #""status":"PERMISSION_DENIED""#),
    ])
    func `a model the key does not allow is refused in the provider's shape`(
        _ row: (path: String, shape: String)
    ) async throws {
        let dialects: [String: Upstream.Dialect] = ["/anthropic": .anthropic, "/gemini": .gemini]
        let dialect = dialects.first { row.path.hasPrefix($0.key) }?.value ?? .openai
        let answer = try await refused(post(row.path, Chat.request)) { setup in
            setup.dialect = dialect
            setup.rules.models = ["gpt-*"]
        }
        #expect(answer.status == 403)
        #expect(answer["x-should-retry"] == "false")
        #expect(answer.text.contains(row.shape))
        #expect(answer.text.lowercased().contains("model_not_allowed"))
    }

    @Test func `an upstream the key does not allow is refused`() async throws {
        let answer = try await refused(post(Chat.path, Chat.request)) { $0.rules.upstreams = ["anthropic"] }
        #expect(answer.status == 403)
        #expect(answer.text.contains("upstream_not_allowed"))
    }

    @Test func `a body that says its model twice is refused`() async throws {
        let answer = try await refused(post(Chat.path, #"{"model":"known","model":"dear"}"#))
        #expect(answer.status == 400)
        #expect(answer.text.contains("duplicate_key"))
    }

    @Test func `a body that is no JSON is refused`() async throws {
        let answer = try await refused(post(Chat.path, "{"))
        #expect(answer.status == 400)
        #expect(answer.text.contains("malformed_body"))
    }

    @Test func `a compressed request body is refused, because it cannot be checked`() async throws {
        let answer = try await refused(post(Chat.path, Chat.request, fields: ["Content-Encoding: gzip"]))
        #expect(answer.status == 400)
    }

    @Test func `a WebSocket is refused until it is metered`() async throws {
        let upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
        let answer = try await refused(get("/openai/v1/realtime?model=known", fields: upgrade))
        #expect(answer.status == 501)
        #expect(answer.text.contains("websocket_not_metered"))
    }

    @Test(arguments: [
        "/openai/v1/../../admin", "/openai/v1/%2e%2e/models", "/nowhere/v1/models", "/u/missing/v1/models",
    ])
    func `a path that leads nowhere is refused`(_ path: String) async throws {
        let answer = try await refused(get(path))
        #expect(answer.status == 400 || answer.status == 404)
    }

    @Test(arguments: [
        "GET /v1/models HTTP/1.1\r\n\r\n",
        "GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\nAuthorization: Bearer \(Harness.clientKey)\r\n\r\n",
        "GET http://other/v1/models HTTP/1.1\r\nHost: a\r\n\r\n",
        "TRACE /v1/models HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "GET /v1/models HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET /v1/models\r\n\r\n",
        "\0\0\0\r\n\r\n",
    ])
    func `a request two readers could read differently is refused (F8)`(_ request: String) async throws {
        let answer = try await refused(request)
        #expect(answer.status == 400)
    }

    @Test func `more than 100 fields are refused`() async throws {
        let answer = try await refused(get("/v1/models", fields: (0..<101).map { "X-Field-\($0): 1" }))
        #expect(answer.status == 431)
    }

    @Test func `more than 32 KiB of fields are refused`() async throws {
        let answer = try await refused(get("/v1/models", fields: ["X-Field: \(String(repeating: "a", count: 33_000))"]))
        #expect(answer.status == 431)
    }

    @Test func `a gate that refuses is obeyed, in the provider's shape`() async throws {
        let answer = try await refused(post(Chat.path, Chat.request)) { $0.gate = ClosedGate() }
        #expect(answer.status == 402)
        #expect(answer.text.contains(#""code":"budget_exceeded""#))
        #expect(answer["x-should-retry"] == "false")
    }

    @Test(arguments: ["/v1/models", "/v1/responses/resp_1", "/v1/unheard/of"])
    func `every forwarded route passes the gate (S-21)`(_ path: String) async throws {
        #expect(try await refused(get(path)) { $0.gate = ClosedGate() }.status == 402)
    }

    @Test func `a full journal refuses the call before it is forwarded`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            gateway.book.fill()
            let answer = try await gateway.call(post(Chat.path, Chat.request))
            #expect(answer.status == 503)
            #expect(answer["retry-after"] != nil)
            #expect(gateway.upstream.requests.isEmpty)
        }
    }
}

/// Refuses everything as a spent budget does.
struct ClosedGate: CallGate {
    var isOpen: Bool { false }

    func admit(
        _ request: AdmissionRequest,
        whenDecided: @escaping @Sendable (Admission) -> Void
    ) -> Admission {
        .refused(Refusal(.budgetExceeded, "The budget 'test' is spent."))
    }

    func flow(_ flow: StreamFlow, of reservation: GateReservation) -> Refusal? { nil }
    func released(_ reservation: GateReservation) {}
    func settled(_ event: CostEvent, reservation: GateReservation?, isLast: Bool) {}
}
