import Foundation
import Testing

extension Promises {
    /// Responses that run in the background, in the real ledger.
    @Suite struct BackgroundTests {
        private static let begun = #"""
            {"id":"resp_1","object":"response","model":"gpt-4o-mini","status":"queued","background":true,"output":[],
             "usage":null}
            """#
        private static let done = #"""
            {"id":"resp_1","object":"response","model":"gpt-4o-mini","status":"completed","background":true,"output":[],
             "usage":{"input_tokens":1000,"output_tokens":500,"total_tokens":1500}}
            """#

        @Test(.timeLimit(.minutes(1)))
        func `once: a fetched response costs whom it was begun by, and no unmetered call stays`()
            async throws
        {
            let scratch = try Scratch()
            let recordings = ["begin": Self.begun, "resp_1": Self.done].mapValues {
                ["type": "application/json", "body": $0]
            }
            let json = try JSONSerialization.data(withJSONObject: recordings)
            try scratch.write(String(decoding: json, as: UTF8.self), to: "recordings.json")
            let installation = try await Installation.withProvider(
                script: "replay_upstream.py",
                [scratch.path("recordings.json")],
                in: scratch
            )
            let growth = try await installation.makeKey("growth", "--tag", "team=growth")
            let operations = try await installation.makeKey("operations", "--tag", "team=operations")
            let path = "/openai/v1/responses"
            let body = #"{"model":"gpt-4o-mini","background":true,"input":"Hello"}"#
            _ = try installation.call(path, key: growth, headers: [("x-replay", "begin")], body: body)
            #expect(try await installation.spend(by: "team").total.unmeteredCalls == 1)
            for _ in 0..<2 {
                var fetch = installation.request("\(path)/resp_1", key: operations, body: "")
                fetch.method = "GET"
                #expect(try HTTP.exchange(fetch, with: installation.gateway).status == 200)
            }
            let report = try await installation.spend(by: "team")
            #expect(report.total.unmeteredCalls == 0)
            #expect(report.total.costUSD == "0.00045")
            #expect(report.rows.first { $0.key == ["team": "growth"] }?.costUSD == "0.00045")
            #expect(try await installation.verify().differences.isEmpty)
        }
    }
}
