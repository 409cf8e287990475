import OutlayCore
import OutlayWire
import Testing

/// What is kept of a request, and what is refused.
@Suite struct TelemetryReaderTests {
    private static let ids = #""traceId":"6730ac285e4fbdbda339d7b62559a72f","spanId":"c83ab6b1b0d0f4c7""#

    /// A request of one span with these attributes, each `key: AnyValue`.
    private func spans(_ attributes: [(String, String)], more: String = "") -> String {
        let pairs = attributes.map { #"{"key":"\#($0.0)","value":\#($0.1)}"# }.joined(separator: ",")
        return #"{"resourceSpans":[{"scopeSpans":[{"spans":[{\#(Self.ids)\#(more),"attributes":[\#(pairs)]}]}]}]}"#
    }

    private func kept(
        _ attributes: [(String, String)],
        _ interest: AttributeInterest,
        limits: TelemetryLimits = TelemetryLimits()
    ) throws -> [Attributes.Entry] {
        let sink = try telemetry(spans(attributes), .traces, interest: interest, limits: limits)
        return try #require(sink.spans.first).attributes.entries
    }

    // MARK: - Attributes

    @Test func `only attributes somebody asked for are kept`() throws {
        let interest = AttributeInterest(attributes: ["gen_ai.usage.input_tokens", "langsmith.metadata.*"])
        let kept = try kept(
            [
                ("gen_ai.input.messages", #"{"stringValue":"a secret"}"#),
                ("gen_ai.usage.input_tokens", #"{"intValue":"211"}"#),
                ("gen_ai.usage.input_tokens_more", #"{"intValue":"1"}"#),
                ("langsmith.metadata.team", #"{"stringValue":"growth"}"#),
                ("langsmith.metadata", #"{"stringValue":"x"}"#),
            ],
            interest
        )
        #expect(
            kept == [
                .init("gen_ai.usage.input_tokens", .integer(211)), .init("langsmith.metadata.team", .string("growth")),
            ]
        )
    }

    @Test(arguments: ["team.name", "TEAM_ID", "x-team", "outlay.team", "X-Outlay-Team", "cost-centre", "te\\u0061m"])
    func `attributes that are spelled like a tag are kept`(_ name: String) throws {
        let kept = try kept(
            [("teams", #"{"stringValue":"no"}"#), (name, #"{"stringValue":"growth"}"#)],
            AttributeInterest(attributes: [], spellings: Spellings())
        )
        #expect(kept.map(\.value) == [.string("growth")])
    }

    @Test func `a long text is dropped, unless it is one that may be large`() throws {
        let short = String(repeating: "a", count: 512)
        let interest = AttributeInterest(attributes: ["short", "long", "escaped"], large: ["usage"])
        let kept = try kept(
            [
                ("short", #"{"stringValue":"\#(short)"}"#), ("long", #"{"stringValue":"\#(short)a"}"#),
                ("escaped", #"{"stringValue":"\n\#(short)"}"#), ("usage", #"{"stringValue":"\#(short)\n\#(short)"}"#),
            ],
            interest
        )
        #expect(kept == [.init("short", .string(short)), .init("usage", .string("\(short)\n\(short)"))])
    }

    @Test(arguments: [
        (#"{\"id\":\"resp_1\",\"output\":\"secret\"}"#, "resp_1"),
        (#"{\"output\":{\"id\":\"inner\"},\"id\":\"resp_2\"}"#, "resp_2"),
        (#"{\"output\":[{\"id\":\"inner\"}]}"#, nil),
        (#"{\"id\":12}"#, nil),
        (#"{\"id\":\"\"}"#, nil),
        (#"[\"id\",\"resp\"]"#, nil),
        (#"{\"id\":\"resp_3\" and then no JSON"#, "resp_3"),
        ("plain text", nil),
        ("", nil),
    ])
    func `of a model's output only the id is kept`(_ output: (text: String, id: String?)) throws {
        let attributes = [("output.value", #"{"stringValue":"\#(output.text)"}"#)]
        let kept = try kept(attributes, AttributeInterest(attributes: [], idOnly: ["output.value"]))
        #expect(kept == output.id.map { [.init("output.value", .string($0))] } ?? [])
    }

    @Test func `a value that is a list or bytes is not kept`() throws {
        let values = [
            #"{"arrayValue":{"values":[{"stringValue":"a"}]}}"#, #"{"bytesValue":"AAEC"}"#, "{}", "null",
            #"{"kvlistValue":{"values":[{"key":"a","value":{"intValue":1}}]}}"#,
        ]
        #expect(try kept(values.map { ("a", $0) }, .all) == [])
    }

    @Test func `of two kinds of value the last one counts`() throws {
        let value = #"{"intValue":"1","stringValue":"two","boolValue":null}"#
        #expect(try kept([("a", value)], .all) == [.init("a", .string("two"))])
    }

    @Test func `a record with too many attributes is refused, and only that one`() throws {
        var limits = TelemetryLimits()
        (limits.attributes, limits.keptAttributes) = (5, 3)
        let interest = AttributeInterest(attributes: ["kept"])
        for (name, count, isTaken) in [("kept", 3, true), ("kept", 4, false), ("other", 5, true), ("other", 6, false)] {
            let attributes = Array(repeating: (name, #"{"intValue":1}"#), count: count)
            let sink = try telemetry(spans(attributes), .traces, interest: interest, limits: limits)
            #expect(sink.rejections == (isTaken ? [] : [.tooLong]), "\(count) \(name)")
        }
    }

    // MARK: - Fingerprints

    @Test func `the fingerprint does not depend on the order of attributes, and on all else`() throws {
        let one = ("a", #"{"intValue":1}"#)
        let two = ("b", #"{"stringValue":"x"}"#)
        func fingerprint(_ attributes: [(String, String)], _ interest: AttributeInterest = .all) throws -> UInt128 {
            let sink = try telemetry(spans(attributes), .traces, interest: interest)
            return try #require(sink.spans.first).attributes.fingerprint
        }
        let nothing = AttributeInterest(attributes: [])
        #expect(try fingerprint([one, two]) == fingerprint([two, one]))
        #expect(try fingerprint([one, two]) == fingerprint([one, two], nothing))
        let different = try [
            fingerprint([]), fingerprint([one]), fingerprint([two]), fingerprint([one, two]), fingerprint([one, one]),
            fingerprint([("a", #"{"doubleValue":1}"#)]), fingerprint([("a", #"{"stringValue":"1"}"#)]),
            fingerprint([("a", #"{"boolValue":true}"#)]), fingerprint([("a", "null")]),
            fingerprint([("a", #"{"bytesValue":"MQ=="}"#)]), fingerprint([("a", #"{"intValue":-1}"#)]),
            fingerprint([("a", #"{"arrayValue":{"values":[{"intValue":1}]}}"#)]),
            fingerprint([("a", #"{"arrayValue":{}}"#)]), fingerprint([("a", #"{"kvlistValue":{}}"#)]),
            fingerprint([("ab", #"{"stringValue":"c"}"#)]), fingerprint([("a", #"{"stringValue":"bc"}"#)]),
            fingerprint([("a", #"{"stringValue":""}"#)]), fingerprint([("a", #"{"stringValue":"\u0000"}"#)]),
        ]
        #expect(Set(different).count == different.count)
    }

    @Test func `the fingerprint is the same in every process and version`() throws {
        let attributes = [("team", #"{"stringValue":"growth"}"#), ("tokens", #"{"intValue":"1207"}"#)]
        let sink = try telemetry(spans(attributes), .traces)
        #expect(sink.spans.first?.attributes.fingerprint == 204_801_481_959_478_833_286_440_152_010_277_593_235)
    }

    @Test func `escapes do not show in the fingerprint`() throws {
        let plain = try telemetry(spans([("äb", #"{"stringValue":"line / 😀 and more text"}"#)]), .traces)
        let text = #"{"stringValue":"\u006cine \/ \ud83d\ude00 and\u0020more text"}"#
        let escaped = try telemetry(spans([("\\u00e4b", text)]), .traces)
        #expect(plain == escaped)
    }

    // MARK: - Records

    @Test(arguments: [
        (#""traceId":"00000000000000000000000000000000","spanId":"c83ab6b1b0d0f4c7""#, false),
        (#""traceId":"6730ac285e4fbdbda339d7b62559a72f","spanId":"0000000000000000""#, false),
        (#""traceId":"6730ac285e4fbdbda339d7b62559a7","spanId":"c83ab6b1b0d0f4c7""#, false),
        (#""traceId":"6730ac285e4fbdbda339d7b62559a72g","spanId":"c83ab6b1b0d0f4c7""#, false),
        (#""traceId":"6730ac285e4fbdbda339d7b62559a72f""#, false),
        (#""traceId":null,"spanId":"c83ab6b1b0d0f4c7""#, false),
        (#""traceId":"ZzCsKF5Pvb2jOde2JVmnLw==","spanId":"yDq2sbDQ9Mc=""#, false),
        (#""traceId":"6730AC285E4FBDBDA339D7B62559A72F","spanId":"C83AB6B1B0D0F4C7","parentSpanId":"""#, true),
        (#""traceId":"6730ac285e4fbdbda339d7b62559a72f","spanId":"c83ab6b1b0d0f4c7","parentSpanId":"12""#, false),
    ])
    func `a span needs both of its ids`(_ row: (ids: String, isTaken: Bool)) throws {
        let sink = try telemetry(#"{"resourceSpans":[{"scopeSpans":[{"spans":[{\#(row.ids)}]}]}]}"#, .traces)
        #expect(sink.rejections == (row.isTaken ? [] : [.missingIDs]))
        for span in sink.spans {
            #expect(span.trace == 0x6730_ac28_5e4f_bdbd_a339_d7b6_2559_a72f)
            #expect((span.span, span.parent) == (0xc83a_b6b1_b0d0_f4c7, 0))
        }
    }

    @Test func `a log needs no ids, and its body is kept where it is one that was asked for`() throws {
        let text = #"""
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[
            {"body":{"stringValue":"claude_code.api_request"},"traceId":"","timeUnixNano":1795224588008000000},
            {"body":{"stringValue":"what the user said"},"spanId":"12"},
            {"body":{"stringValue":"greet\u0069ng"}},{"body":null},{}]}]}]}
            """#
        let logs = try telemetry(text, .logs).logs
        #expect(logs.map(\.body) == ["claude_code.api_request", nil, "greeting", nil, nil])
        #expect(logs.map(\.trace) == [0, 0, 0, 0, 0])
        #expect(logs.first?.time == 1_795_224_588_008_000_000)
    }

    @Test func `names of enumerations are understood too`() throws {
        let more = #","kind":"SPAN_KIND_CLIENT","status":{"code":"STATUS_CODE_ERROR"}"#
        let span = try #require(try telemetry(spans([], more: more), .traces).spans.first)
        #expect((span.kind, span.status) == (3, 2))
    }

    // MARK: - Points

    private func metrics(_ data: String, name: String = "openclaw.tokens") -> String {
        #"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"\#(name)","unit":"1",\#(data)}]}]}]}"#
    }

    @Test(arguments: [
        (#""gauge":{"dataPoints":[{"asInt":1},{}]}"#, [TelemetryRejection.gauge, .gauge]),
        (#""summary":{"dataPoints":[{"sum":1}]}"#, [.summary]),
        (#""sum":{"dataPoints":[{"asInt":1}],"isMonotonic":true}"#, [.unknownTemporality]),
        (#""sum":{"dataPoints":[{"asInt":1}],"isMonotonic":true,"aggregationTemporality":3}"#, [.unknownTemporality]),
        (#""sum":{"dataPoints":[{"asInt":1}],"aggregationTemporality":2}"#, [.nonMonotonic]),
        (#""sum":{"dataPoints":[{}],"aggregationTemporality":2,"isMonotonic":true}"#, [.badNumber]),
        (
            #""sum":{"isMonotonic":true,"aggregationTemporality":1,"dataPoints":[{"asDouble":"NaN"},{"asInt":1}]}"#,
            [.badNumber]
        ),
        (#""histogram":{"dataPoints":[{"count":"1"}],"aggregationTemporality":1}"#, [.noSum]),
        (#""histogram":{"dataPoints":[{"sum":"-Infinity"}],"aggregationTemporality":1}"#, [.badNumber]),
        (#""exponentialHistogram":{"dataPoints":[{"sum":1.5,"flags":1}],"aggregationTemporality":2}"#, []),
        (#""histogram":null"#, []),
    ])
    func `points that cannot be counted are refused, each with its reason`(
        _ row: (data: String, reasons: [TelemetryRejection])
    ) throws {
        #expect(try telemetry(metrics(row.data), .metrics).rejections == row.reasons)
        let others = AttributeInterest(attributes: [], metrics: ["openclaw.cost.usd", "claude_code.*"])
        #expect(try telemetry(metrics(row.data), .metrics, interest: others) == RecordingSink())
    }

    @Test func `a metric's name may come after its points`() throws {
        let points = #"{"dataPoints":[{"asInt":"5"}],"isMonotonic":true,"aggregationTemporality":2}"#
        let text = """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"sum":\(points),"unit":"{token}","name":"b.tokens"}],
            "scope":{"name":"late"}}],
            "resource":{"attributes":[{"value":{"stringValue":"app"},"key":"service.name"}]}}]}
            """
        let interest = AttributeInterest(attributes: ["service.name"], metrics: ["b.*"])
        let sink = try telemetry(text, .metrics, interest: interest)
        let point = try #require(sink.points.first)
        #expect((point.metric, point.unit, point.value) == ("b.tokens", "{token}", .integer(5)))
        #expect(sink.contexts.first?.scopeName == "late")
        #expect(sink.contexts.first?.resource["service.name"] == .string("app"))
    }
}
