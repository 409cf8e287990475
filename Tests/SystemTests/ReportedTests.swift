import Foundation
import Testing

extension Promises {
    /// Money that comes in without a call through the gateway, each once.
    @Suite struct ReportedTests {
        private static let configuration = """
            tools:
              - { name: web-crawl, per_call: 0.005 USD }
            prices:
              - { provider: basement, model: llama, per_second: { compute_seconds: 0.0004 } }
              - { provider: human, model: human, per_hour: { human_seconds: 72 } }

            """

        private struct Answer: Decodable, Equatable {
            var accepted: Int
            var duplicates: Int
            var conflicts: Int
            var cost_usd: String
        }

        private static func post(
            _ body: String,
            to installation: Installation,
            key: String,
            header: String = "x-api-key"
        ) throws -> HTTP.Answer {
            let request = HTTP.Request(path: "/api/v1/events", headers: [(name: header, value: key)], body: body)
            return try HTTP.exchange(request, with: installation.web)
        }

        @Test(.timeLimit(.minutes(1)))
        func `events that are posted twice are booked once, and the gateway's calls not again`() async throws {
            let installation = try await Installation.withSandbox(Self.configuration)
            let key = try await installation.makeKey("reporter", "--for", "ingest", "--tag", "team=growth")
            let gateway = try await installation.makeKey("caller", "--for", "gateway")
            let call = try installation.call(
                "/openai/v1/chat/completions",
                key: gateway,
                headers: [("x-sandbox-usage", "input=1000,output=500")],
                body: #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}"#
            )
            let object = try JSONSerialization.jsonObject(with: call.body) as? [String: Any]
            let response = try #require(object?["id"] as? String)
            // A call is in the ledger some milliseconds after its answer.
            let id = try #require(call.callID)
            while try await installation.outlay("explain", id, "--format", "json").status != 0 {}
            let body = """
                {"id":"1","at":"2025-06-15T12:00:00Z","kind":"tool","model":"web-crawl","calls":3,"run":"r1"}
                {"id":"2","at":"2025-06-15T12:00:00Z","kind":"compute","provider":"basement","model":"llama","usage":{"compute_seconds":12.5}}
                {"id":"3","at":"2025-06-15T12:00:00Z","kind":"human","usage":{"human_seconds":90},"tags":{"team":"theirs","customer":"acme"}}
                {"id":"4","at":"2025-06-15T12:00:00Z","prompt_tokens":1000,"completion_tokens":500,"model":"gpt-4o-mini","cost_estimate":7}
                {"id":"5","at":"2025-06-15T12:00:00Z","prompt_tokens":1000,"model":"unheard-of","cost_estimate":"0.25"}
                {"id":"6","provider":"openai","model":"gpt-4o-mini","response_id":"\(response)","prompt_tokens":9}
                """
            // 3 × 0.005 + 12.5 × 0.0004 + 90 s of 72 an hour + 0.00045 by the book + 0.25 as reported.
            let first = try Self.post(body, to: installation, key: key)
            #expect(
                try JSONDecoder().decode(Answer.self, from: first.body)
                    == Answer(accepted: 5, duplicates: 1, conflicts: 0, cost_usd: "2.07045")
            )
            let second = try Self.post(body, to: installation, key: key)
            #expect(
                try JSONDecoder().decode(Answer.self, from: second.body)
                    == Answer(accepted: 0, duplicates: 6, conflicts: 0, cost_usd: "0")
            )
            let other = try Self.post(#"{"id":"5","model":"else","cost_estimate":1}"#, to: installation, key: key)
            #expect(try JSONDecoder().decode(Answer.self, from: other.body).conflicts == 1)

            let report = try await installation.spend(by: "team,customer", "--from", "2025-06")
            #expect(report.total.costUSD == "2.0709")
            #expect(report.total.calls == 1 + 3 + 4)
            #expect(report.rows.contains { $0.key == ["team": "growth", "customer": "acme"] })
            #expect(!report.rows.contains { $0.key["team"] == "theirs" })
            #expect(try Self.post(body, to: installation, key: gateway).status == 403)
            #expect(try Self.post(body, to: installation, key: "olk_nobody").status == 401)
            #expect(try await installation.verify().differences == [])
        }

