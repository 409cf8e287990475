import Foundation
import Testing

extension Promises {
    /// Whatever is retried, sent again or read again is booked once.
    @Suite struct OnceTests {
        private static let body = #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}"#
        private static let usage = ("x-sandbox-usage", "input=1000,output=500")

        @Test(.timeLimit(.minutes(1)))
        func `once: a retry is another attempt of the same call and both bills count`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("retry")
            let headers = [("x-client-request-id", "order-17"), Self.usage]
            let path = "/openai/v1/chat/completions"
            let first = try installation.call(path, key: key, headers: headers, body: Self.body)
            let second = try installation.call(path, key: key, headers: headers, body: Self.body)
            let events = try await installation.explain(try #require(first.callID))
            #expect(events.map(\.attempt).sorted() == [1, 2])
            #expect(Set(events.map(\.id)) == Set([first.callID, second.callID].compactMap { $0 }))
            #expect(try await installation.spend(by: "model").total.costUSD == "0.0009")
        }

        @Test(.timeLimit(.minutes(1)))
        func `once: a failed attempt costs nothing and the attempt that follows costs its price`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("failed")
            let path = "/openai/v1/chat/completions"
            let headers = [("x-client-request-id", "order-18"), Self.usage]
            let failing = headers + [("x-sandbox-fault", "status=500")]
            let failed = try installation.call(path, key: key, headers: failing, body: Self.body)
            #expect(failed.status == 500)
            let answered = try installation.call(path, key: key, headers: headers, body: Self.body)
            let events = try await installation.explain(try #require(answered.callID))
            #expect(events.map(\.outcome).sorted() == ["completed", "provider_error"])
            #expect(try await installation.spend(by: "model").total.costUSD == "0.00045")
        }

        @Test(.timeLimit(.minutes(1)))
        func `once: reading a stored response again books nothing more`() async throws {
            let scratch = try Scratch()
            let response = #"""
                {"id":"resp_1","object":"response","model":"gpt-4o-mini","status":"completed","output":[],
                 "usage":{"input_tokens":1000,"output_tokens":500,"total_tokens":1500}}
                """#
            let recordings = ["resp_1": ["type": "application/json", "body": response]]
            let json = try JSONSerialization.data(withJSONObject: recordings)
            try scratch.write(String(decoding: json, as: UTF8.self), to: "recordings.json")
            let script = "replay_upstream.py"
            let file = scratch.path("recordings.json")
            let installation = try await Installation.withProvider(script: script, [file], in: scratch)
            let key = try await installation.makeKey("stored")
            let body = #"{"model":"gpt-4o-mini","input":"Hello"}"#
            let path = "/openai/v1/responses"
            let made = try installation.call(path, key: key, headers: [("x-replay", "resp_1")], body: body)
            #expect(made.text == response)
            for _ in 1...3 {
                var request = installation.request("\(path)/resp_1", key: key, body: "")
                request.method = "GET"
                let read = try HTTP.exchange(request, with: installation.gateway)
                #expect(read.text == response)
            }
            let total = try await installation.spend(by: "model").total
            #expect(total.costUSD == "0.00045")
            #expect(total.units("input") == 1000)
        }

        @Test(.timeLimit(.minutes(1)))
        func `once: what was booked is still there, unchanged, after the server was stopped and started`() async throws
        {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("restart")
            for _ in 1...5 {
                let path = "/openai/v1/chat/completions"
                _ = try installation.call(path, key: key, headers: [Self.usage], body: Self.body)
            }
            let before = try await installation.spend(by: "key,model")
            await installation.stop()
            let offline = try await installation.spend(by: "key,model")
            try await installation.restart()
            let after = try await installation.spend(by: "key,model")
            #expect(before.total.calls == 5)
            #expect(before.rows == offline.rows)
            #expect(before.rows == after.rows)
        }
    }
}
