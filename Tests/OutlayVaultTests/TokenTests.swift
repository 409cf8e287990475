import Crypto
import Foundation
import OutlayCore
import OutlayTestKit
import OutlayVault
import Testing

/// Which tokens are believed, and what they say.
@Suite struct TokenTests {
    private static let now = Timestamp(rfc3339: "2026-07-01T12:00:00Z") ?? Timestamp(seconds: 0)
    private static let seconds = now.microseconds / 1_000_000
    private static let signer = P256.Signing.PrivateKey()

    private static var issuer: TokenIssuer {
        TokenIssuer(
            issuer: "https://login.example.com",
            audiences: ["outlay"],
            keys: .file("jwks.json"),
            tags: [.team: "department", .costCenter: "realm.costs"]
        )
    }

    private static var jwk: [String: String] {
        let point = signer.publicKey.rawRepresentation
        return [
            "kty": "EC", "crv": "P-256", "kid": "k1", "x": base64(point.prefix(32)), "y": base64(point.suffix(32)),
        ]
    }

    private static func keys(_ members: [[String: String]] = [jwk]) async throws -> TokenKeys {
        let set = try JSONSerialization.data(withJSONObject: ["keys": members])
        return try #require(await TokenKeys(Array(set)))
    }

    private static func base64(_ bytes: some DataProtocol) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static let claims: [String: any Sendable] = [
        "iss": "https://login.example.com", "aud": "outlay", "sub": "u-17", "email": "ada@example.com",
        "department": "growth", "exp": seconds + 300,
    ]

    /// A token by hand: what the library makes of it is what is tested.
    private static func token(
        _ changes: [String: (any Sendable)?] = [:],
        header: [String: String] = ["alg": "ES256", "kid": "k1"],
        signature: ((Data) throws -> Data)? = nil
    ) throws -> String {
        var members: [String: any Sendable] = claims
        for (name, value) in changes { members[name] = value }
        let parts = [
            base64(try JSONSerialization.data(withJSONObject: header)),
            base64(try JSONSerialization.data(withJSONObject: members)),
        ].joined(separator: ".")
        let sign = signature ?? { try signer.signature(for: $0).rawRepresentation }
        return parts + "." + base64(try sign(Data(parts.utf8)))
    }

    private static func said(by token: String, _ rules: TokenIssuer = issuer) async throws -> TokenClaims? {
        TokenVerifier([(rules, try await keys())]).claims(of: token, in: rules.header, at: now)
    }

    @Test func `a verified token names the user and the configured tags`() async throws {
        let said = try await Self.said(by: Self.token(["realm": ["costs": 4711]]))
        #expect(said?.tags == [Tag(.user, "u-17"), Tag(.costCenter, "4711"), Tag(.team, "growth")])
        #expect(said?.issuer == "https://login.example.com")
    }

    @Test(arguments: ["es256", "rs256", "ps256"])
    func `tokens another library signed are verified`(_ algorithm: String) async throws {
        let keys = try #require(await TokenKeys(try Fixture.bytes("tokens/jwks.json")))
        let verifier = TokenVerifier([(Self.issuer, keys)])
        let token = try Fixture.text("tokens/ada.\(algorithm).jwt")
        #expect(verifier.claims(of: token, in: "authorization", at: Self.now)?.tags.first == Tag(.user, "u-17"))
        let changed = token.dropLast(20) + "AAAA" + token.suffix(16)
        #expect(verifier.claims(of: String(changed), in: "authorization", at: Self.now) == nil)
    }

    @Test func `an Ed25519 key verifies`() async throws {
        let key = Curve25519.Signing.PrivateKey()
        let jwk = ["kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": Self.base64(key.publicKey.rawRepresentation)]
        let verifier = TokenVerifier([(Self.issuer, try await Self.keys([jwk]))])
        let token = try Self.token(header: ["alg": "EdDSA", "kid": "ed"]) { try key.signature(for: $0) }
        #expect(verifier.claims(of: token, in: "authorization", at: Self.now) != nil)
    }

    @Test(
        arguments: [
            ("another issuer", ["iss": "https://evil.example.com"]), ("no issuer", ["iss": nil]),
            ("another audience", ["aud": "intranet"]), ("no audience", ["aud": nil]),
            ("an end in the past", ["exp": seconds - 61]), ("no end", ["exp": nil]),
            ("an end that is text", ["exp": "9e9"]),
            ("a beginning in the future", ["nbf": seconds + 61]), ("a beginning that is text", ["nbf": "0"]),
            ("no user", ["sub": nil]), ("an empty user", ["sub": ""]), ("two users", ["sub": ["a", "b"]]),
        ] as [(String, [String: (any Sendable)?])]
    )
    func `a well signed token is not believed with`(_ row: (what: String, changes: [String: (any Sendable)?]))
        async throws
    {
        #expect(try await Self.said(by: Self.token(row.changes)) == nil, "\(row.what)")
    }

    @Test(
        arguments: [["exp": seconds - 59], ["nbf": seconds + 59], ["aud": ["other", "outlay"]]]
            as [[String: any Sendable]]
    )
    func `clocks may differ by a minute, and several audiences are usual`(_ changes: [String: any Sendable])
        async throws
    {
        #expect(try await Self.said(by: Self.token(changes)) != nil)
    }

