import OutlayCore
import OutlayWire
import Testing

/// What rows of other people's files mean.
@Suite struct ImportRowTests {
    private func row(_ text: String) throws -> ImportRow {
        try #require(ImportRow(try JSONValue(Array(text.utf8))))
    }

    private func report(_ row: ImportRow, _ format: ImportFormat, tags: [(name: String, value: String)] = []) throws
        -> ReportedEvent
    {
        var desk = ImportDesk(format, tags: tags)
        guard case .ready(let bytes) = desk.outcome(of: row) else {
            Issue.record("not a record: \(format.imported(row))")
            throw EventBodyProblem(message: "not a record")
        }
        return try #require(try ReportedEvent.Batch(bytes, countMax: 1).reports.first)
    }

    private static let log = #"""
        {"request_id":"chatcmpl-7","call_type":"acompletion","api_key":"88dc28d0f030c55ed4ab77ed8faf098196cb1c05",
         "spend":1.25e-05,"total_tokens":130,"prompt_tokens":100,"completion_tokens":30,
         "startTime":"2026-11-20T12:00:00.250000","endTime":"2026-11-20T12:00:01","model":"openai/gpt-4o-mini",
         "model_group":"fast","custom_llm_provider":"openai","user":"u-1","team_id":"t-1","end_user":"acme",
         "cache_hit":"False","status":"success","request_tags":"[\"feature:search\",\"User-Agent: curl\"]",
         "metadata":{"user_api_key_team_alias":"growth","user_api_key_alias":"ci","usage_object":
          {"prompt_tokens_details":{"cached_tokens":40},"cache_creation_input_tokens":10}}}
        """#

    @Test func `a spend log of LiteLLM says who, what and how much, and never its key`() throws {
        let row = try row(Self.log)
        let event = try report(row, .liteLLM)
        #expect(event.id == "chatcmpl-7" && event.links.responseID == "chatcmpl-7")
        #expect(event.at == Timestamp(rfc3339: "2026-11-20T12:00:00.25Z"))
        #expect(event.provider == "openai" && event.model == "gpt-4o-mini" && event.requestedModel == "fast")
        #expect(event.api == "chat.completions")
        #expect(event.usage == [.input: 50, .cacheRead: 40, .cacheWrite5m: 10, .output: 30])
        #expect(event.reportedCost == Money(dollars: "0.0000125"))
        let tags = Dictionary(event.tags.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(
            tags == [
                "team": "growth", "user": "u-1", "customer": "acme", "key_alias": "ci", "feature": "search",
            ]
        )
        #expect(!"\(event)".contains("88dc28d0"))
    }

    @Test func `a spend log exported as a table says the same`() throws {
        let original = try row(Self.log)
        let texts = original.members.map { $0.value.plainText ?? $0.value.text }
        let table = ImportRow(header: original.members.map(\.key), values: texts)
        #expect(try report(table, .liteLLM) == report(original, .liteLLM))
    }

    @Test func `a cache hit of LiteLLM and a failed call are no spend`() throws {
        let hit = try report(row(Self.log.replacing(#""False""#, with: #""True""#)), .liteLLM)
        #expect(hit.isCacheHit)
        let failed = try report(row(Self.log.replacing(#""success""#, with: #""failure""#)), .liteLLM)
        #expect(failed.outcome.ending == .providerError)
    }

    private static let header = [
        "BilledCost", "EffectiveCost", "BillingCurrency", "ChargeCategory", "ChargePeriodStart", "ProviderName",
        "ServiceName", "ConsumedQuantity", "ConsumedUnit", "SkuMeter", "Tags", "SubAccountName", "x_Team",
    ]

    private func bill(_ changes: [String: String] = [:]) -> ImportRow {
        let values = [
            "1.50", "1.25", "USD", "Usage", "2026-11-20T00:00:00Z", "OpenAI", "OpenAI API", "12", "Requests",
            "Input Tokens", #"{"team":"growth","Cost Center":"42"}"#, "ops", "other",
        ]
        return ImportRow(header: Self.header, values: zip(Self.header, values).map { changes[$0.0] ?? $0.1 })
    }

    @Test func `a row of a bill is booked at its effective cost`() throws {
        let event = try report(bill(), .focus(categories: ["Usage"]))
        #expect(event.reportedCost == Money(dollars: "1.25"))
        #expect(event.kind == .other && event.usage == nil && event.calls == 12)
        #expect(event.provider == "openai")
        let tags = Dictionary(event.tags.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(tags == ["team": "growth", "cost_center": "42", "project": "ops"])
    }

    @Test(arguments: [
        (["ChargeCategory": "Tax"], "ChargeCategory Tax"), (["BillingCurrency": "EUR"], "BillingCurrency EUR"),
        (["EffectiveCost": "-3"], "negative cost"), (["EffectiveCost": "0.0"], "no cost"),
    ])
    func `rows that are no spend in dollars are left out and say so`(changes: [String: String], reason: String) {
        guard case .skipped(let told, _) = ImportFormat.focus(categories: ["Usage"]).imported(bill(changes)) else {
            Issue.record("it was not left out")
            return
        }
        #expect(told == reason)
    }

    @Test func `columns are known by their usual names, or as somebody says`() throws {
        let header = [
            "Timestamp", "Model", "Input Tokens", "output_tokens", "Cost", "Team", "tag:colour", "squad", "x",
        ]
        let values = ["2026-11-20 12:00:00", "gpt-4o", "10", "5", "1e-3", "growth", "red", "blue", "?"]
        let format = ImportFormat.table(["squad": "tags.project"])
        let event = try report(ImportRow(header: header, values: values), format, tags: [("team", "late"), ("a", "b")])
        #expect(event.at == Timestamp(rfc3339: "2026-11-20T12:00:00Z"))
        #expect(event.usage == [.input: 10, .output: 5] && event.reportedCost == Money(dollars: "0.001"))
        #expect(event.tags.map { "\($0.name)=\($0.value)" } == ["team=growth", "colour=red", "project=blue", "a=b"])
        #expect(format.unread(header) == ["x"])
    }

    @Test(arguments: [
        ("2026-11-20", "2026-11-20T00:00:00Z"), ("2026-11-20 10:00:00.5", "2026-11-20T10:00:00.5Z"),
        ("2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00Z"), ("1763632800", "2025-11-20T10:00:00Z"),
        ("1763632800.25", "2025-11-20T10:00:00.25Z"), ("1763632800000", "2025-11-20T10:00:00Z"),
        ("2026-11-20 10:00:00 UTC", "2026-11-20T10:00:00Z"),
    ])
    func `times are read as exports write them`(text: String, expected: String) throws {
        let event = try report(ImportRow(header: ["time", "model"], values: [text, "m"]), .table([:]))
        #expect(event.at == Timestamp(rfc3339: expected))
    }

    @Test func `equal rows are several, and the same several every time`() throws {
        func names() throws -> [String] {
            var desk = ImportDesk(.table([:]))
            return try ["m", "m", "n"].map { model in
                let row = ImportRow(header: ["model", "cost"], values: [model, "1"])
                guard case .ready(let bytes) = desk.outcome(of: row) else { return "" }
                return try #require(try ReportedEvent.Batch(bytes, countMax: 1).reports.first?.id)
            }
        }
        #expect(Set(try names()).count == 3)
        #expect(try names() == names())
    }

    @Test func `a row that cannot be booked says why`() {
        var desk = ImportDesk(.table([:]))
        let row = ImportRow(header: ["model", "input_tokens"], values: ["m", "ten"])
        guard case .unreadable(let reasons) = desk.outcome(of: row) else {
            Issue.record("it was read")
            return
        }
        #expect(reasons.contains { $0.contains("prompt_tokens") })
    }
}
