import Foundation
import Testing

extension Promises {
    /// What scripts rely on: exit codes, messages that say what to do, backups that can be restored.
    @Suite struct ContractTests {
        /// A command line that is wrong, the code it must end with and a part of what it must say.
        static let wrong: [(arguments: [String], status: Int32, says: String)] = [
            (["frobnicate"], 2, "frobnicate"),
            (["spnd"], 2, "did you mean 'spend'?"),
            (["spend", "--url", "ftp://127.0.0.1"], 5, "ftp"),
            (["restore", "missing.sqlite", "--data", "elsewhere"], 2, "missing.sqlite"),
            (["spend", "--format", "parquet"], 2, "parquet"),
            (["spend", "--data", "nowhere"], 5, "outlay serve"),
            (["spend", "--url", "http://127.0.0.1:1"], 5, "127.0.0.1:1"),
            (["price", "rate", "--provider", "openai", "--api", "x", "--response", "missing.json"], 2, "missing.json"),
            (["key", "create", "--name", "a", "--tag", "team"], 2, "team=growth"),
            (["serve", "--web", "nonsense"], 2, "nonsense"),
            (["serve", "--web", "0.0.0.0:0", "--gateway", "127.0.0.1:0"], 2, "--allow-plain-public"),
            (["completions", "tcsh"], 2, "bash"),
        ]

        @Test(.timeLimit(.minutes(1)), arguments: wrong)
        func `a wrong command line ends with its code and says what to do`(
            _ row: (arguments: [String], status: Int32, says: String)
        ) async throws {
            let spoken = try await Spoken.by(Programs.outlay, row.arguments, in: try Scratch())
            #expect(spoken.status == row.status, "\(spoken.errors)")
            #expect(spoken.errors.contains(row.says), "\(spoken.errors)")
            #expect(spoken.output.isEmpty)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a configuration with mistakes ends with 3 and names file, line and column of each`() async throws {
            let scratch = try Scratch()
            let text =
                "upstreams:\n  - { name: openai, dialct: openai }\nkeys:\n  - { name: a, tags: { team: } }\nlimt: 5\n"
            let file = try scratch.write(text, to: "outlay.yaml")
            let arguments = ["serve", "--data", scratch.path("data"), "--config", file]
            let spoken = try await Spoken.by(Programs.outlay, arguments, in: scratch)
            #expect(spoken.status == 3)
            #expect(spoken.errors.contains("outlay.yaml:2:"))
            #expect(spoken.errors.contains("outlay.yaml:5:1: error:"))
            #expect(spoken.errors.contains("dialect"))
        }

        @Test(.timeLimit(.minutes(1)))
        func `a token that is not the administrator's ends with 4`() async throws {
            let installation = try await Installation.withSandbox()
            let environment = ["OUTLAY_URL": installation.web, "OUTLAY_TOKEN": "olt_wrong"]
            let spoken = try await Spoken.by(
                Programs.outlay,
                ["spend"],
                environment: environment,
                in: installation.scratch
            )
            #expect(spoken.status == 4, "\(spoken.errors)")
        }

        @Test(.timeLimit(.minutes(1)))
        func `a port that is taken ends with 2 and names the flags`() async throws {
            let installation = try await Installation.withSandbox()
            let taken = installation.gateway.replacing("http://", with: "")
            let arguments =
                ["serve", "--data", installation.scratch.path("other")] + ReadyLine.anyPorts
                + ["--gateway", taken]
            let spoken = try await Spoken.by(Programs.outlay, arguments, in: installation.scratch)
            #expect(spoken.status == 2, "\(spoken.errors)")
            #expect(spoken.errors.contains(taken) && spoken.errors.contains("--gateway"), "\(spoken.errors)")
        }

        @Test(.timeLimit(.minutes(1)))
        func `a backup taken while it runs restores the same sums in another folder`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("backup", "--tag", "team=growth")
            let body = #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}"#
            for _ in 1...3 { _ = try installation.call("/openai/v1/chat/completions", key: key, body: body) }
            let before = try await installation.spend(by: "team,model")
            let file = installation.scratch.path("backup.sqlite")
            #expect(try await installation.outlay("backup", file).status == 0)
            let folder = installation.scratch.path("restored")
            let restore = ["restore", file, "--data", folder]
            let restored = try await Spoken.by(Programs.outlay, restore, in: installation.scratch)
            #expect(restored.status == 0, "\(restored.errors)")
            let arguments = ["spend", "--by", "team,model", "--format", "json", "--data", folder]
            let after = try await Spoken.by(Programs.outlay, arguments, in: installation.scratch)
                .decoded(as: SpendReport.self)
            #expect(after.rows == before.rows)
            #expect(before.total.calls == 3)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a stopping server lets streams end and books them exactly`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("drain")
            let body = #"{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
            let speed = ("x-sandbox-token-ms", "25")
            let usage = ("x-sandbox-usage", "input=77,output=60")
            let request = installation.request(
                "/openai/v1/chat/completions",
                key: key,
                headers: [speed, usage],
                body: body
            )
            let connection = try HTTP.Connection(to: installation.gateway)
            try connection.send(request.bytes)
            var bytes = try #require(try connection.receive())
            installation.server.signal(SIGTERM)
            while let more = try connection.receive() { bytes.append(more) }
            #expect(try HTTP.Answer(bytes).text.hasSuffix("data: [DONE]\n\n"))
            await installation.server.end()
            let total = try await installation.spend(by: "key").total
            #expect(total.calls == 1)
            #expect(total.estimatedCalls + total.unmeteredCalls == 0)
            #expect(total.units("output") == 60)
        }
    }
}
