package import OutlayCore

/// What `method` on `path` does at a provider of `dialect`, as far as money is concerned.
///
/// - Parameters:
///   - method: In capitals.
///   - path: Everything behind the upstream's prefix, without the query: `/v1/chat/completions`.
///   - dialect: The upstream's.
/// - Returns: The route. What is not known and could cost something is `metered` under the name `other`; only
///   reading and deleting what is not known is free.
package func route(method: String, path: String, dialect: Upstream.Dialect) -> Route {
    if let known = Routes.known(path, method: method, dialect: dialect) { return known }
    let isReading = ["GET", "HEAD", "DELETE", "OPTIONS"].contains(method)
    return Route(api: "other", billing: isReading ? .free : .metered)
}

/// The tables of paths behind ``route(method:path:dialect:)``.
package enum Routes {
    /// Path segments without version prefixes, so that `/v1/x`, `/x` and `/openai/v1/x` are one.
    static func segments(_ path: String) -> [Substring] {
        var segments = path.split(separator: "/")[...]
        while let first = segments.first, isPrefix(first) { segments = segments.dropFirst() }
        return Array(segments)
    }

    /// `/api/chat`, but not `/api/v1/chat`.
    private static func isBelowAPI(_ path: String) -> Bool {
        let segments = path.split(separator: "/")
        return segments.count > 1 && segments[segments.count - 2] == "api"
    }

    private static func isPrefix(_ segment: Substring) -> Bool {
        ["v1", "v1beta", "v1alpha", "v1beta1", "v1beta2", "v2", "api", "openai", "anthropic"].contains(segment)
    }

    static func known(_ path: String, method: String, dialect: Upstream.Dialect) -> Route? {
        let segments = segments(path)
        return switch dialect {
        case .anthropic: anthropic(segments, method: method) ?? openAI(segments, method: method)
        case .gemini: gemini(segments, method: method) ?? openAI(segments, method: method)
        case .azureOpenAI: azure(segments, method: method)
        case .openai: openAI(segments, method: method)
        case .openaiCompatible:
            native(segments, method: method, isBelowAPI: isBelowAPI(path)) ?? openAI(segments, method: method)
                ?? anthropic(segments, method: method)
        }
    }

    /// Whether `segments` are `pattern`, where `*` is any one segment and `**` any rest.
    static func matches(_ segments: [Substring], _ pattern: String) -> Bool {
        guard pattern.utf8.contains(UInt8(ascii: "*")) else { return pattern == segments.joined(separator: "/") }
        let parts = pattern.split(separator: "/")
        if parts.last == "**" {
            return segments.count >= parts.count - 1 && zip(segments, parts.dropLast()).allSatisfy { isMatch($0, $1) }
        }
        return segments.count == parts.count && zip(segments, parts).allSatisfy { isMatch($0, $1) }
    }

    private static func isMatch(_ segment: Substring, _ part: Substring) -> Bool {
        part == "*" || segment == part
    }
}

// MARK: - OpenAI

extension Routes {
    private static let openAIPosts: [(pattern: String, api: String, billing: Route.Billing)] = [
        ("chat/completions", "chat.completions", .metered),
        ("completions", "completions", .metered),
        ("responses", "responses", .metered),
        ("responses/input_tokens", "responses.input_tokens", .free),
        ("responses/*/cancel", "responses.cancel", .free),
        ("responses/compact", "responses", .metered),
        ("embeddings", "embeddings", .metered),
        ("images/generations", "images", .metered),
        ("images/edits", "images", .metered),
        ("images/variations", "images", .metered),
        ("audio/speech", "audio.speech", .metered),
        ("audio/transcriptions", "audio.transcriptions", .metered),
        ("audio/translations", "audio.translations", .metered),
        ("decisions", "decisions", .metered),
        ("moderations", "moderations", .free),
        ("rerank", "rerank", .metered),
        ("batches", "batches", .deferred),
        ("batches/*/cancel", "batches", .free),
        ("files", "files", .free),
        ("uploads/**", "uploads", .free),
        ("vector_stores/**", "vector_stores", .free),
        ("conversations/**", "conversations", .free),
        ("realtime/client_secrets", "realtime.sessions", .free),
        ("realtime/sessions", "realtime.sessions", .free),
        ("chat/completions/*", "chat.completions", .free),
        ("fine_tuning/jobs", "fine_tuning", .deferred),
        ("fine_tuning/jobs/*/cancel", "fine_tuning", .free),
        ("tokenize", "tokenize", .free),
        ("detokenize", "tokenize", .free),
    ]

    private static let openAIGets: [(pattern: String, api: String, billing: Route.Billing)] = [
        ("models/**", "models", .free),
        ("responses/*", "responses", .retrieval),
        ("chat/completions/*", "chat.completions", .retrieval),
        ("files/*/content", "batch.output", .retrieval),
        ("batches/**", "batches", .free),
        ("realtime", "realtime", .refused),
        ("live", "live", .refused),
    ]

    /// Every path of OpenAI's API that has a row, with an example in the place of what varies.
    package static var openAIExamples: [(method: String, path: String)] {
        let posts = openAIPosts.map { ("POST", $0.pattern) }
        let gets = openAIGets.map { ("GET", $0.pattern) }
        return (posts + gets).map { method, pattern in
            let parts = pattern.split(separator: "/").map { $0.hasPrefix("*") ? "x" : String($0) }
            return (method, "/v1/" + parts.joined(separator: "/"))
        }
    }

