internal import OutlayCore

/// Where an upstream's base URL points: the only place its calls can go (S-01).
struct Origin: Hashable, Sendable {
    private let url: BaseURL

    /// - Returns: `nil` unless `text` is a base URL: `http://` or `https://` with a host, no user, query or fragment.
    init?(_ text: String) {
        guard let url = try? BaseURL(text) else { return nil }
        self.url = url
    }

    var isTLS: Bool { url.isTLS }
    var host: String { url.host }
    var port: Int { url.port }
    /// The base URL's path without a trailing slash; empty for none.
    var path: String { url.path }

    /// The `Host` field of a request to it.
    var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }
}
