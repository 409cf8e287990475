import Foundation
import Synchronization
import Testing

extension Promises {
    /// A hard budget holds: with any number of clients, in the middle of a stream, across kill -9.
    @Suite struct HardBudgetTests {
        private static let chat = "/openai/v1/chat/completions"

        private static let budgets = """
            budgets:
              - { name: burst, scope: { team: burst }, limit: 0.05 USD, enforcement: hard, at: [] }
              - { name: stream, scope: { team: stream }, limit: 0.01 USD, enforcement: hard, at: [] }
              - { name: crash, scope: { team: crash }, limit: 0.201 USD, enforcement: hard, at: [] }
              - { name: spent, scope: { team: spent }, limit: 0 USD, enforcement: hard, message: Ask Ana. }
              - name: asked
                scope: { team: asked }
                limit: 0 USD
                enforcement: hard
                at: [{ percent: 100, do: [require_approval] }]
              - name: thrifty
                scope: { team: thrifty }
                limit: 1 USD
                enforcement: soft
                at: [{ percent: 1, do: [downgrade: gpt-5-nano] }]
            policies:
              - name: cost-tags
                scope: { team: lawful }
                deny: [{ when: 'cost_center == ""', message: Production runs require a cost_center. }]

            """

        private static func body(most: Int, isStream: Bool = false, model: String = "gpt-5-mini") -> String {
            #"{"model":"\#(model)","max_tokens":\#(most),"stream":\#(isStream),"#
                + #""messages":[{"role":"user","content":"Hello"}]}"#
        }

        /// Runs `count` calls at once, each in a thread of its own.
        private static func atOnce(
            _ count: Int,
            _ call: @escaping @Sendable () throws -> HTTP.Answer
        ) -> [HTTP.Answer] {
            let answers = Mutex<[HTTP.Answer]>([])
            let group = DispatchGroup()
            for _ in 0..<count {
                group.enter()
                Thread.detachNewThread {
                    if let answer = try? call() { answers.withLock { $0.append(answer) } }
                    group.leave()
                }
            }
            group.wait()
            return answers.withLock { $0 }
        }

        @Test(.timeLimit(.minutes(1)))
        func `a hard budget holds: a hundred clients at once spend it and not a cent more`() async throws {
            let installation = try await Installation.withSandbox(Self.budgets)
            let key = try await installation.makeKey("burst", "--tag", "team=burst")
            let gateway = installation.gateway
            let headers = [("x-sandbox-usage", "input=10,output=1000"), ("x-sandbox-first-token-ms", "20")]
            let request = installation.request(Self.chat, key: key, headers: headers, body: Self.body(most: 1000))
            let answers = Self.atOnce(100) { try HTTP.exchange(request, with: gateway) }
            let passed = answers.filter { $0.status == 200 }.count
            let refused = answers.filter { $0.status == 402 }
            #expect(passed + refused.count == 100)
            // One call costs $0.0020025.
            let spent = try await installation.spend(by: "team", "--where", "team=burst").total
            let dollars = try #require(Double(spent.costUSD ?? ""))
            #expect(dollars <= 0.05)
            #expect(passed >= 23, "24 fit")
            let refusal = try #require(refused.first)
            #expect(refusal.headers["x-should-retry"] == "false")
            for part in ["budget_exceeded", #""budget":"burst""#, #""limit_usd":"0.05""#, "resets_at", "help_url"] {
                #expect(refusal.text.contains(part), "\(part) is missing in \(refusal.text)")
            }
            print("hard budget: 100 clients, $0.05, \(passed) of 24 passed, spent $\(dollars)")
        }

        @Test(.timeLimit(.minutes(1)))
        func `a hard budget holds: a stream that outruns its reservation is cut`() async throws {
            let installation = try await Installation.withSandbox(Self.budgets)
            let key = try await installation.makeKey("stream", "--tag", "team=stream")
            let headers = [
                ("x-sandbox-usage", "input=10,output=20000"), ("x-sandbox-token-ms", "1"),
                ("x-sandbox-tokens-per-chunk", "2"),
            ]
            let body = Self.body(most: 100, isStream: true)
            let answer = try installation.call(Self.chat, key: key, headers: headers, body: body)
            #expect(answer.status == 200)
            #expect(answer.text.contains("budget_exceeded"))
            #expect(answer.text.hasSuffix("data: [DONE]\n\n"))
            let total = try await installation.spend(by: "team", "--where", "team=stream").total
            let dollars = try #require(Double(total.costUSD ?? ""))
            // A quarter of a second of two tokens a millisecond is 500 tokens, $0.001.
            #expect(dollars > 0.008 && dollars <= 0.011)
            #expect(total.estimatedCalls == 1)
            print("stream under a budget of $0.01 that wanted $0.04: cut at $\(dollars)")
        }

