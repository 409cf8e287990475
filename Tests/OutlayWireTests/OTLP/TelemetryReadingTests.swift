import OutlayCore
import OutlayWire
import Testing

/// Rules that hold for every emitter.
@Suite struct TelemetryReadingTests {
    static let made = MadeRecord(scope: "house")
    typealias Entries = KeyValuePairs<String, AttributeValue>

    static func usage(_ entries: Entries) -> Metering? {
        made.span("chat", entries)?.metering
    }

    @Test func `cached tokens counted beside the prompt are known by their number, or by the total`() {
        let larger = Self.usage([
            "gen_ai.usage.input_tokens": 211, "gen_ai.usage.cache_read.input_tokens": 1009,
            "gen_ai.usage.cache_creation.input_tokens": 307,
        ])
        #expect(larger?.total == [.input: 211, .cacheRead: 1009, .cacheWrite5m: 307])
        let summed = Self.usage([
            "gen_ai.usage.input_tokens": 2000, "gen_ai.usage.output_tokens": 10,
            "gen_ai.usage.cache_read.input_tokens": 500, "gen_ai.usage.total_tokens": 2510,
        ])
        #expect(summed?.total == [.input: 2000, .cacheRead: 500, .output: 10])
        let inside = Self.usage(["gen_ai.usage.input_tokens": 2000, "gen_ai.usage.cache_read.input_tokens": 500])
        #expect(inside?.total == [.input: 1500, .cacheRead: 500])
        #expect([larger, summed, inside].allSatisfy { $0?.flags == [] })
    }

    @Test func `an emitter that contradicts what it is known for loses no tokens and is flagged`() {
        let span = MadeRecord(scope: "pydantic-ai").span(
            "chat",
            ["gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 10, "gen_ai.usage.cache_read_tokens": 20]
        )
        #expect(span?.metering.total == [.input: 10, .cacheRead: 20])
        #expect(span?.metering.flags == ["inconsistent"])
    }

    @Test func `of several names for one count the first counts, and they are never added`() {
        let metering = Self.usage([
            "gen_ai.usage.prompt_tokens": 7, "gen_ai.usage.input_tokens": 8, "llm.token_count.prompt": 9,
            "gen_ai.usage.completion_tokens": 5, "gen_ai.usage.details.cache_read_tokens": 2,
            "gen_ai.usage.cache_read.input_tokens": 3,
        ])
        #expect(metering?.total == [.input: 5, .cacheRead: 3, .output: 5])
    }

    @Test(
        arguments: [
            ("12", 12, []), (12.0, 12, []), (12, 12, []), ("1.2e1", 12, []), (11.5, 12, ["fractional_count"]),
            (-1, 0, ["negative_count"]), ("-3", 0, ["negative_count"]), (2_000_000_000, 0, ["huge_count"]),
            (.double(.nan), 0, ["invalid_count"]), (.double(.infinity), 0, ["invalid_count"]),
            ("many", 0, ["invalid_count"]), (1e300, 0, ["huge_count"]),
        ] as [(AttributeValue, Int64, [String])]
    )
    func `a count may be any kind of number; what cannot be one is left out`(
        _ row: (value: AttributeValue, count: Int64, flags: [String])
    ) {
        let metering = Self.usage(["gen_ai.usage.input_tokens": row.value, "gen_ai.usage.output_tokens": 1])
        #expect(metering?.total == [.input: row.count, .output: 1])
        #expect(metering?.flags == row.flags)
    }

    @Test(
        arguments: [
            (0.0034354499999999996, "0.00343545"), (4.6000000000000004e-07, "0.00000046"),
            ("0.0043210987", "0.0043210987"),
            (2, "2"), (-1.0, nil), (0.0, nil), (.double(.nan), nil),
        ] as [(AttributeValue, String?)]
    )
    func `a reported cost is the shortest text of its number, to a picodollar`(
        _ row: (value: AttributeValue, dollars: String?)
    ) {
        let span = Self.made.span("chat", ["gen_ai.usage.input_tokens": 1, "gen_ai.usage.cost": row.value])
        #expect(span?.reportedCost?.description == row.dollars)
    }

    @Test func `a call without usage is unmetered, a failed one unbilled, and counting tokens is free`() {
        let operation: (String, AttributeValue) = ("gen_ai.operation.name", "chat")
        #expect(Self.usage([operation.0: operation.1])?.quality == .unmetered)
        #expect(Self.made.span("chat", [operation.0: operation.1], status: 2)?.metering.quality == .unbilled)
        #expect(Self.made.span("chat", [operation.0: operation.1], status: 2)?.outcome.ending == .providerError)
        #expect(
            Self.usage(["gen_ai.operation.name": "count_tokens", "gen_ai.usage.input_tokens": 9])?.quality == .unbilled
        )
        let native = MadeRecord(scope: "com.anthropic.sdk.python")
        let counted = native.span("anthropic.messages.count_tokens", ["gen_ai.usage.input_tokens": 9])
        #expect(counted?.metering.quality == .unbilled)
        #expect(counted?.level == .call)
    }

