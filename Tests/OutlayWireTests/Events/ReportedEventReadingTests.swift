import OutlayCore
import OutlayWire
import Testing

/// What a body of events means, and what is said of one that means nothing.
@Suite struct ReportedEventReadingTests {
    private func batch(_ text: String, countMax: Int = 100) throws -> ReportedEvent.Batch {
        try ReportedEvent.Batch(Array(text.utf8), countMax: countMax)
    }

    @Test(arguments: [
        (#"{"id":"a"}"#, ["a"]),
        (#"  [ {"id":"a"} , {"id":"b"} ]  "#, ["a", "b"]),
        (#"{"events":[{"id":"a"},{"id":"b","tags":{"x":"[{"}}]}"#, ["a", "b"]),
        ("{\"id\":\"a\"}\n{\"id\":\"b\"}\n", ["a", "b"]),
        ("{\"id\":\"a\"}\r\n\r\n{\"id\":\"b\"}", ["a", "b"]),
        ("{\n \"id\": \"a\"\n}\n{ \"id\": \"b\" }", ["a", "b"]),
        (#"[{"id":"a"}][{"id":"b"}]"#, ["a", "b"]),
    ])
    func `events come alone, in a list, in a wrapper or one per line`(text: String, ids: [String]) throws {
        let found = try batch(text)
        #expect(found.problems == [])
        #expect(found.reports.map(\.id) == ids)
    }

    @Test(arguments: [
        ("", "no events"), ("[]", "no events"), ("{", "ends inside"), ("[{}", "ends inside"), ("{]", "byte 1"),
        ("\u{FEFF}{}", "byte 0"), (#"{"events":[{}],"more":1}"#, "Beside 'events'"), ("nul", "ends inside"),
        (String(repeating: "[", count: 200), "deeper"), (#"[{},{},{},{}]"#, "More than 3"),
        ("{}\n{}\n{}\n{}", "More than 3"), (#"{"a":NaN}"#, "byte 5"),
    ])
    func `a body that holds no events says why`(text: String, words: String) {
        #expect {
            try ReportedEvent.Batch(Array(text.utf8), countMax: 3)
        } throws: { error in
            (error as? EventBodyProblem)?.message.contains(words) ?? false
        }
    }

    @Test func `every field is read`() throws {
        let text = """
            {"id":"e-1","kind":"call","at":"2026-11-20T12:00:00+01:00","provider":"openai","api":"responses",
             "model":"gpt-5","requested_model":"gpt-5-latest","service_tier":"flex","region":"eu",
             "usage":{"input":10,"cache_read":5,"output":3,"audio_seconds":1.25},"calls":2,
             "reported_cost_usd":"0.0021","currency":"usd","tags":{"team":"growth","build":17,"old":null,"beta":true},
             "run":"r1","response_id":"resp_1","request_id":"req_1","trace_id":"0AF7651916cd43dd8448eb211c80319c",
             "span_id":"b7ad6b7169203331","cache_hit":false,"notional":true,"status":200,"latency_ms":1500}
            """
        let report = try #require(try batch(text).reports.first)
        #expect(report.at == Timestamp(rfc3339: "2026-11-20T11:00:00Z"))
        #expect(report.usage == [.input: 10, .cacheRead: 5, .output: 3, .audioSeconds: 1250])
        #expect(report.context.serviceTier == "flex" && report.context.region == "eu")
        #expect(report.reportedCost == Money(dollars: "0.0021"))
        #expect(report.calls == 2 && report.isNotional && !report.isCacheHit)
        #expect(report.tags.map(\.name) == ["run", "team", "build", "beta"])
        #expect(report.tags.map(\.value) == ["r1", "growth", "17", "true"])
        #expect(report.links.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(report.links.responseID == "resp_1" && report.links.requestID == "req_1")
        #expect(report.outcome.latencyMicroseconds == 1_500_000)
    }

    @Test func `the plain record counts cached tokens apart and its estimate is the reported cost`() throws {
        let text = """
            {"tags":{"team":"growth"},"prompt_tokens":100,"cached_tokens":40,"completion_tokens":7,"model":"gpt-4o",
             "cost_estimate":1.5e-05}
            """
        let report = try #require(try batch(text).reports.first)
        #expect(report.usage == [.input: 60, .cacheRead: 40, .output: 7])
        #expect(report.reportedCost == Money(dollars: "0.000015"))
        #expect(report.id == nil && report.at == nil)
    }

    @Test(arguments: [
        (#"{"modle":"x"}"#, "'modle' is no field of an event; did you mean 'model'?"),
        (#"{"team":"x"}"#, "'team' is a tag: write it below 'tags'"),
        (#"{"id":""}"#, "'id' must be 1 to 512 bytes of plain text"),
        (#"{"id":"\#(String(repeating: "é", count: 257))"}"#, "'id' must be 1 to 512 bytes of plain text"),
        (#"{"id":7}"#, "'id' must be a string"),
        (#"{"id":"a","id":"b"}"#, "'id' is there twice"),
        (#"{"at":"yesterday"}"#, "'at' must be a time"),
        (#"{"at":"1999-12-31T23:59:59Z"}"#, "'at' must be in the years 2000 to 8999"),
        (#"{"at":"9000-01-01T00:00:00Z"}"#, "'at' must be in the years 2000 to 8999"),
        (#"{"usage":{"input":1.5}}"#, "'input' of 'usage' must be a whole number from 0 on"),
        (#"{"usage":{"input":-1}}"#, "'input' of 'usage' must be"),
        (#"{"usage":{"input":1e500}}"#, "'input' of 'usage' must be"),
        (#"{"usage":{"input":1,"input":1}}"#, "there twice"),
        (#"{"usage":{"input_tokens":1}}"#, "did you mean 'input'?"),
        (#"{"usage":{"ouput":1}}"#, "did you mean 'output'?"),
        (#"{"usage":{"held_tokens":1}}"#, "'held_tokens' is no unit"),
        (#"{"usage":{"input":1},"prompt_tokens":1}"#, "given twice"),
        (#"{"prompt_tokens":1,"cached_tokens":2}"#, "'cached_tokens' are part of"),
        (#"{"reported_cost_usd":"-1"}"#, "'reported_cost_usd' must be dollars"),
        (#"{"reported_cost_usd":"1","cost_estimate":1}"#, "send one"),
        (#"{"reported_cost_usd":1e9}"#, "'reported_cost_usd' must be dollars"),
        (#"{"currency":"EUR"}"#, "'currency' must be USD"),
        (#"{"kind":"idea"}"#, "'kind' must be call, tool, compute, human, storage or other"),
        (#"{"kind":"tool"}"#, "a tool is named in 'model'"),
        (#"{"kind":"human"}"#, "needs 'usage' or 'reported_cost_usd'"),
        (#"{"tags":{"cost center":"x"}}"#, "'cost center' cannot name a tag"),
        (#"{"tags":{"team":["x"]}}"#, "the tag 'team' must be a text"),
        (#"{"tags":"x"}"#, "'tags' must be an object"),
        (#"{"trace_id":"00000000000000000000000000000000"}"#, "'trace_id' must be 32 hexadecimal digits"),
        (#"{"calls":0}"#, "'calls' must be a whole number from 1"),
        ("[7]", "an event is a JSON object"), (#"["x"]"#, "an event is a JSON object"),
        (#"{"model":"\#(String(repeating: "x", count: 70_000))"}"#, "longer than"),
    ])
    func `what is wrong is named`(text: String, words: String) throws {
        let found = try batch(text)
        #expect(found.reports.isEmpty)
        #expect(found.problems.contains { $0.message.contains(words) }, "\(found.problems)")
    }

    @Test func `every problem of every record is told at once, up to a hundred`() throws {
        let found = try batch(#"[{"id":"a"},{"id":7,"modle":"x"},{"at":"?"}]"#)
        #expect(found.problems.map(\.index) == [1, 1, 2])
        let many = try batch("[" + String(repeating: #"{"id":1},"#, count: 150) + "{}]", countMax: 200)
        #expect(many.problems.count == 100)
        #expect(many.problemCount == 150)
    }

    @Test func `a record's name is its id, or the request's with its place, or its content where it has a time`() throws
    {
        let text = #"[{"id":"a"},{"at":"2026-11-20T12:00:00Z","model":"x"},{"model":"x"}]"#
        var post = EventPost(reports: try batch(text).reports)
        let names = (0..<3).map { post.name(at: $0) }
        #expect(names[0] == "a")
        #expect(names[1]?.hasPrefix("content-") == true)
        #expect(names[2] == nil)
        var other = post
        other.reports[1].model = "y"
        #expect(other.name(at: 1) != names[1])
        post.idempotencyKey = "batch-7"
        #expect((0..<3).map { post.name(at: $0) } == ["a", "batch-7#1", "batch-7#2"])
    }

    @Test func `the records of a body are found however it is cut short`() {
        let text = Array(#"{"events":[{"id":"a","tags":{"k":"\u00e9\"]}"}},{"usage":{"input":1}}]}"#.utf8)
        for end in text.indices.dropLast() {
            #expect(throws: EventBodyProblem.self) {
                try ReportedEvent.Batch(Array(text[..<end]), countMax: 10)
            }
        }
    }
}
