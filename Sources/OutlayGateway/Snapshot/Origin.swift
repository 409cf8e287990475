/// Where an upstream's base URL points: the only place its calls can go (S-01).
struct Origin: Hashable, Sendable {
    var isTLS: Bool
    var host: String
    var port: Int
    /// The base URL's path without a trailing slash; empty for none.
    var path: String

    /// - Returns: `nil` unless `url` is `http://` or `https://` with a host, no user, query or fragment.
    init?(_ url: String) {
        let rest: Substring
        if url.hasPrefix("https://") {
            (isTLS, rest) = (true, url.dropFirst(8))
        } else if url.hasPrefix("http://") {
            (isTLS, rest) = (false, url.dropFirst(7))
        } else {
            return nil
        }
        guard !rest.utf8.contains(where: { [0x40, 0x3F, 0x23, 0x5C].contains($0) || $0 <= 0x20 || $0 > 0x7E }) else {
            return nil
        }
        let authority = rest.prefix { $0 != "/" }
        path = String(rest.dropFirst(authority.count))
        while path.last == "/" { path.removeLast() }
        guard let (host, port) = Self.split(authority, defaultPort: isTLS ? 443 : 80) else { return nil }
        self.host = host
        self.port = port
    }

    private static func split(_ authority: Substring, defaultPort: Int) -> (String, Int)? {
        var host = authority
        var portText: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            guard tail.isEmpty || tail.first == ":" else { return nil }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty else { return nil }
        guard let portText else { return (String(host), defaultPort) }
        guard let port = Int(portText), (1...65535).contains(port) else { return nil }
        return (String(host), port)
    }

    /// The `Host` field of a request to it.
    var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }
}