    @Test func `only the listed algorithms are believed, each with a key of its own kind`() async throws {
        let secret = Data(try JSONSerialization.data(withJSONObject: Self.jwk))
        let mac = { (text: Data) in Data(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: secret)))
        }
        let wrong: [(String, ((Data) throws -> Data)?)] = [
            ("none", { _ in Data() }), ("NONE", { _ in Data() }), ("HS256", mac), ("RS256", nil), ("ES384", nil),
            ("PS256", nil), ("EdDSA", nil), ("es256", nil),
        ]
        for (algorithm, sign) in wrong {
            let token = try Self.token(header: ["alg": algorithm, "kid": "k1"], signature: sign)
            #expect(try await Self.said(by: token) == nil, "\(algorithm)")
        }
    }

    @Test func `an unknown kid falls to no other key and is noted, so that the keys are read again`() async throws {
        let verifier = TokenVerifier([(Self.issuer, try await Self.keys())])
        for header in [["alg": "ES256", "kid": "k2"], ["alg": "ES256"], ["alg": "ES256", "kid": ""]] {
            #expect(verifier.claims(of: try Self.token(header: header), in: "authorization", at: Self.now) == nil)
        }
        #expect(verifier.takeMissed())
        #expect(!verifier.takeMissed())
    }

    @Test func `a key of one issuer does not verify the tokens of another`() async throws {
        var other = Self.issuer
        other.issuer = "https://other.example.com"
        let key = P256.Signing.PrivateKey().publicKey.rawRepresentation
        let jwk = [
            "kty": "EC", "crv": "P-256", "kid": "k1", "x": Self.base64(key.prefix(32)),
            "y": Self.base64(key.suffix(32)),
        ]
        let verifier = TokenVerifier([(Self.issuer, try await Self.keys()), (other, try await Self.keys([jwk]))])
        let token = try Self.token(["iss": "https://other.example.com"])
        #expect(verifier.claims(of: token, in: "authorization", at: Self.now) == nil)
    }

    @Test func `a token is believed only in its issuer's header`() async throws {
        let verifier = TokenVerifier([(Self.issuer, try await Self.keys())])
        #expect(verifier.claims(of: try Self.token(), in: "x-id-token", at: Self.now) == nil)
    }

    @Test func `what was found is kept until the token ends and no longer`() async throws {
        let verifier = TokenVerifier([(Self.issuer, try await Self.keys())])
        let token = try Self.token()
        for after in [Int64(0), 359] {
            let then = Self.now.advanced(bySeconds: after)
            #expect(verifier.claims(of: token, in: "authorization", at: then) != nil)
        }
        let after = Self.now.advanced(bySeconds: 361)
        #expect(verifier.claims(of: token, in: "authorization", at: after) == nil)
    }

    @Test func `tokens that begin alike are told apart`() async throws {
        let verifier = TokenVerifier([(Self.issuer, try await Self.keys())])
        let good = try Self.token()
        #expect(verifier.claims(of: good, in: "authorization", at: Self.now) != nil)
        let forged = String(good.dropLast(6)) + "AAAAAA"
        #expect(verifier.claims(of: forged, in: "authorization", at: Self.now) == nil)
    }

    @Test func `an unconfirmed address is nobody's`() async throws {
        var rules = Self.issuer
        rules.user = "email"
        #expect(try await Self.said(by: Self.token(), rules)?.tags.first == Tag(.user, "ada@example.com"))
        #expect(try await Self.said(by: Self.token(["email_verified": false]), rules) == nil)
    }

    @Test func `a claim with several values is no tag and is noted`() async throws {
        let said = try await Self.said(by: Self.token(["department": ["growth", "core"]]))
        #expect(said?.tags == [Tag(.user, "u-17")])
        #expect(said?.dropped == [.team])
        let one = try await Self.said(by: Self.token(["department": ["growth"]]))
        #expect(one?.tags.contains(Tag(.team, "growth")) ?? false)
    }

    @Test(arguments: [
        ["kty": "EC", "crv": "P-384"], ["use": "enc"], ["kid": ""], ["alg": "ES384"], ["alg": "HS256"], ["kty": "oct"],
        ["x": "AAAA"], ["y": "not base64!"],
    ])
    func `a key that cannot be used is left out`(_ changes: [String: String]) async throws {
        let set = try JSONSerialization.data(
            withJSONObject: ["keys": [Self.jwk.merging(changes) { $1 }]]
        )
        #expect(await TokenKeys(Array(set)) == nil)
    }

    @Test func `an RSA key of 1024 bits is left out`() async throws {
        let modulus = Self.base64(Data(repeating: 0xc5, count: 128))
        let set = try JSONSerialization.data(withJSONObject: ["kty": "RSA", "kid": "r", "n": modulus, "e": "AQAB"])
        #expect(await TokenKeys(Array(set)) == nil)
    }

    @Test func `cut and changed tokens are refused and never trap`() async throws {
        let verifier = TokenVerifier([(Self.issuer, try await Self.keys())])
        let token = Array(try Self.token().utf8)
        for index in token.indices {
            let cut = String(decoding: token[..<index], as: UTF8.self)
            #expect(verifier.claims(of: cut, in: "authorization", at: Self.now) == nil)
        }
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            var changed = token
            // The last character's low bits are padding: changing only them leaves the same signature.
            let index = Int.random(in: 0..<(changed.count - 1), using: &random)
            changed[index] = UInt8.random(in: 0...255, using: &random)
            guard changed != token else { continue }
            let text = String(decoding: changed, as: UTF8.self)
            #expect(verifier.claims(of: text, in: "authorization", at: Self.now) == nil, "seed 7, byte \(index)")
        }
    }
}
