import Foundation
import Testing

extension Promises {
    /// Programs as they are written today, with only base URL and key changed.
    @Suite struct SDKTests {
        struct Summary: Decodable {
            var checks: Int
            var failures: [String]
            /// Attempts that the provider answered with an error, by model.
            var unbilled: [String: Int]
            var retried: String?
        }

        @Test(.timeLimit(.minutes(3)))
        func `the official Python SDKs work unchanged and every call is booked as the provider bills it`() async throws
        {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("sdk", "--tag", "team=sdk")
            let spoken = try await Spoken.by(
                Programs.python,
                [
                    Programs.scriptPath("sdks.py"), "--provider", installation.provider, "--gateway",
                    installation.gateway, "--key", key,
                ],
                in: installation.scratch
            )
            let summary = try spoken.decoded(as: Summary.self)
            for failure in summary.failures { Issue.record("\(failure)") }
            print("Python SDKs: \(summary.checks - summary.failures.count) of \(summary.checks) programs unchanged")
            try await Self.expectBooked(installation, summary)
            try await Self.expectLinked(summary.retried, in: installation)
        }

        /// By model, the ledger and the provider's bill name the same calls and the same units.
        private static func expectBooked(_ installation: Installation, _ summary: Summary) async throws {
            let lines = try ProviderBill(file: installation.bill).calls
            let bill = Dictionary(grouping: lines.filter { $0.clientRequestID?.hasPrefix("gateway-") ?? false }) {
                $0.model
            }
            let report = try await installation.spend(by: "model", "--where", "team=sdk")
            let rows = Dictionary(grouping: report.rows) { $0.tag("model") ?? "" }
            #expect(bill.count == 6)
            for (model, charged) in bill {
                let row = try #require(rows[model]?.first, "\(model) is not in the ledger")
                let free = try await installation.freeCalls(of: model)
                #expect(row.calls == charged.count + (summary.unbilled[model] ?? 0) + free, "\(model)")
                #expect(row.unpricedCalls + row.unmeteredCalls == 0, "\(model)")
                // The embedding's answer says nothing of tokens.
                guard model != "gemini-embedding-001" else {
                    #expect(row.estimatedCalls == charged.count && row.units("input") > 0)
                    continue
                }
                #expect(row.estimatedCalls == 0, "\(model)")
                let units = Set(charged.flatMap(\.usage.keys)).union(row.usage.keys)
                for unit in units {
                    let total = charged.reduce(0) { $0 + $1.units(unit) }
                    #expect(row.units(unit) == total, "\(model): \(unit)")
                }
            }
        }

        /// The attempts of one call are found together, and only the one that was billed costs something.
        private static func expectLinked(_ call: String?, in installation: Installation) async throws {
            let events = try await installation.explain(try #require(call))
            #expect(events.map(\.attempt).sorted() == [1, 2])
            #expect(events.count { $0.quality == "unbilled" } == 1)
            #expect(events.count { $0.quality == "exact" && $0.costUSD != nil } == 1)
        }

        static let requests: [(name: String, path: String, direct: String, body: String)] = [
            (
                "chat", "/openai/v1/chat/completions", "/v1/chat/completions",
                #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Grüße \u00e9 😀"}]}"#
            ),
            (
                "chat stream", "/openai/v1/chat/completions", "/v1/chat/completions",
                #"{"model":"gpt-4o-mini", "stream" : true,"messages":[{"role":"user","content":"Hi"}]}"#
            ),
            (
                "chat stream with usage", "/openai/v1/chat/completions", "/v1/chat/completions",
                #"{"stream_options":{"include_usage":true},"model":"gpt-4o-mini","stream":true,"messages":[]}"#
            ),
            (
                "responses", "/openai/v1/responses", "/v1/responses",
                #"{"model":"gpt-5-mini","input":"Hi"}"#
            ),
            (
                "responses stream", "/openai/v1/responses", "/v1/responses",
                #"{"model":"gpt-5-mini","input":"Hi","stream":true}"#
            ),
            (
                "embeddings", "/openai/v1/embeddings", "/v1/embeddings",
                #"{"model":"text-embedding-3-small","input":"Hi"}"#
            ),
            (
                "messages", "/anthropic/v1/messages", "/v1/messages",
                #"{"model":"claude-sonnet-4-6","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}"#
            ),
            (
                "messages stream", "/anthropic/v1/messages", "/v1/messages",
                #"{"model":"claude-sonnet-4-6","max_tokens":50,"stream":true,"#
                    + #""messages":[{"role":"user","content":"Hi"}]}"#
            ),
            (
                "generateContent", "/gemini/v1beta/models/gemini-2.5-flash:generateContent",
                "/v1beta/models/gemini-2.5-flash:generateContent",
                #"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"#
            ),
            (
                "streamGenerateContent", "/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
                "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
                #"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"#
            ),
        ]

        /// The body; without the id that the provider gives each error, and without comments between events.
        private static func comparable(_ answer: HTTP.Answer) -> String {
            guard answer.status == 200 else { return answer.text.replacing(#/"request_id":"[^"]*"/#, with: "") }
            return answer.text.replacing(": SANDBOX PROCESSING\n\n", with: "")
        }

        /// Where two bodies part, with a few characters around; `nil` when they do not.
        private static func difference(_ left: String, _ right: String) -> String? {
            guard left != right else { return nil }
            let common = zip(left, right).prefix { $0 == $1 }.count
            let around = max(0, common - 60)
            return "at \(common): '\(left.dropFirst(around).prefix(120))' and '\(right.dropFirst(around).prefix(120))'"
        }

        @Test(.timeLimit(.minutes(1)))
        func `a body through the gateway is the body of a direct call, byte for byte`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("bytes")
            for fault in ["", "status=429", "status=500", "html-500", "crlf", "comments", "split=7", "usage-twice"] {
                for request in Self.requests {
                    var headers = [("x-sandbox-id", "fixed")]
                    if request.direct == "/v1/messages" { headers.append(("anthropic-version", "2023-06-01")) }
                    if !fault.isEmpty { headers.append(("x-sandbox-fault", fault)) }
                    let sent = installation.request(request.direct, key: "sk-any", headers: headers, body: request.body)
                    let direct = try HTTP.exchange(sent, with: installation.provider)
                    let through = try installation.call(request.path, key: key, headers: headers, body: request.body)
                    let name = "\(request.name) \(fault)"
                    #expect(through.status == direct.status, "\(name)")
                    #expect(Self.difference(Self.comparable(through), Self.comparable(direct)) == nil, "\(name)")
                    #expect(through.headers["content-type"] == direct.headers["content-type"], "\(name)")
                    #expect(through.callID != nil, "\(name)")
                }
            }
        }
    }
}

extension Installation {
    /// Calls of a model that no provider bills: counting tokens.
    fileprivate func freeCalls(of model: String) async throws -> Int {
        let report = try await spend(by: "model,api", "--where", "model=\(model)", "--where", "team=sdk")
        return report.rows.filter { ($0.tag("api") ?? "").lowercased().contains("count") }.reduce(0) { $0 + $1.calls }
    }
}
