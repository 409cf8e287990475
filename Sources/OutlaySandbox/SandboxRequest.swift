/// One request as the sandbox sees it.
struct SandboxRequest: Sendable {
    let method: String
    /// Without query, percent-encoded as it came.
    let path: String
    let query: [String: String]
    /// Names in lower case.
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    /// Counts the requests of this sandbox from 1.
    var number = 1

    init(method: String, uri: String, headers: [(String, String)], body: [UInt8] = []) {
        self.method = method
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path = parts.first.map(String.init) ?? "/"
        if path.hasPrefix("/v1beta/openai/") { path = "/v1/" + path.dropFirst("/v1beta/openai/".count) }
        self.path = path
        var query: [String: String] = [:]
        for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
            if let name = sides.first { query[name] = sides.count > 1 ? sides[1] : "" }
        }
        self.query = query
        self.headers = headers.map { ($0.0.lowercased(), $0.1) }
        self.body = body
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// Google's SDK asks for `/v1/models/M:verb`, older ones and the documentation for `/v1beta/…`.
    var dialect: Dialect {
        if path.hasPrefix("/v1beta/") || path.hasPrefix("/v1alpha/") { return .google }
        if header("anthropic-version") != nil || path.hasPrefix("/v1/messages") { return .anthropic }
        let isGoogle = path.contains(":") || header("x-goog-api-key") != nil || header("x-goog-api-client") != nil
        return path.hasPrefix("/v1/models") && isGoogle ? .google : .openai
    }

    /// The caller's key, wherever its dialect puts it.
    var key: String? {
        if let bearer = header("authorization"), bearer.lowercased().hasPrefix("bearer ") {
            return String(bearer.dropFirst("bearer ".count))
        }
        return header("x-api-key") ?? header("x-goog-api-key") ?? query["key"]
    }
}
