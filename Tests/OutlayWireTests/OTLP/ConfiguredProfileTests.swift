import OutlayCore
import OutlayWire
import Testing

/// Emitters that operators describe themselves.
@Suite struct ConfiguredProfileTests {
    static var house: ConfiguredProfile {
        var house = EmitterSettings(name: "house-agent", scopes: ["house.*"], services: ["house-worker"])
        house.leading = .log
        house.inputIncludesCache = false
        house.attributes = [
            .input: ["house.in"], .output: ["house.out"], .cacheRead: ["house.cached"], .model: ["house.model"],
            .provider: ["house.vendor"], .cost: ["house.usd"], .responseID: ["house.answer"],
        ]
        house.events = ["house.call"]
        house.sums = ["house.turn"]
        house.metrics = [
            EmitterSettings.Metric(
                name: "house.tokens",
                typeAttribute: "kind",
                counts: ["in": .input, "out": .output, "cached": .cacheRead]
            ),
            EmitterSettings.Metric(name: "house.cost", counts: ["": .cost]),
        ]
        return ConfiguredProfile(house)
    }

    static let usage: KeyValuePairs<String, AttributeValue> = [
        "house.in": 1500, "house.out": "53", "house.cached": 1024, "house.model": "gpt-4o-mini",
        "house.vendor": "openai", "house.usd": "0.0002", "house.answer": "resp_1",
    ]

    @Test func `an operator's words are read as those of any other emitter`() throws {
        let made = MadeRecord(scope: "house.llm")
        let log = try #require(made.log(event: "house.call", Self.usage, configured: [Self.house]))
        #expect(
            log.line
                == "house-agent leading openai/responses gpt-4o-mini: cache_read 1024, input 1500, output 53"
        )
        #expect(log.reportedCost == Money(dollars: "0.0002"))
        #expect(log.names == ["response:resp_1"])
        let span = try #require(made.span("call", Self.usage, configured: [Self.house]))
        #expect(span.authority == .echo)
        #expect(made.span("house.turn", Self.usage, configured: [Self.house])?.level == .aggregate)
    }

    @Test func `its metrics count what their points are said to`() {
        let made = MadeRecord(scope: "x", service: "house-worker")
        let tokens = made.point("house.tokens", .integer(5), ["kind": "in"], configured: [Self.house])
        let cost = made.point("house.cost", .double(0.5), [:], configured: [Self.house])
        #expect(tokens.points.map(\.reading.role) == [.input])
        #expect(cost.points.map(\.reading.value) == [500_000_000_000])
        #expect(made.point("house.tokens", .integer(5), ["kind": "all"], configured: [Self.house]).points.isEmpty)
    }

    @Test func `it is asked before the profiles of the program, and only for what it names`() {
        let mine = ConfiguredProfile(EmitterSettings(name: "mine", scopes: ["litellm"]))
        #expect(MadeRecord(scope: "litellm").span("x", [:], configured: [mine])?.emitter == "mine")
        #expect(MadeRecord(scope: "other").span("x", [:], configured: [Self.house])?.emitter == "otel-genai")
    }

    @Test func `everything an operator names is kept from the bytes`() throws {
        let json = #"""
            {"resourceLogs":[{"scopeLogs":[{"scope":{"name":"house.llm"},"logRecords":[{"timeUnixNano":
            "1795224556000000000","body":{"stringValue":"house.call"},"attributes":[
            {"key":"house.in","value":{"intValue":7}},{"key":"prompt","value":{"stringValue":"a secret"}}]}]}]}]}
            """#
        let reading = try reading(Array(json.utf8), .json, .logs, configured: [Self.house])
        #expect(reading.observations.first?.metering.total == [.input: 7])
        #expect(!String(describing: reading.observations).contains("a secret"))
    }
}
