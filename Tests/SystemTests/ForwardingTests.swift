import Foundation
import Testing

extension Promises {
    /// What the provider sees of a call: the caller's bytes, under the provider's key.
    @Suite struct ForwardingTests {
        /// The request as it reached the provider, which answers with it.
        private struct Echo: Decodable {
            var headers: [String: String]
            var body: String
        }

        private static func start() async throws -> (installation: Installation, key: String) {
            let scratch = try Scratch()
            let file = try scratch.write("{}", to: "recordings.json")
            let installation = try await Installation.withProvider(script: "replay_upstream.py", [file], in: scratch)
            return (installation, try await installation.makeKey("forwarding", "--tag", "team=growth"))
        }

        private static func echo(
            _ path: String,
            _ headers: [(String, String)],
            _ body: String,
            in place: (installation: Installation, key: String)
        ) throws -> Echo {
            let all = headers + [("x-replay", "echo")]
            let answer = try place.installation.call(path, key: place.key, headers: all, body: body)
            return try JSONDecoder().decode(Echo.self, from: answer.body)
        }

        static let own = [
            ("x-team", "growth"), ("x-project", "p"), ("x-user", "u"), ("x-run", "r"), ("x-task", "t"),
            ("x-feature", "f"), ("x-outlay-tags", "tier=gold"), ("x-cost-center", "cc-1"),
        ]
        static let theirs = [
            ("openai-organization", "org-1"), ("openai-beta", "assistants=v2"), ("x-stainless-retry-count", "1"),
            ("user-agent", "OpenAI/Python 3.52.0"), ("idempotency-key", "abc"),
        ]

        @Test(.timeLimit(.minutes(1)))
        func `the provider gets the caller's body and headers, its own key, and none of our headers`() async throws {
            let place = try await Self.start()
            let body =
                "{ \"model\" :\"gpt-4o-mini\",\n\t\"messages\":[{\"role\":\"user\",\"content\":\"\\u00e9 ö 😀\"}] }"
            let echo = try Self.echo("/openai/v1/chat/completions", Self.own + Self.theirs, body, in: place)
            #expect(echo.body == body)
            #expect(echo.headers["authorization"] == "Bearer \(Installation.providerKey)")
            for (name, _) in Self.own { #expect(echo.headers[name] == nil, "\(name) must not reach the provider") }
            for (name, value) in Self.theirs { #expect(echo.headers[name] == value, "\(name)") }
            let values = echo.headers.values.joined(separator: "\n")
            #expect(!values.contains(place.key))
        }

        @Test(.timeLimit(.minutes(1)))
        func `a stream is asked for its usage and is otherwise sent as it came`() async throws {
            let place = try await Self.start()
            let body = #"{"model":"gpt-4o-mini", "stream":true, "messages":[{"role":"user","content":"Hi"}]}"#
            let echo = try Self.echo("/openai/v1/chat/completions", [], body, in: place)
            var sent = try #require(try JSONSerialization.jsonObject(with: Data(echo.body.utf8)) as? [String: Any])
            let options = sent.removeValue(forKey: "stream_options") as? [String: Bool]
            #expect(options == ["include_usage": true])
            let original = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? NSDictionary
            #expect(sent as NSDictionary == original)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a caller who brings the provider's key keeps it and names himself beside it`() async throws {
            let place = try await Self.start()
            let file = place.installation.scratch.path("outlay.yaml")
            let own =
                "  - { name: own, dialect: openai, base_url: \"\(place.installation.provider)/v1\", key: client }\n"
            try place.installation.scratch.write(
                try String(contentsOfFile: file, encoding: .utf8) + own,
                to: "outlay.yaml"
            )
            await place.installation.stop()
            try await place.installation.restart()
            let body = #"{"model":"gpt-4o-mini","messages":[]}"#
            let headers = [("x-outlay-key", place.key), ("x-replay", "echo")]
            let request = place.installation.request(
                "/u/own/v1/chat/completions",
                key: "sk-mine",
                headers: headers,
                body: body
            )
            let answer = try HTTP.exchange(request, with: place.installation.gateway)
            let echo = try JSONDecoder().decode(Echo.self, from: answer.body)
            #expect(echo.headers["authorization"] == "Bearer sk-mine")
            #expect(echo.headers["x-outlay-key"] == nil)
        }
    }
}
