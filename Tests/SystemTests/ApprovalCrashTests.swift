import Foundation
import Glibc
import Testing

extension Promises {
    /// What people approved once is spent once, also where the process dies right after.
    @Suite struct ApprovalCrashTests {
        private static let rounds = 6

        private static let configuration = """
            budgets:
              - name: asked
                scope: { team: asked }
                limit: 0 USD
                enforcement: hard
                at: [{ percent: 100, do: [require_approval] }]

            """

        private struct Request: Decodable {
            var id: String
        }

        /// One way to use an approval up, with one call.
        struct Way: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var terms: [String]
            /// What the provider does with the call.
            var headers: [String: String]
            /// Whether the server is killed while the call runs, not after it.
            var isInFlight = false
        }

        static let ways = [
            Way(
                testDescription: "once",
                terms: ["--extent", "once"],
                headers: ["x-sandbox-usage": "input=10,output=100"]
            ),
            // 100 tokens of output cost $0.0002: there is room for one.
            Way(
                testDescription: "an amount",
                terms: ["--extent", "amount", "--amount", "0.0003"],
                headers: ["x-sandbox-usage": "input=10,output=100"]
            ),
            Way(
                testDescription: "an amount, in flight",
                terms: ["--extent", "amount", "--amount", "0.0003"],
                headers: ["x-sandbox-first-token-ms": "30000"],
                isInFlight: true
            ),
        ]

        @Test(.timeLimit(.minutes(3)), arguments: ways)
        func `an approval that one call uses up is not there again after a kill`(_ way: Way) async throws {
            let installation = try await Installation.withSandbox(Self.configuration)
            let gateway = installation.gateway
            let key = try await installation.makeKey("asked", "--tag", "team=asked")
            let bare = Self.request(of: installation, key: key, [:])
            let used = Self.request(of: installation, key: key, way.headers)
            var forwarded = 0
            for round in 1...Self.rounds {
                #expect(try HTTP.exchange(bare, with: gateway).status == 402, "round \(round)")
                try await Self.approve(way.terms, at: installation)
                if way.isInFlight {
                    let call = Task.detached { try HTTP.exchange(used, with: gateway) }
                    while try Self.served(installation) == forwarded {}
                    installation.server.signal(SIGKILL)
                    _ = await call.result
                } else {
                    #expect(try HTTP.exchange(used, with: gateway).status == 200, "round \(round)")
                    installation.server.signal(SIGKILL)
                }
                forwarded += 1
                await installation.server.end()
                try await installation.restart()
                #expect(try HTTP.exchange(bare, with: gateway).status == 402, "round \(round): used twice")
                #expect(try Self.served(installation) == forwarded, "round \(round)")
            }
            let report = try await installation.spend(by: "approval")
            #expect(report.rows.count { $0.tag("approval") != nil && $0.calls == 1 } == Self.rounds)
            #expect(try await installation.verify().differences.isEmpty)
            let name = way.testDescription
            print("approvals for \(name): \(Self.rounds) kills, \(forwarded) calls forwarded, none twice")
        }

        private static func request(
            of installation: Installation,
            key: String,
            _ headers: [String: String]
        ) -> HTTP.Request {
            installation.request(
                "/openai/v1/chat/completions",
                key: key,
                headers: headers.map { ($0.key, $0.value) },
                body: #"{"model":"gpt-5-mini","max_tokens":100,"messages":[{"role":"user","content":"Hi"}]}"#
            )
        }

        private static func approve(_ terms: [String], at installation: Installation) async throws {
            let open = try await installation.outlay("approvals", "list", "--format", "json")
                .decoded(as: [Request].self)
            let id = try #require(open.first?.id)
            let arguments = ["approvals", "approve", id] + terms + ["--data", installation.data]
            let spoken = try await Spoken.by(Programs.outlay, arguments, in: installation.scratch)
            #expect(spoken.status == 0, "\(spoken.errors)")
        }

        private static func served(_ installation: Installation) throws -> Int {
            try ProviderBill(file: installation.bill).calls.count
        }
    }
}
