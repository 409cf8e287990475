internal import OutlayCore

extension ConfigReader {
    /// Reads whose signed tokens are believed, and what is taken from them.
    ///
    /// `tokens: [{ issuer, audience, keys, header, user, tags, required }]`
    mutating func readTokens(_ fields: Fields) {
        guard let node = fields.node("tokens") else { return }
        for item in fields.list(node, "'tokens' of tags") {
            if let token = Fields(item, "token", log) { readToken(token) }
        }
    }

    private mutating func readToken(_ fields: Fields) {
        let issuer = fields.required("issuer", ValueText.name)
        let audiences = fields.texts("audience").map(\.text)
        if fields.node("audience") == nil {
            log.error("\(fields.subject) needs 'audience': what its tokens name us in 'aud'", at: fields.place)
        }
        let keys = keySource(fields)
        let header = fields.value("header", Self.header) ?? "authorization"
        let user = fields.value("user", ValueText.name) ?? "sub"
        var tags: [Dimension: String] = [:]
        for entry in fields.textMapping("tags") {
            guard let dimension = dimension(entry.key, by: fields.subject, at: entry.keyPlace),
                let claim = fields.read(entry.text, at: entry.place, "tags", ValueText.name)
            else { continue }
            if dimension == .user {
                log.error("\(fields.subject) sets the user under 'tags'; use 'user'", at: entry.keyPlace)
            }
            tags[dimension] = claim
        }
        let isRequired = fields.value("required", ValueText.flag) ?? false
        fields.finish()
        guard let issuer, let keys, !audiences.isEmpty else { return }
        define("token", "\(issuer)' in '\(header)", at: fields.place)
        var token = TokenIssuer(
            issuer: issuer,
            audiences: audiences,
            keys: keys,
            header: header,
            user: user,
            tags: tags
        )
        token.isRequired = isRequired
        resources.tags.tokens.append(token)
    }

    /// A header that may carry a token: not one that is something else already.
    private static func header(_ text: String) throws(ValueProblem) -> String {
        let name = text.lowercased()
        let isGood = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || Dimension(String(UnicodeScalar(byte))) != nil
        }
        guard isGood, (1...64).contains(name.utf8.count) else { throw ValueProblem("is no name of a header") }
        guard !taken.contains(name), Spellings().dimension(header: name) == nil else {
            throw ValueProblem("means something else already; use another header")
        }
        return name
    }

    private static let taken: Set<String> = [
        "host", "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "upgrade",
        "x-api-key", "x-goog-api-key", "api-key", "x-outlay-key", "x-outlay-tags", "baggage", "traceparent", "cookie",
    ]

    private func keySource(_ fields: Fields) -> TokenIssuer.KeySource? {
        fields.required("keys") { (text: String) throws(ValueProblem) in
            if text.hasPrefix("env:"), let name = ValueText.variable(text.dropFirst(4)) { return .environment(name) }
            if text.hasPrefix("file:"), text.utf8.count > 5 {
                return .file(FilePath.resolved(String(text.dropFirst(5)), besideFile: fields.place.file))
            }
            guard text.hasPrefix("http") else {
                throw ValueProblem("is not where a key set is; use https://…, file:PATH or env:NAME")
            }
            let url = try ValueText.baseURL(text)
            guard url.isTLS || ["localhost", "127.0.0.1", "::1"].contains(url.host) else {
                throw ValueProblem("is not encrypted: whoever changes the keys on their way can sign; use https")
            }
            return TokenIssuer.KeySource.url(url.text)
        }
    }
}