    @Test func `an error that used tokens is billed as it was reported`() {
        let span = Self.made.span("chat", ["gen_ai.usage.input_tokens": 9], status: 2)
        #expect(span?.metering.quality == .exact)
        #expect(span?.outcome.ending == .providerError)
    }

    @Test(arguments: [
        ("gcp.vertex_ai", "gemini-2.5-pro", "google", "gemini-2.5-pro"),
        ("x_ai", "grok-4.7", "xai", "grok-4.7"),
        ("strands-agents", "anthropic/claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"),
        ("", "models/gemini-2.5-flash", "google", "gemini-2.5-flash"),
        ("groq", "openai/gpt-oss-120b", "groq", "openai/gpt-oss-120b"),
        ("", "groq/openai/gpt-oss-120b", "groq", "openai/gpt-oss-120b"),
        ("langchain", "us.anthropic.claude-opus-5-5", "aws", "us.anthropic.claude-opus-5-5"),
        ("openrouter", "anthropic/claude-sonnet-4-5", "openrouter", "anthropic/claude-sonnet-4-5"),
        ("_OTHER", "house-model", "unknown", "house-model"),
        ("google.generative-ai", "gemini-2.5-pro", "google", "gemini-2.5-pro"),
        ("House", "house-model", "house", "house-model"),
    ])
    func `providers have the price book's names, and models none before them`(
        _ row: (declared: String, model: String, provider: String, name: String)
    ) {
        let span = Self.made.span(
            "chat",
            [
                "gen_ai.operation.name": "chat", "gen_ai.provider.name": .string(row.declared),
                "gen_ai.response.model": .string(row.model),
            ]
        )
        #expect(span?.service.provider == row.provider)
        #expect(span?.service.model == row.name)
    }

