internal import OutlayCore
internal import OutlayVault
internal import OutlayWire

/// Finds and checks the signed token of a call; asked only where a configuration has `tags.tokens`.
enum CallerToken {
    /// What the first verified token of a call says; `nil` when none is, and none is required.
    ///
    /// Asked after the key, so that strangers cannot make the gateway verify signatures.
    static func claims(_ head: RequestHead, by verifier: TokenVerifier, at now: Timestamp) throws(Refusal)
        -> TokenClaims?
    {
        for field in head.fields {
            let header = field.name.lowercased()
            guard verifier.headers.contains(header) else { continue }
            if let claims = verifier.claims(of: bare(field.value), in: header, at: now) { return claims }
        }
        guard !verifier.isRequired else { throw .unverifiedToken }
        return nil
    }

    /// `value` without `Bearer` before it.
    static func bare(_ value: String) -> String {
        let scheme = "bearer "
        return value.hasFieldPrefix(scheme) ? String(Substring(value.utf8.dropFirst(scheme.utf8.count))) : value
    }
}
