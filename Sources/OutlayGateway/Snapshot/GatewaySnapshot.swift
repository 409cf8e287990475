package import OutlayCore
package import OutlayVault
package import OutlayWire
internal import Synchronization

/// One numbered configuration of the gateway; a call keeps the one it began with.
package final class GatewaySnapshot: Sendable {
    package let number: Int
    package let limits: GatewayLimits
    let pricing: any Pricing
    let attributing: any Attributing
    /// `nil` where no issuer of tokens is configured.
    package let tokens: TokenVerifier?
    private let targets: [String: UpstreamTarget]
    private let byDialect: [Upstream.Dialect: UpstreamTarget]
    private let keys: [KeyDigest: StoredKey]

    /// What a configuration may have besides.
    package struct Aids: Sendable {
        /// Checks signed tokens.
        package var tokens: TokenVerifier?
        /// Vocabularies that estimates are made with, by their path.
        package var tokenizers: [String: Tokenizer]

        package init(tokens: TokenVerifier? = nil, tokenizers: [String: Tokenizer] = [:]) {
            self.tokens = tokens
            self.tokenizers = tokenizers
        }
    }

    /// Makes a snapshot of resolved parts.
    ///
    /// `credentials` are the providers' keys by upstream name. `keys` holds revoked and expired ones too: they are
    /// told apart from unknown ones.
    package init(
        number: Int,
        upstreams: [Upstream],
        credentials: [String: ProviderCredential],
        keys: [StoredKey],
        tariff: (pricing: any Pricing, attributing: any Attributing),
        aids: Aids = Aids(),
        limits: GatewayLimits = GatewayLimits()
    ) throws(GatewayConfigurationError) {
        self.number = number
        self.limits = limits
        pricing = tariff.pricing
        attributing = tariff.attributing
        tokens = aids.tokens
        var targets: [String: UpstreamTarget] = [:]
        var byDialect: [Upstream.Dialect: UpstreamTarget] = [:]
        for upstream in upstreams {
            let target = try UpstreamTarget(upstream, credential: credentials[upstream.name], aids.tokenizers)
            targets[upstream.name] = target
            if byDialect[upstream.dialect] == nil { byDialect[upstream.dialect] = target }
        }
        self.targets = targets
        self.byDialect = byDialect
        self.keys = Dictionary(keys.map { ($0.digest, $0) }) { first, _ in first }
    }

    /// The upstream of that name; for the built-in names also the first one of that dialect.
    func target(named name: String) -> UpstreamTarget? {
        if let target = targets[name] { return target }
        return switch name {
        case "openai": byDialect[.openai] ?? byDialect[.openaiCompatible]
        case "anthropic": byDialect[.anthropic]
        case "gemini": byDialect[.gemini]
        default: nil
        }
    }

    func key(_ digest: KeyDigest) -> StoredKey? { keys[digest] }

    /// The fallbacks of `target` that exist, speak its dialect and are allowed to the key.
    func fallbacks(of target: UpstreamTarget, for rules: KeyRules) -> [UpstreamTarget] {
        target.upstream.fallbacks.compactMap { name in
            targets[name].flatMap {
                $0.upstream.dialect == target.upstream.dialect && rules.allows(upstream: name) ? $0 : nil
            }
        }
    }
}

/// The snapshot in force; replaced as a whole while calls go on with theirs.
package final class SnapshotBox: Sendable {
    private let current: Mutex<GatewaySnapshot>

    package init(_ snapshot: GatewaySnapshot) {
        current = Mutex(snapshot)
    }

    package var snapshot: GatewaySnapshot { current.withLock { $0 } }

    package func replace(with snapshot: GatewaySnapshot) {
        current.withLock { $0 = snapshot }
    }
}