        @Test(.timeLimit(.minutes(1)))
        func `a file that is imported twice is booked once, and its sums are those of spend`() async throws {
            let installation = try await Installation.withSandbox(Self.configuration)
            let scratch = installation.scratch
            try scratch.write(
                """
                date,model,input_tokens,output_tokens,cost,team
                2025-06-15,gpt-4o-mini,1000,500,,growth
                2025-06-15,gpt-4o-mini,1000,500,,growth
                2025-06-15,unheard-of,10,5,0.5,"sales, north"
                """,
                to: "calls.csv"
            )
            try scratch.write(
                """
                ChargeCategory,EffectiveCost,BillingCurrency,ChargePeriodStart,ProviderName,ServiceName,Tags
                Usage,12.50,USD,2025-06-01T00:00:00Z,OpenAI,OpenAI API,"{""team"":""growth""}"
                Tax,2.375,USD,2025-06-01T00:00:00Z,OpenAI,OpenAI API,
                """,
                to: "bill.csv"
            )
            try scratch.write(
                #"""
                {"request_id":"l-1","startTime":"2025-06-15 12:00:00","model":"gpt-4o-mini","custom_llm_provider":"openai","prompt_tokens":1000,"completion_tokens":500,"spend":0.1,"api_key":"hash-canary","metadata":{"user_api_key_team_alias":"growth"}}
                """#,
                to: "log.jsonl"
            )
            let dry = try await installation.outlay("import", "csv", scratch.path("calls.csv"), "--dry-run")
            #expect(dry.output.contains("new          3") && dry.output.contains("Nothing was booked."))
            for (round, booked) in [(1, "booked       3"), (2, "booked       0")] {
                let spoken = try await installation.outlay("import", "csv", scratch.path("calls.csv"))
                #expect(spoken.status == 0, "\(spoken.errors)")
                #expect(spoken.output.contains(booked), "round \(round): \(spoken.output)")
            }
            for _ in 1...2 {
                let bill = try await installation.outlay("import", "focus", scratch.path("bill.csv"))
                #expect(
                    bill.output.contains("skipped      1, $2.375: ChargeCategory Tax"),
                    "\(bill.output)\(bill.errors)"
                )
                let log = try await installation.outlay("import", "litellm", scratch.path("log.jsonl"))
                #expect(log.output.contains("reported USD 0"), "\(log.output)\(log.errors)")
            }
            // Twice 0.00045 and 0.5 as reported; the bill's 12.5; the log's call by the book.
            let report = try await installation.spend(by: "team", "--from", "2025-06")
            #expect(report.total.costUSD == "13.00135")
            #expect(Set(report.rows.map { $0.key["team"] }) == ["growth", "sales, north"])
            #expect(report.total.calls == 5)
            #expect(try await installation.verify().differences == [])
            try scratch.write("model,input_tokens\nm,ten\n", to: "bad.csv")
            let bad = try await installation.outlay("import", "csv", scratch.path("bad.csv"))
            #expect(bad.status == 3)
            #expect(bad.errors.contains("row 1: 'prompt_tokens' must be a whole number"))
        }

        @Test(.timeLimit(.minutes(1)))
        func `Codex is told the price of its turn, which is what was booked`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("codex")
            let turn = ("x-codex-turn-metadata", #"{"turn_id":"turn-1","session_id":"s-9","agent_name":"scout"}"#)
            for usage in ["input=1000,output=500", "input=2000,output=100"] {
                _ = try installation.call(
                    "/openai/v1/responses",
                    key: key,
                    headers: [turn, ("x-sandbox-usage", usage)],
                    body: #"{"model":"gpt-4o-mini","input":"Hi"}"#
                )
            }
            let answer = try installation.call(
                "/openai/v1/analytics/codex/turn-costs",
                key: key,
                body: #"{"turn_ids":["turn-1"]}"#
            )
            let report = try await installation.spend(by: "agent,run")
            #expect(report.rows.map(\.key) == [["agent": "scout", "run": "s-9"]])
            #expect(report.total.calls == 2)
            let total = try #require(report.total.costUSD)
            #expect(answer.text.contains(#""status":"priced","total_usd":"\#(total)","event_count":2"#))
        }
    }
}
