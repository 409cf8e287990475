import Foundation
import OutlayTestKit
import Testing

extension Promises {
    /// Signed tokens: the one claim that a caller cannot make up.
    @Suite struct TokenTests {
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
