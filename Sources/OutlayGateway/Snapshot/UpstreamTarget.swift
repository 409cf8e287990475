internal import NIOSSL
internal import OutlayCore
internal import OutlayWire

/// An upstream made ready to be called: its address parsed, its key and trust roots loaded.
final class UpstreamTarget: Sendable {
    let upstream: Upstream
    let origin: Origin
    let proxy: Origin?
    /// `nil` for `http://` upstreams and where the client brings the key.
    let credential: ProviderCredential?
    let tls: NIOSSLContext?
    /// Connections are shared by everything that is reached the same way.
    let pool: PoolKey
    /// What the upstream's configuration says about rates, with the host where it may show the region.
    let context: RatingContext
    let cancelStopsBilling: Bool
    private let measures: [(models: [NamePattern], measure: TextMeasure)]

    init(
        _ upstream: Upstream,
        credential: ProviderCredential?,
        _ tokenizers: [String: Tokenizer] = [:]
    ) throws(GatewayConfigurationError) {
        guard let origin = Origin(upstream.baseURL) else {
            throw .badAddress(upstream: upstream.name, url: upstream.baseURL)
        }
        self.upstream = upstream
        measures = upstream.estimates.compactMap { estimate in
            switch estimate.measure {
            case .charactersPerToken(let ratio): (estimate.models, .ratio(ratio))
            case .tokenizer(let file): tokenizers[file].map { (estimate.models, .tokenizer($0)) }
            }
        }
        self.origin = origin
        self.credential = credential
        proxy = try Self.proxy(of: upstream)
        tls = origin.isTLS ? try Self.tls(of: upstream) : nil
        pool = PoolKey(origin: origin, proxy: proxy, authorities: upstream.certificateAuthorities)
        var context = upstream.context
        if context.apiHost == nil { context.apiHost = origin.host }
        self.context = context
        cancelStopsBilling = upstream.cancelStopsBilling ?? Self.cancelStopsBilling(provider: upstream.provider)
    }

    /// How the configuration says that tokens of `model` are estimated.
    func measure(of model: String?) -> TextMeasure? {
        guard !measures.isEmpty else { return nil }
        return measures.first { $0.models.contains { $0.matches(model ?? "") } }?.measure
    }

    private static func proxy(of upstream: Upstream) throws(GatewayConfigurationError) -> Origin? {
        guard let url = upstream.proxy else { return nil }
        guard let origin = Origin(url), !origin.isTLS else { throw .badProxy(upstream: upstream.name, url: url) }
        return origin
    }

    private static func tls(of upstream: Upstream) throws(GatewayConfigurationError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        do {
            if let path = upstream.certificateAuthorities {
                configuration.additionalTrustRoots = [
                    .certificates(try NIOSSLCertificate.fromPEMFile(path))
                ]
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badCertificates(upstream: upstream.name, path: upstream.certificateAuthorities ?? "the system's")
        }
    }

    /// Providers where closing the connection stops generating, and so the bill (published by OpenRouter).
    ///
    /// Unknown ones are read to the end: exact usage costs nothing more than what is billed anyway.
    private static func cancelStopsBilling(provider: String) -> Bool {
        [
            "openai", "azure", "anthropic", "deepseek", "xai", "together", "fireworks", "cohere", "novita", "deepinfra",
            "cloudflare",
        ].contains(provider)
    }
}

/// What makes two connections interchangeable.
struct PoolKey: Hashable, Sendable {
    var host: String
    var port: Int
    var isTLS: Bool
    var proxy: Origin?
    var authorities: String?

    init(origin: Origin, proxy: Origin?, authorities: String?) {
        host = origin.host
        port = origin.port
        isTLS = origin.isTLS
        self.proxy = proxy
        self.authorities = authorities
    }
}

/// Why a configuration cannot become a snapshot; the one in force stays.
package enum GatewayConfigurationError: Error, Hashable, CustomStringConvertible {
    case badAddress(upstream: String, url: String)
    case badProxy(upstream: String, url: String)
    case badCertificates(upstream: String, path: String)
    case badListenerCertificates(reason: String)

    package var description: String {
        switch self {
        case .badAddress(let upstream, let url):
            "upstream '\(upstream)': base_url '\(url)' must be http:// or https:// with a host and no query"
        case .badProxy(let upstream, let url):
            "upstream '\(upstream)': proxy '\(url)' must be http://host:port"
        case .badCertificates(let upstream, let path):
            "upstream '\(upstream)': \(path) certificate authorities cannot be read: it must be a PEM file"
        case .badListenerCertificates(let reason):
            "the listener's certificate or key cannot be used: \(reason)"
        }
    }
}
