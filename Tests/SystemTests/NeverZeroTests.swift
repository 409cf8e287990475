import Foundation
import Testing

extension Promises {
    /// What has no known price or no known usage is never $0.
    @Suite struct NeverZeroTests {
        private static let chat = "/openai/v1/chat/completions"

        private static func body(_ model: String, stream: Bool = false) -> String {
            #"{"model":"\#(model)","stream":\#(stream),"messages":[{"role":"user","content":"Hello, ledger"}]}"#
        }

        @Test(.timeLimit(.minutes(1)))
        func `never a silent zero: an unknown model waits unpriced until its price arrives`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("unknown")
            let headers = [("x-sandbox-usage", "input=1000000,output=1000000")]
            let answer = try installation.call(Self.chat, key: key, headers: headers, body: Self.body("house-model-9"))
            #expect(answer.status == 200)
            let unpriced = try await installation.spend(by: "model")
            #expect(unpriced.total.costUSD == nil)
            #expect(unpriced.total.unpricedCalls == 1)
            #expect(unpriced.total.units("input") == 1_000_000)
            #expect(try await installation.outlay("doctor").output.contains("no price (openai house-model-9)"))

            let prices =
                "\nprices: [{ provider: openai, model: house-model-9, from: 2020-01-01, "
                + "per_million: { input: 1.25, output: 4.00 } }]\n"
            let file = installation.scratch.path("outlay.yaml")
            try installation.scratch.write(
                try String(contentsOfFile: file, encoding: .utf8) + prices,
                to: "outlay.yaml"
            )
            var report = unpriced
            for _ in 1...100 where report.total.costUSD == nil {
                _ = try await installation.outlay("price", "rerate")
                report = try await installation.spend(by: "model")
            }
            #expect(report.total.costUSD == "5.25")
            #expect(report.total.calls == 1)
            #expect(report.total.unpricedCalls == 0)
            #expect(try await installation.explain(try #require(answer.callID)).count == 3)
            #expect(try await installation.verify().differences.isEmpty)
        }

        /// A fault of the provider, and whether the answer is a stream.
        static let faults: [(fault: String, isStream: Bool)] = [
            ("no-usage", false),
            ("no-usage", true),
            ("truncate=3", true),
            ("error-event-after=3", true),
            ("reset-after-headers", true),
            ("truncate=40", false),
        ]

        @Test(.timeLimit(.minutes(1)))
        func `never a silent zero: an answer without usage or without an end is estimated`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("faults")
            for row in Self.faults {
                let name = "\(row.fault), stream \(row.isStream)"
                let headers = [("x-sandbox-fault", row.fault), ("x-task", name)]
                let request = installation.request(
                    Self.chat,
                    key: key,
                    headers: headers,
                    body: Self.body("gpt-4o-mini", stream: row.isStream)
                )
                _ = try? HTTP.exchange(request, with: installation.gateway)
                let report = try await installation.spend(by: "task", "--where", "task=\(name)")
                #expect(report.total.calls == 1, "\(name)")
                #expect(report.total.estimatedCalls == 1, "\(name)")
                #expect(report.total.costUSD != nil && report.total.costUSD != "0", "\(name)")
                #expect(report.total.units("input") > 0, "\(name)")
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func `never a silent zero: a caller who leaves in mid-stream is booked`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("leaver")
            let headers = [("x-sandbox-token-ms", "20"), ("x-sandbox-usage", "input=500,output=40")]
            let body = Self.body("gpt-4o-mini", stream: true)
            let request = installation.request(Self.chat, key: key, headers: headers, body: body)
            let left = try HTTP.leave(request, with: installation.gateway) { $0.count > 1500 }
            #expect(left.status == 200)
            let call = try #require(left.callID)
            var events: [CallReport] = []
            for _ in 1...100 where events.isEmpty {
                let spoken = try await installation.outlay("explain", call, "--format", "json")
                if spoken.status == 0 { events = try spoken.decoded() }
            }
            let event = try #require(events.first)
            #expect(event.costUSD != nil && event.costUSD != "0")
            #expect(["client_gone", "completed"].contains(event.outcome))
            #expect(["exact", "estimated"].contains(event.quality))
        }

        @Test(.timeLimit(.minutes(1)))
        func `a stream reaches the caller while it is being made`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("live")
            let headers = [("x-sandbox-token-ms", "100"), ("x-sandbox-usage", "input=5,output=600")]
            let body = Self.body("gpt-4o-mini", stream: true)
            let request = installation.request(Self.chat, key: key, headers: headers, body: body)
            let begin = ContinuousClock.now
            let answer = try HTTP.leave(request, with: installation.gateway) { $0.count > 1500 }
            #expect(answer.status == 200)
            #expect(ContinuousClock.now - begin < .seconds(20), "the whole stream takes a minute")
        }
    }
}
