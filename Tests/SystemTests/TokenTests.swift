import Foundation
import OutlayTestKit
import Testing

extension Promises {
    /// Signed tokens: the one claim that a caller cannot make up.
    @Suite struct TokenTests {
        @Test(.timeLimit(.minutes(1)))
        func `keys of an issuer are fetched beside the calls, which are refused until they are there`() async throws {
            let scratch = try Scratch()
            let keys = ["type": "application/json", "body": try Fixture.text("tokens/jwks.json")]
            let answer = [
                "type": "application/json",
                "body": #"{"id":"c","model":"gpt-4o-mini","usage":{"prompt_tokens":10,"completion_tokens":5}}"#,
            ]
            let json = try JSONSerialization.data(withJSONObject: ["jwks": keys, "chat": answer])
            try scratch.write(String(decoding: json, as: UTF8.self), to: "recordings.json")
            let installation = try await Installation.withProvider(
                script: "replay_upstream.py",
                [scratch.path("recordings.json")],
                in: scratch
            )
            let key = try await installation.makeKey("tokens")
            let tokens = """
                tags:
                  tokens:
                    - issuer: https://login.example.com
                      audience: outlay
                      header: X-Id-Token
                      keys: "\(installation.provider)/v1/responses/jwks"
                      required: true

                """
            let file = try String(contentsOfFile: scratch.path("outlay.yaml"), encoding: .utf8)
            await installation.stop()
            try scratch.write(file + tokens, to: "outlay.yaml")
            try await installation.restart()
            let headers = [("x-id-token", try Fixture.text("tokens/ada.rs256.jwt")), ("x-replay", "chat")]
            let body = #"{"model":"gpt-4o-mini","messages":[]}"#
            var statuses: [Int] = []
            repeat {
                let path = "/openai/v1/chat/completions"
                statuses.append(try installation.call(path, key: key, headers: headers, body: body).status)
            } while statuses.last == 401 && statuses.count < 2000
            #expect(statuses.last == 200)
            #expect(try await installation.spend(by: "user").rows.map(\.key) == [["user": "u-17"]])
        }

        @Test(.timeLimit(.minutes(1)))
        func `a verified token decides the user and, by dated membership, the team; a forged one nothing`() async throws
        {
            let keys = Fixture.url("tokens/jwks.json").path
            let installation = try await Installation.withSandbox(
                """
                tags:
                  tokens:
                    - issuer: https://login.example.com
                      audience: outlay
                      header: X-Id-Token
                      keys: "file:\(keys)"
                      user: email
                      tags: { cost_center: realm.costs }
                  rules:
                    - { user: ada@example.com, tags: { team: core }, to: 2026-01-01 }
                    - { user: ada@example.com, tags: { team: growth }, from: 2026-01-01 }

                """
            )
            let key = try await installation.makeKey("tokens")
            let token = try Fixture.text("tokens/ada.es256.jwt")
            let body = #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}"#
            for (sent, user) in [(token, "liar@example.com"), (String(token.dropLast(9)) + "AAAAAAAAA", "eve")] {
                let headers = [("x-id-token", sent), ("x-user", user)]
                let answer = try installation.call(
                    "/openai/v1/chat/completions",
                    key: key,
                    headers: headers,
                    body: body
                )
                #expect(answer.status == 200)
            }
            let rows = try await installation.spend(by: "user,team,cost_center").rows
            #expect(
                Set(rows.map(\.key)) == [
                    ["user": "ada@example.com", "team": "growth", "cost_center": "4711"],
                    ["user": "eve", "team": nil, "cost_center": nil],
                ]
            )
        }
    }
}
