internal import OutlayCore

extension ConfigReader {
    mutating func readUpstream(_ fields: Fields) {
        let name = fields.required("name", ValueText.pathName)
        let builtIn = Upstream.builtIn.first { $0.name == name }
        let given = fields.value("base_url", ValueText.baseURL)
        let choice = fields.value("dialect", ValueText.choice(Upstream.Dialect.self))
        let isUnreadable = given == nil && fields.node("base_url") != nil
        let url = given ?? builtIn.flatMap { try? BaseURL($0.baseURL) }
        let host = url.flatMap { ProviderHost.of($0.host) }
        let dialect = choice ?? (fields.node("dialect") == nil ? host?.dialect ?? builtIn?.dialect : nil)
        if url == nil, !isUnreadable { log.error("\(fields.subject) needs 'base_url'", at: fields.place) }
        if dialect == nil, fields.node("dialect") == nil {
            let names = Upstream.Dialect.allCases.map(\.rawValue)
            log.error("\(fields.subject) needs 'dialect': \(Suggestion.listing(names))", at: fields.place)
        }
        var upstream = Upstream(
            name: name ?? "",
            dialect: dialect ?? .openaiCompatible,
            provider: fields.text("provider") ?? "",
            baseURL: url?.text ?? ""
        )
        if upstream.provider.isEmpty {
            upstream.provider = ProviderHost.provider(dialect: upstream.dialect, host: url?.host ?? "")
        }
        upstream.key = keySource(fields) ?? host.map { .environment($0.keyVariable) } ?? .none
        readContext(fields, &upstream, url?.host, host)
        readBehaviour(fields, &upstream)
        upstream.estimates = readEstimates(fields)
        fields.finish()
        if let name { define("upstream", name, at: fields.place) }
        if let url, !url.isTLS, !url.isPrivate, upstream.key != .none {
            log.warn(
                "'base_url' of \(fields.subject) sends the key unencrypted; use https",
                at: fields.place(of: "base_url")
            )
        }
        resources.upstreams.append(upstream)
    }

    /// `env:NAME`, `file:PATH`, `vault:NAME`, `client` or `none`; the key itself is never in a configuration.
    private func keySource(_ fields: Fields) -> Upstream.KeySource? {
        fields.value("key") { (text: String) throws(ValueProblem) in
            switch (text, text.split(separator: ":", maxSplits: 1).map(String.init)) {
            case ("client", _): return .client
            case ("none", _): return Upstream.KeySource.none
            case (_, let parts) where parts.count == 2 && parts[0] == "env":
                if let name = ValueText.variable(parts[1]) { return .environment(name) }
            case (_, let parts) where parts.count == 2 && parts[0] == "file":
                return .file(FilePath.resolved(parts[1], besideFile: fields.place.file))
            case (_, let parts) where parts.count == 2 && parts[0] == "vault":
                return .vault(parts[1])
            default: break
            }
            throw ValueProblem(
                "is not where a key is; use env:NAME, file:PATH, vault:NAME, client or none",
                hidesValue: true
            )
        }
    }

    /// What prices depend on and answers do not say.
    private func readContext(_ fields: Fields, _ upstream: inout Upstream, _ host: String?, _ known: ProviderHost?) {
        for field in RatingContext.fields where field.name != "api_host" {
            if let value = fields.text(field.name) { upstream.context[keyPath: field.path] = value }
        }
        if let host, let known, host != known.host { upstream.context.apiHost = host }
    }

    private mutating func readBehaviour(_ fields: Fields, _ upstream: inout Upstream) {
        for entry in fields.textMapping("deployments") { upstream.deployments[entry.key] = entry.text }
        for (fallback, place) in fields.texts("fallbacks") {
            upstream.fallbacks.append(fallback)
            use("upstream", fallback, by: fields.subject, at: place)
            if fallback == upstream.name { log.error("\(fields.subject) is its own fallback", at: place) }
        }
        let path = { (text: String) throws(ValueProblem) in
            FilePath.resolved(try ValueText.name(text), besideFile: fields.place.file)
        }
        upstream.certificateAuthorities = fields.value("ca_file", path)
        upstream.proxy = fields.value("proxy", Self.proxy)
        upstream.acceptsIncludeUsage = fields.value("include_usage", ValueText.flag) ?? true
        upstream.cancelStopsBilling = fields.value("cancel_stops_billing", ValueText.flag)
        upstream.writesMetadata = fields.value("write_metadata", ValueText.flag) ?? false
    }

    private static func proxy(_ text: String) throws(ValueProblem) -> String {
        let url = try ValueText.baseURL(text)
        guard !url.isTLS, url.path.isEmpty else { throw ValueProblem("is no proxy; write it as http://host:port") }
        return url.text
    }

    /// Fallbacks get the same body, so they must speak the same dialect; asked when all upstreams are known.
    func checkFallbacks(_ places: [String: Place]) {
        let upstreams = resources.withDefaultUpstreams().upstreams
        let families = Dictionary(upstreams.map { ($0.name, $0.dialect.family) }) { first, _ in first }
        for upstream in resources.upstreams {
            for fallback in upstream.fallbacks {
                guard let family = families[fallback], family != upstream.dialect.family,
                    let place = places[upstream.name]
                else { continue }
                log.error(
                    "upstream '\(upstream.name)' cannot fall back to '\(fallback)', which speaks another dialect",
                    at: place
                )
            }
        }
    }
}

extension Upstream.Dialect {
    /// Dialects of one family understand the same bodies.
    fileprivate var family: String {
        switch self {
        case .openai, .openaiCompatible, .azureOpenAI: "openai"
        case .anthropic, .gemini: rawValue
        }
    }
}
