import Foundation
import Testing

extension Promises {
    /// People let calls pass, raise limits, stop agents; each takes effect on the very next call.
    @Suite struct GovernanceTests {
        private static let chat = "/openai/v1/chat/completions"
        private static let token = "approver-token-of-dana-000000000001"

        private static let configuration = """
            approvals: { mode: wait, hold: 20 s, approvers: [{ name: dana, token: "env:DANA_TOKEN" }] }
            budgets:
              - name: asked
                scope: { team: asked }
                limit: 0 USD
                enforcement: hard
                at: [{ percent: 100, do: [require_approval] }]
              - name: loops
                scope: { agent: scout }
                limit: 0.001 USD
                enforcement: soft
                at: [{ percent: 100, do: [suspend: agent] }]
            policies:
              - name: large-calls
                scope: { team: lawful }
                require_approval: [{ when: 'estimated_cost_usd > 0.01', message: Large calls are looked at. }]

            """

        private struct Request: Decodable {
            var id: String
        }

        private let installation: Installation

        init() async throws {
            installation = try await Installation.withSandbox(
                Self.configuration,
                environment: ["DANA_TOKEN": Self.token]
            )
        }

        private func request(_ key: String, most: Int = 100, headers: [(String, String)] = []) -> HTTP.Request {
            let body = #"{"model":"gpt-5-mini","max_tokens":\#(most),"messages":[{"role":"user","content":"Hi"}]}"#
            let usage = ("x-sandbox-usage", "input=10,output=1000")
            return installation.request(Self.chat, key: key, headers: [usage] + headers, body: body)
        }

        private func call(_ key: String, most: Int = 100, headers: [(String, String)] = []) throws -> HTTP.Answer {
            try HTTP.exchange(request(key, most: most, headers: headers), with: installation.gateway)
        }

        /// Sends a call that will wait for people, and returns its answer once it comes.
        private func waiting(_ request: HTTP.Request) -> Task<HTTP.Answer, any Error> {
            let gateway = installation.gateway
            return Task.detached { try HTTP.exchange(request, with: gateway) }
        }

        /// The one request that waits for a decision.
        private func asked() async throws -> String {
            while true {
                let requests = try await installation.outlay("approvals", "list", "--format", "json")
                    .decoded(as: [Request].self)
                if let request = requests.first { return request.id }
            }
        }

        /// Dana says yes or no with her own token.
        private func dana(_ decision: String, _ id: String, _ body: String) throws -> Int {
            let request = HTTP.Request(
                path: "/api/v1/approvals/\(id)/\(decision)",
                headers: [("authorization", "Bearer \(Self.token)"), ("content-type", "application/json")],
                body: body
            )
            return try HTTP.exchange(request, with: installation.web).status
        }

        @Test(.timeLimit(.minutes(1)))
        func `a call waits for people and goes on when they say yes`() async throws {
            let key = try await installation.makeKey("asked", "--tag", "team=asked")
            let call = waiting(request(key))
            #expect(try dana("approve", try await asked(), #"{"extent":"once"}"#) == 200)
            #expect(try await call.value.status == 200)
            #expect(try ProviderBill(file: installation.bill).calls.count == 1)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a call that waits is refused with the reason when they say no`() async throws {
            let key = try await installation.makeKey("asked", "--tag", "team=asked")
            let call = waiting(request(key))
            #expect(try dana("deny", try await asked(), #"{"reason":"after the freeze"}"#) == 200)
            let answer = try await call.value
            #expect(answer.status == 403)
            #expect(answer.text.contains("after the freeze"))
            #expect(try ProviderBill(file: installation.bill).calls.isEmpty)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a policy asks people before a token is sent, in its own words`() async throws {
            let key = try await installation.makeKey("lawful", "--tag", "team=lawful")
            #expect(try call(key).status == 200)
            let large = waiting(request(key, most: 20_000))
            let id = try await asked()
            #expect(try ProviderBill(file: installation.bill).calls.count == 1)
            #expect(try dana("approve", id, #"{"extent":"once"}"#) == 200)
            #expect(try await large.value.status == 200)
        }

        @Test(.timeLimit(.minutes(1)))
        func `an agent that reaches its threshold is stopped before its next call, until somebody resumes it`()
            async throws
        {
            let key = try await installation.makeKey("any")
            let agent = [("x-agent", "scout")]
            #expect(try call(key, headers: agent).status == 200)
            // What was spent is known once it is booked.
            while try await installation.spend(by: "agent").total.calls == 0 {}
            let stopped = try call(key, headers: agent)
            #expect(stopped.status == 403)
            #expect(stopped.text.contains("100 % of loops was reached"))
            #expect(try call(key).status == 200, "other agents go on")
            let resumed = try await installation.outlay("agent", "resume", "scout")
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(try call(key, headers: agent).status == 200)
        }

        @Test(.timeLimit(.minutes(1)))
        func `an increase that a lead asks for counts once an approver grants it`() async throws {
            let key = try await installation.makeKey("more", "--tag", "team=more")
            let set = try await installation.outlay(
                "budget",
                "set",
                "more",
                "--limit",
                "0 USD",
                "--scope",
                "team=more",
                "--at",
                "100 block"
            )
            #expect(set.status == 0, "\(set.errors)")
            #expect(try call(key).status == 402)
            let increase = try await installation.outlay(
                "budget",
                "increase",
                "more",
                "--amount",
                "1 USD",
                "--until",
                "7d",
                "--reason",
                "the launch"
            )
            #expect(increase.status == 0, "\(increase.errors)")
            #expect(try call(key).status == 402, "asked for is not granted")
            let own = try await installation.outlay("approvals", "approve", try await asked())
            #expect(own.status != 0, "nobody grants what they asked for")
            #expect(try dana("approve", try await asked(), #"{"extent":"once"}"#) == 200)
            #expect(try call(key).status == 200)
        }
    }
}
