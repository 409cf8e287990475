internal import Foundation
internal import JWTKit
package import OutlayCore
internal import Synchronization

/// Decides whether a token is believed, and what it says: signature, issuer, audience and times (S-14).
///
/// Verifying costs tens of microseconds, so what was found is kept by the token's SHA-256, in full, until it expires,
/// for a bounded number of tokens. Made anew with every configuration and every change of the issuers' keys.
package final class TokenVerifier: Sendable {
    /// Clocks may differ by this many seconds.
    static let leewaySeconds: Int64 = 60
    /// Longer tokens are not looked at.
    static let bytesMax = 16 * 1024

    /// Whether a call without a verified token is refused.
    package let isRequired: Bool
    /// The headers tokens come in, in lower case.
    package let headers: Set<String>
    private let issuers: [(rules: TokenIssuer, keys: TokenKeys)]
    private let cache = Mutex(TokenCache())
    private let missed = Atomic<Bool>(false)

    /// Makes a verifier of `issuers`, each with its own keys and never another's.
    package init(_ issuers: [(rules: TokenIssuer, keys: TokenKeys)]) {
        self.issuers = issuers
        isRequired = issuers.contains { $0.rules.isRequired }
        headers = Set(issuers.map(\.rules.header))
    }

    /// What the token in `header` says; `nil` when it is none of a known issuer, not for us, or not valid at `now`.
    package func claims(of token: String, in header: String, at now: Timestamp) -> TokenClaims? {
        guard token.utf8.count <= Self.bytesMax, Self.isToken(token) else { return nil }
        let name = TokenCache.Name(digest: KeyDigest(of: Array(token.utf8).span), header: header)
        if let known = cache.withLock({ $0.find(name, at: now) }) { return known.claims }
        let entry = verify(Array(token.utf8), in: header, at: now)
        cache.withLock { $0.add(name, entry) }
        return entry.claims
    }

    /// Whether `text` has the form of a signed token: three parts, the first a JSON object in base64url.
    package static func isToken(_ text: String) -> Bool {
        text.utf8.starts(with: "eyJ".utf8) && text.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2
    }

    /// Whether a token named a key that is not known, since this was asked last: the keys may have changed.
    package func takeMissed() -> Bool {
        missed.exchange(false, ordering: .relaxed)
    }

    private func verify(_ token: [UInt8], in header: String, at now: Timestamp) -> TokenCache.Entry {
        let refused = TokenCache.Entry(claims: nil, until: now.advanced(bySeconds: TokenCache.refusedSeconds))
        let parser = DefaultJWTParser()
        guard let (head, payload, signature) = try? parser.parse(token, as: TokenPayload.self),
            let algorithm = head.alg, let kid = head.kid, head.crit == nil,
            let issuer = issuers.first(where: { $0.rules.header == header && $0.rules.issuer == payload.issuer })
        else { return refused }
        guard let key = issuer.keys.algorithm(TokenKeys.Name(kid: kid, algorithm: algorithm)) else {
            missed.store(true, ordering: .relaxed)
            return refused
        }
        let end = token.lastIndex(of: UInt8(ascii: ".")) ?? token.endIndex
        guard (try? key.verify(signature, signs: token[..<end])) == true,
            issuer.rules.audiences.contains(where: payload.audiences.contains),
            let expires = payload.expires, payload.isValid(at: now, leeway: Self.leewaySeconds),
            let claims = payload.claims(by: issuer.rules)
        else { return refused }
        let last = min(expires, Int64.max / 2_000_000)
        return TokenCache.Entry(claims: claims, until: Timestamp(seconds: last + Self.leewaySeconds))
    }
}

/// What was found of tokens, young and old: when the young are many, the old ones go.
struct TokenCache {
    static let countMax = 8192
    /// Keys may arrive and clocks move: what was refused is looked at again after this long.
    static let refusedSeconds: Int64 = 10

    struct Name: Hashable {
        var digest: KeyDigest
        var header: String
    }

    struct Entry {
        /// `nil` for a token that is not believed.
        var claims: TokenClaims?
        var until: Timestamp
    }

    private var young: [Name: Entry] = [:]
    private var old: [Name: Entry] = [:]

    mutating func find(_ name: Name, at now: Timestamp) -> Entry? {
        if let entry = young[name] { return now < entry.until ? entry : nil }
        guard let entry = old[name], now < entry.until else { return nil }
        add(name, entry)
        return entry
    }

    mutating func add(_ name: Name, _ entry: Entry) {
        if young.count >= Self.countMax / 2 { (old, young) = (young, [:]) }
        young[name] = entry
    }
}