    @Test func `what is near is said first, names before ids, and nothing twice`() {
        let made = MadeRecord(
            scope: "house",
            resource: ["team.name": "marketing", "project.name": "content", "gen_ai.agent.id": "a-1"]
        )
        let span = made.span(
            "chat",
            [
                "gen_ai.agent.id": "a-1", "gen_ai.agent.name": "writer", "team": "marketing",
                "user.email": "d@example.com",
            ]
        )
        #expect(
            span?.claims.map { "\($0.dimension)=\($0.value)" } == [
                "agent=writer", "team=marketing", "agent=a-1", "user=d@example.com", "project=content",
            ]
        )
    }

    @Test func `the tier and the fast mode of a call choose its price, plain words for plain do not`() {
        let tier: Entries = ["gen_ai.operation.name": "chat", "openai.response.service_tier": "priority"]
        #expect(Self.made.span("chat", tier)?.service.context.serviceTier == "priority")
        let made = MadeRecord(scope: "com.anthropic.claude_code.events")
        for (speed, expected) in [("fast", "fast"), ("normal", nil)] as [(String, String?)] {
            let log = made.log(body: "claude_code.api_request", ["speed": .string(speed), "input_tokens": 1])
            #expect(log?.service.context.speed == expected)
        }
    }

    @Test func `a subscription's calls are notional`() {
        let claude = MadeRecord(scope: "com.anthropic.claude_code.events")
        let log = claude.log(body: "claude_code.api_request", ["anthropic.plan": "max", "input_tokens": 1])
        #expect(log?.isNotional == true)
        let codex = MadeRecord(scope: "codex_otel.log_only").log([
            "event.name": "codex.sse_event", "event.kind": "response.completed", "input_token_count": "5",
            "auth_mode": "Chatgpt", "model": "gpt-5.1-codex",
        ])
        #expect(codex?.isNotional == true)
    }

    @Test func `a turn's cost is never added to what its calls cost`() {
        let made = MadeRecord(scope: "codex_otel.log_only")
        #expect(made.log(["event.name": "codex.turn_cost", "usage.estimated_usd": "0.0043210987"]) == nil)
        let reading = MadeRecord(scope: "codex").point("codex.turn.cost_microusd", .integer(4321), ["turn.id": "t"])
        #expect(reading.points.isEmpty)
        #expect(reading.accepted == 1)
    }

    @Test func `a failed request of Claude Code is a call that nobody bills`() {
        let log = MadeRecord(scope: "com.anthropic.claude_code.events").log(
            body: "claude_code.api_error",
            ["status_code": "529", "request_id": "req_1", "model": "claude-sonnet-4-5"]
        )
        #expect(log?.metering.quality == .unbilled)
        #expect(log?.outcome.status == 529)
        #expect(log?.names == ["request:req_1"])
    }

    @Test(
        arguments: [
            (UInt64(0), UInt64(0), nil), (5, 6, nil), (MadeRecord.time, 0, 0), (0, MadeRecord.time, 0),
            (MadeRecord.time + 5_000, MadeRecord.time, 5),
        ] as [(UInt64, UInt64, Int64?)]
    )
    func `a span needs one plausible time; it never ends before it begins`(
        _ row: (start: UInt64, end: UInt64, offset: Int64?)
    ) {
        var span = SpanRecord()
        (span.trace, span.span, span.start, span.end) = (1, 2, row.start, row.end)
        var reading = TelemetryReading(profiles: TelemetryProfiles(), spellings: Spellings())
        reading.take(span, in: RecordContext())
        let expected = row.offset.map { Timestamp(microseconds: Int64(MadeRecord.time / 1000) + $0) }
        #expect(reading.observations.first?.start == expected)
        #expect(reading.observations.first?.end == expected)
        #expect(reading.rejections == (expected == nil ? [.badTime: 1] : [:]))
    }

    @Test func `a log's time may be when it was seen, or among its attributes`() {
        var log = LogRecord()
        log.attributes = Attributes([
            "event.name": "codex.sse_event", "event.kind": "response.completed",
            "input_token_count": "5", "event.timestamp": "2026-11-21T01:36:23.643Z",
        ])
        var context = RecordContext()
        context.scopeName = "codex_otel.log_only"
        var reading = TelemetryReading(profiles: TelemetryProfiles(), spellings: Spellings())
        reading.take(log, in: context)
        #expect(reading.observations.first?.end == Timestamp(rfc3339: "2026-11-21T01:36:23.643Z"))
        log.observed = MadeRecord.time
        reading.take(log, in: context)
        #expect(reading.observations.last?.end.microseconds == Int64(MadeRecord.time / 1000))
        #expect(reading.observations.first?.identity == reading.observations.last?.identity)
    }

    @Test func `ids that are missing and counters that cannot be counted are refused by name`() {
        var reading = TelemetryReading(profiles: TelemetryProfiles(), spellings: Spellings())
        reading.take(SpanRecord(), in: RecordContext())
        #expect(reading.rejections == [.missingIDs: 1])
        let made = MadeRecord(scope: "openclaw")
        let input: Entries = ["openclaw.token": "input"]
        let refusals: [(TelemetryRejection, PointRecord.Number?, (inout PointRecord) -> Void)] = [
            (.gauge, .integer(1), { $0.shape = .gauge }), (.summary, .integer(1), { $0.shape = .summary }),
            (.nonMonotonic, .integer(1), { $0.isMonotonic = false }),
            (.unknownTemporality, .integer(1), { $0.temporality = 0 }), (.noSum, nil, { $0.shape = .histogram }),
            (.badNumber, .integer(-1), { _ in }), (.badNumber, .double(.nan), { _ in }),
            (.badTime, .integer(1), { $0.time = 7 }),
        ]
        for (reason, value, change) in refusals {
            #expect(made.point("openclaw.tokens", value, input, change: change).rejections == [reason: 1])
        }
        let none = made.point("openclaw.tokens", nil, input) { $0.flags = 1 }
        #expect((none.rejections, none.points, none.accepted) == ([:], [], 1))
        let zero = made.point("openclaw.tokens", .double(0), input)
        #expect(zero.points.map(\.reading.value) == [0])
    }

    @Test func `the newer counters of the conventions hold their caches, and reasoning twice is not counted`() {
        let prefix = "gen_ai.client.inference.usage."
        let roles: [(String, CounterReading.Role?)] = [
            ("input_tokens", .inputWithCache), ("cache_read.input_tokens", .cacheRead),
            ("cache_write.input_tokens", .cacheWrite), ("output_tokens", .output), ("reasoning.output_tokens", nil),
        ]
        for (name, role) in roles {
            let reading = Self.made.point(prefix + name, .integer(3), ["gen_ai.token.modality": "text"])
            #expect(reading.points.map(\.reading.role) == [role].compactMap(\.self))
        }
    }
}