    static func openAI(_ segments: [Substring], method: String) -> Route? {
        let table =
            switch method {
            case "POST": openAIPosts
            case "GET", "HEAD": openAIGets
            default: [(pattern: String, api: String, billing: Route.Billing)]()
            }
        let path = segments.joined(separator: "/")
        let known = table.first { $0.pattern == path } ?? table.first { matches(segments, $0.pattern) }
        return known.map { Route(api: $0.api, billing: $0.billing) }
    }

    /// `deployments/NAME/chat/completions`: the deployment stands where the model would.
    static func azure(_ segments: [Substring], method: String) -> Route? {
        guard segments.count > 2, segments[0] == "deployments" else { return openAI(segments, method: method) }
        guard var route = openAI(Array(segments[2...]), method: method) else { return nil }
        route.model = PathText.decoded(segments[1])
        return route
    }

    /// Own APIs of providers that otherwise speak OpenAI's: Ollama's below `/api`, Cohere's, Mistral's.
    static func native(_ segments: [Substring], method: String, isBelowAPI: Bool) -> Route? {
        guard method == "POST", let first = segments.first else { return nil }
        guard segments.count == 1 else { return bedrock(segments) }
        return switch first {
        case "chat", "generate", "embed": Route(api: isBelowAPI ? "ollama" : String(first), billing: .metered)
        case "ocr", "classify": Route(api: String(first), billing: .metered)
        case "show": Route(api: "models", billing: .free)
        default: nil
        }
    }

    /// `model/ID/converse`, `model/ID/invoke` and their streams.
    static func bedrock(_ segments: [Substring]) -> Route? {
        guard segments.count == 3, segments[0] == "model" else { return nil }
        let model = PathText.decoded(segments[1])
        switch segments[2] {
        case "converse": return Route(api: "bedrock.converse", billing: .metered, model: model)
        case "converse-stream":
            return Route(api: "bedrock.converse", billing: .metered, model: model, isStream: true)
        case "invoke": return Route(api: "bedrock.invoke", billing: .metered, model: model)
        case "invoke-with-response-stream":
            return Route(api: "bedrock.invoke", billing: .metered, model: model, isStream: true)
        case "count-tokens": return Route(api: "count_tokens", billing: .free, model: model)
        default: return nil
        }
    }
}

// MARK: - Anthropic and Gemini

extension Routes {
    static func anthropic(_ segments: [Substring], method: String) -> Route? {
        switch method {
        case "POST" where matches(segments, "messages"): Route(api: "messages", billing: .metered)
        case "POST" where matches(segments, "messages/count_tokens"): Route(api: "count_tokens", billing: .free)
        case "POST" where matches(segments, "messages/batches"): Route(api: "batches", billing: .deferred)
        case "POST" where matches(segments, "messages/batches/**"): Route(api: "batches", billing: .free)
        case "POST" where matches(segments, "files"): Route(api: "files", billing: .free)
        case "POST" where matches(segments, "complete"): Route(api: "complete", billing: .metered)
        case "GET" where matches(segments, "messages/batches/*/results"):
            Route(api: "batch.output", billing: .retrieval)
        case "GET" where matches(segments, "models/**"): Route(api: "models", billing: .free)
        default: nil
        }
    }

    /// Gemini names model and action in the last segment: `models/gemini-x:generateContent`.
    static func gemini(_ segments: [Substring], method: String) -> Route? {
        if method == "GET", let last = segments.last, last.hasSuffix("BidiGenerateContent") {
            return Route(api: "live", billing: .refused)
        }
        if method == "GET", segments.count == 2, segments[0] == "interactions" {
            return Route(api: "interactions", billing: .retrieval)
        }
        guard method == "POST", let last = segments.last else { return nil }
        if segments.count == 1, last == "interactions" { return Route(api: "interactions", billing: .metered) }
        if ["cachedContents", "files"].contains(last) { return Route(api: String(last), billing: .free) }
        guard let colon = last.lastIndex(of: ":") else { return nil }
        let model = PathText.decoded(last[..<colon])
        return geminiAction(String(last[last.index(after: colon)...]), model: model)
    }

    private static func geminiAction(_ action: String, model: String) -> Route? {
        switch action {
        case "generateContent": Route(api: "generateContent", billing: .metered, model: model)
        case "streamGenerateContent":
            Route(api: "generateContent", billing: .metered, model: model, isStream: true)
        case "embedContent", "batchEmbedContents": Route(api: "embedContent", billing: .metered, model: model)
        case "countTokens", "computeTokens": Route(api: "count_tokens", billing: .free, model: model)
        case "batchGenerateContent", "asyncBatchEmbedContent":
            Route(api: "batches", billing: .deferred, model: model)
        case "rawPredict": Route(api: "messages", billing: .metered, model: model)
        case "streamRawPredict": Route(api: "messages", billing: .metered, model: model, isStream: true)
        case "predict", "predictLongRunning": Route(api: "predict", billing: .metered, model: model)
        default: nil
        }
    }
}