        @Test(.timeLimit(.minutes(1)))
        func `a hard budget holds: what was in flight at a kill stays counted`() async throws {
            let installation = try await Installation.withSandbox(Self.budgets)
            let key = try await installation.makeKey("crash", "--tag", "team=crash")
            let gateway = installation.gateway
            let headers = [("x-sandbox-usage", "input=10,output=1000"), ("x-sandbox-first-token-ms", "60000")]
            let request = installation.request(Self.chat, key: key, headers: headers, body: Self.body(most: 1000))
            for _ in 0..<100 { Thread.detachNewThread { _ = try? HTTP.exchange(request, with: gateway) } }
            // Each look takes as long as a command does.
            while try ProviderBill(file: installation.bill).calls.count < 100 { _ = try await installation.verify() }
            installation.server.signal(SIGKILL)
            await installation.server.end()
            try await installation.restart()
            let again = try installation.call(Self.chat, key: key, body: Self.body(most: 1000))
            #expect(again.status == 402, "the hundred calls may have cost all of it")
            let total = try await installation.spend(by: "team", "--where", "team=crash").total
            #expect(total.unmeteredCalls == 100)
            #expect(total.usage.isEmpty)
            #expect(try await installation.verify().differences.isEmpty)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a refused call is one request, whatever the SDK`() async throws {
            let installation = try await Installation.withSandbox(Self.budgets)
            let key = try await installation.makeKey("spent", "--tag", "team=spent")
            let arguments = [Programs.scriptPath("refused.py"), "--gateway", installation.gateway, "--key", key]
            let spoken = try await Spoken.by(Programs.python, arguments, in: installation.scratch)
            struct Report: Decodable {
                var requests: [String: Int]
                var messages: [String: String]
            }
            let report = try spoken.decoded(as: Report.self)
            #expect(report.requests == ["openai.chat": 1, "openai.responses": 1, "anthropic": 1, "gemini": 1])
            for (name, message) in report.messages {
                #expect(message.contains("Ask Ana."), "\(name): \(message)")
            }
            #expect(try ProviderBill(file: installation.bill).calls.isEmpty)
        }

        @Test(.timeLimit(.minutes(1)))
        func `near its end a budget sends calls to a cheaper model, and says so`() async throws {
            let installation = try await Installation.withSandbox(Self.budgets)
            let key = try await installation.makeKey("thrifty", "--tag", "team=thrifty")
            let headers = [("x-sandbox-usage", "input=10,output=10000")]
            let first = try installation.call(Self.chat, key: key, headers: headers, body: Self.body(most: 10_000))
            #expect(first.headers["x-outlay-downgraded"] == nil)
            _ = try await installation.verify()
            let second = try installation.call(Self.chat, key: key, headers: headers, body: Self.body(most: 10_000))
            #expect(second.headers["x-outlay-downgraded"] == "gpt-5-mini -> gpt-5-nano")
            let models = try ProviderBill(file: installation.bill).calls.map(\.model)
            #expect(models == ["gpt-5-mini", "gpt-5-nano"])
        }

        @Test(.timeLimit(.minutes(1)))
        func `what a budget asks people for passes once they said yes, and no further`() async throws {
            let installation = try await Installation.withSandbox(Self.budgets)
            let key = try await installation.makeKey("asked", "--tag", "team=asked")
            let headers = [("x-run", "night-job"), ("x-outlay-justification", "the quarter ends")]
            func call() throws -> HTTP.Answer {
                try installation.call(Self.chat, key: key, headers: headers, body: Self.body(most: 100))
            }
            let pending = try call()
            #expect(pending.status == 402)
            #expect(pending.headers["x-should-retry"] == "false")
            for part in ["approval_pending", "\(installation.web)/approvals/apr_"] {
                #expect(pending.text.contains(part), "\(part) is missing in \(pending.text)")
            }
            #expect(try call().status == 402)
            struct Request: Decodable {
                var id: String
                var justification: String?
            }
            let requests = try await installation.outlay("approvals", "list", "--format", "json")
                .decoded(as: [Request].self)
            let request = try #require(requests.first)
            #expect(requests.count == 1 && request.justification == "the quarter ends")
            _ = try await installation.outlay("approvals", "approve", request.id, "--extent", "once")
            #expect(try call().status == 200)
            #expect(try call().status == 402)
            #expect(try ProviderBill(file: installation.bill).calls.count == 1)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a policy refuses before a token is sent, and names itself`() async throws {
            let installation = try await Installation.withSandbox(Self.budgets)
            let key = try await installation.makeKey("lawful", "--tag", "team=lawful")
            let refused = try installation.call(Self.chat, key: key, body: Self.body(most: 10))
            #expect(refused.status == 403)
            #expect(refused.text.contains("Production runs require a cost_center."))
            #expect(refused.text.contains("cost-tags"))
            let tagged = [("x-cost-center", "4711")]
            let passed = try installation.call(Self.chat, key: key, headers: tagged, body: Self.body(most: 10))
            #expect(passed.status == 200)
            #expect(try ProviderBill(file: installation.bill).calls.count == 1)
        }
    }
}
