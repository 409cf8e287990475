import OutlayCore
import OutlayGateway
import OutlayTestKit
import OutlayVault
import Testing

/// Signed tokens at the gateway: who calls is what a verified one says.
@Suite(.timeLimit(.minutes(1))) struct TokenTests {
    private static func verifier(header: String, isRequired: Bool = false) async throws -> TokenVerifier {
        var issuer = TokenIssuer(
            issuer: "https://login.example.com",
            audiences: ["outlay"],
            keys: .file("jwks.json"),
            header: header
        )
        issuer.isRequired = isRequired
        let keys = try #require(await TokenKeys(try Fixture.bytes("tokens/jwks.json")))
        return TokenVerifier([(issuer, keys)])
    }

    private static func call(
        fields: [String],
        key: String? = Harness.clientKey,
        by verifier: TokenVerifier
    ) async throws -> (answer: Answer, user: String?, forwarded: String?) {
        let result = Box<(Answer, String?, String?)>()
        try await Harness.run {
            $0.aids.tokens = verifier
        } script: { _ in
            [.send(json(Chat.answer))]
        } test: { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.request, fields: fields, key: key))
            let events = answer.status == 200 ? await gateway.book.settled(1) : []
            result.value = (answer, events.first?.attribution.effective[.user], gateway.upstream.requests.first?.head)
        }
        return try #require(result.value)
    }

    @Test func `a token in a header of its own names the user, and does not reach the provider`() async throws {
        let token = try Fixture.text("tokens/ada.es256.jwt")
        let verifier = try await Self.verifier(header: "x-forwarded-access-token", isRequired: true)
        let called = try await Self.call(fields: ["X-Forwarded-Access-Token: \(token)"], by: verifier)
        #expect(called.user == "u-17")
        #expect(called.forwarded?.contains(token) == false)
    }

    @Test(arguments: ["X-Outlay-Key", "X-Api-Key"])
    func `a token in Authorization stands beside the key elsewhere`(_ header: String) async throws {
        let token = try Fixture.text("tokens/ada.rs256.jwt")
        let fields = ["Authorization: Bearer \(token)", "\(header): \(Harness.clientKey)"]
        let verifier = try await Self.verifier(header: "authorization")
        let called = try await Self.call(fields: fields, key: nil, by: verifier)
        #expect(called.user == "u-17")
        #expect(called.forwarded?.contains(token) == false)
    }

    @Test func `a token that cannot be verified says nothing`() async throws {
        let token = try Fixture.text("tokens/ada.es256.jwt").dropLast(8) + "AAAAAAAA"
        let verifier = try await Self.verifier(header: "x-id-token")
        let called = try await Self.call(fields: ["X-Id-Token: \(token)"], by: verifier)
        #expect(called.answer.status == 200)
        #expect(called.user == nil)
    }

    @Test(arguments: [[], ["X-Id-Token: eyJub3QiOiJvbmUifQ.e30.AAAA"]])
    func `where a token is required, a call without a good one is refused`(_ fields: [String]) async throws {
        let verifier = try await Self.verifier(header: "x-id-token", isRequired: true)
        let called = try await Self.call(fields: fields, by: verifier)
        #expect(called.answer.status == 401)
        #expect(called.answer.text.contains("invalid_token"))
        #expect(called.forwarded == nil)
    }
}
