import Foundation
import Testing

extension Promises {
    /// The same question has the same answer at every door.
    @Suite struct OneNumberTests {
        private struct Call {
            var path: String
            var headers: [(String, String)]
            var body: String
        }

        private static func calls() -> [Call] {
            let messages = #""messages":[{"role":"user","content":"Hello"}]"#
            let version = ("anthropic-version", "2023-06-01")
            return (1...12).map { number in
                let team = ("x-team", ["growth", "platform", "research"][number % 3])
                let usage = ("x-sandbox-usage", "input=\(number * 37),output=\(number * 11),cache_read=\(number * 5)")
                let fault = ("x-sandbox-fault", number % 5 == 0 ? "no-usage" : "split=100")
                switch number % 4 {
                case 0:
                    let body = #"{"model":"claude-sonnet-4-6","max_tokens":50,\#(messages)}"#
                    return Call(path: "/anthropic/v1/messages", headers: [team, usage, fault, version], body: body)
                case 1:
                    let path = "/gemini/v1beta/models/gemini-2.5-flash:generateContent"
                    let body = #"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"#
                    return Call(path: path, headers: [team, usage, fault], body: body)
                default:
                    let body = #"{"model":"\#(number % 4 == 2 ? "gpt-4o-mini" : "gpt-unheard-of")",\#(messages)}"#
                    return Call(path: "/openai/v1/chat/completions", headers: [team, usage, fault], body: body)
                }
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func `one number everywhere: tables, CSV, API, calls and verify agree`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("numbers")
            var ids: [String] = []
            for call in Self.calls() {
                let answer = try installation.call(call.path, key: key, headers: call.headers, body: call.body)
                ids.append(try #require(answer.callID))
            }
            let report = try await installation.spend(by: "team,model")
            let total = try GoldenFile.decimal(report.total.costUSD)
            #expect(total > 0)
            #expect(report.total.calls == 12)
            #expect(try Self.sum(report.rows.map(\.costUSD)) == total)

            var explained: Decimal = 0
            for id in ids {
                for event in try await installation.explain(id) {
                    let lines = try Self.sum(event.lines.map(\.amountUSD))
                    if let cost = event.costUSD { #expect(try GoldenFile.decimal(cost) == lines, "\(id)") }
                    explained += lines
                }
            }
            #expect(explained == total)
            #expect(try GoldenFile.decimal(try await installation.verify().costUSD) == total)
            #expect(try await Self.api(installation) == report)
            try await Self.expectCSV(installation, report)
            try await Self.expectOtherGroupings(installation, total)
            try await Self.expectTable(installation, total)
        }

        private static func sum(_ texts: [String?]) throws -> Decimal {
            try texts.compactMap { $0 }.reduce(0) { $0 + (try GoldenFile.decimal($1)) }
        }

        private static func api(_ installation: Installation) async throws -> SpendReport {
            let token = try String(contentsOfFile: installation.data + "/admin-token", encoding: .utf8)
            let bearer = (
                name: "authorization", value: "Bearer \(token.trimmingCharacters(in: .whitespacesAndNewlines))"
            )
            let request = HTTP.Request(method: "GET", path: "/api/v1/spend?by=team,model", headers: [bearer])
            let answer = try HTTP.exchange(request, with: installation.web)
            return try JSONDecoder().decode(SpendReport.self, from: answer.body)
        }

        /// CSV has exact amounts: a header, the rows, a total.
        private static func expectCSV(_ installation: Installation, _ report: SpendReport) async throws {
            let csv = try await installation.outlay("spend", "--by", "team,model", "--format", "csv").output
            let lines = csv.split(whereSeparator: \.isNewline).map { line in
                line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
            let column = try #require(lines.first?.firstIndex(of: "cost_usd"))
            let costs = lines.dropFirst().filter { $0.first != "total" }.map { $0[column] }.filter { !$0.isEmpty }
            #expect(costs.sorted() == report.rows.compactMap(\.costUSD).sorted())
        }

        /// However the same calls are cut, the pieces add up to the whole.
        private static func expectOtherGroupings(_ installation: Installation, _ total: Decimal) async throws {
            for dimensions in ["model", "team", "provider,api", "key", "run", "task,team", "workspace"] {
                let report = try await installation.spend(by: dimensions)
                #expect(try GoldenFile.decimal(report.total.costUSD) == total, "by \(dimensions)")
                #expect(try sum(report.rows.map(\.costUSD)) == total, "by \(dimensions)")
            }
            let daily = try await installation.spend(by: "team", "--grain", "day")
            #expect(try sum(daily.rows.map(\.costUSD)) == total)
        }

        /// In a table for people the cents of the rows add up to the cents of the total.
        private static func expectTable(_ installation: Installation, _ total: Decimal) async throws {
            let table = try await installation.outlay("spend", "--by", "team").output
            let lines = table.split(separator: "\n").map { line in
                line.split(separator: " ").filter { $0.contains(#/^[0-9,]+\.[0-9]+$/#) }
            }
            let amounts = lines.compactMap { $0.first }.compactMap { Decimal(string: $0.filter { $0 != "," }) }
            let shown = try #require(amounts.last)
            #expect(amounts.dropLast().reduce(0, +) == shown)
            #expect(abs(shown - total) <= Decimal(string: "0.005") ?? 0)
        }
    }
}
