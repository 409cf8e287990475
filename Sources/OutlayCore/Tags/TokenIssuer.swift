/// Somebody whose signed tokens (JWT) say for sure who makes a call.
package struct TokenIssuer: Hashable, Sendable {
    /// Where the public keys are: a JSON Web Key Set.
    package enum KeySource: Hashable, Sendable {
        /// `env:NAME`
        case environment(String)
        /// `file:PATH`
        case file(String)
        /// `https://…/jwks.json`, read again from time to time.
        case url(String)
    }

    /// The request header that carries the token, in lower case; in `authorization` it comes after `Bearer`.
    package var header: String
    /// What the token's `iss` must be.
    package var issuer: String
    /// The token's `aud` must name one of these.
    package var audiences: [String]
    package var keys: KeySource
    /// The claim that names the user.
    package var user: String
    /// Further tags, by the claim that holds their value.
    package var tags: [Dimension: String]
    /// Whether a call without a verified token is refused.
    package var isRequired: Bool

    package init(
        issuer: String,
        audiences: [String],
        keys: KeySource,
        header: String = "authorization",
        user: String = "sub",
        tags: [Dimension: String] = [:]
    ) {
        self.header = header
        self.issuer = issuer
        self.audiences = audiences
        self.keys = keys
        self.user = user
        self.tags = tags
        isRequired = false
    }
}

/// What a verified token says of a call; its claims are the strongest after the key's locks.
package struct TokenClaims: Hashable, Sendable {
    /// The user, and whatever else its issuer's configuration takes from it.
    package var tags: [Tag]
    /// Who signed it, for `outlay explain`.
    package var issuer: String
    /// Dimensions whose claim in the token has no single value.
    package var dropped: [Dimension]

    package init(tags: [Tag], issuer: String, dropped: [Dimension] = []) {
        self.tags = tags
        self.issuer = issuer
        self.dropped = dropped
    }
}

extension Claims {
    /// Takes in what a verified token says.
    package mutating func add(_ token: TokenClaims) {
        for tag in token.tags { add(tag.dimension, tag.value, from: .token, detail: token.issuer) }
        for dimension in token.dropped { drop(dimension) }
    }
}
