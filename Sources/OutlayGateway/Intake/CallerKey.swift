internal import OutlayCore
internal import OutlayVault
internal import OutlayWire

/// Finds out who calls, from the keys a request carries.
struct CallerKey {
    let stored: StoredKey
    /// Fields with the caller's own provider key, to be passed on untouched; empty unless the upstream wants them.
    let passed: [Field]
    /// The `key` parameter to pass on, in bring-your-own mode only.
    let passedQueryKey: String?

    init(
        _ fields: RequestFields,
        query: Query,
        target: UpstreamTarget,
        snapshot: GatewaySnapshot,
        seams: GatewaySeams
    ) throws(Refusal) {
        let isOwn = target.upstream.key == .client
        let candidates = Self.candidates(fields, query, tokens: snapshot.tokens)
        let secret: String
        if let caller = fields.callerKeys.first {
            guard fields.callerKeys.allSatisfy({ $0 == caller }) else { throw .twoKeys }
            secret = caller
            let others = isOwn ? [] : candidates.filter { $0 != caller }
            guard !others.contains(where: { snapshot.key(seams.digest($0)) != nil }) else { throw .twoKeys }
        } else {
            guard let first = candidates.first else { throw .noKey }
            guard candidates.allSatisfy({ $0 == first }) else { throw .twoKeys }
            guard !isOwn else { throw .noCaller }
            secret = first
        }
        guard let stored = snapshot.key(seams.digest(secret)) else { throw .unknownKey }
        try Self.check(stored, at: seams.now())
        self.stored = stored
        passed = isOwn ? fields.credentials : []
        passedQueryKey = isOwn ? query.keys.first : nil
    }

    private static func candidates(_ fields: RequestFields, _ query: Query, tokens: TokenVerifier?) -> [String] {
        let sent = fields.credentials.map { field in
            guard field.name.isField("authorization") else { return field.value }
            return CallerToken.bare(field.value)
        }
        guard let tokens, tokens.headers.contains("authorization") else { return sent + query.keys }
        return sent.filter { !TokenVerifier.isToken($0) } + query.keys
    }

    private static func check(_ key: StoredKey, at now: Timestamp) throws(Refusal) {
        if key.isRevoked(at: now) { throw .revokedKey }
        guard key.isValid(at: now) else { throw .expiredKey }
        guard key.rules.door != .ingest else { throw .wrongDoor }
    }
}

extension GatewaySeams {
    func digest(_ secret: String) -> KeyDigest {
        let bytes = Array(secret.utf8)
        return digest(bytes.span)
    }
}
