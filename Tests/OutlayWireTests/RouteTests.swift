import OutlayCore
import OutlayWire
import Testing

@Suite struct RouteTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let method: String
        let path: String
        let dialect: Upstream.Dialect
        let route: Route

        init(
            _ method: String,
            _ path: String,
            _ dialect: Upstream.Dialect,
            _ api: String,
            _ billing: Route.Billing,
            model: String? = nil
        ) {
            self.method = method
            self.path = path
            self.dialect = dialect
            let isStream = path.contains(":stream") || path.hasSuffix("-stream")
            route = Route(api: api, billing: billing, model: model, isStream: isStream)
        }

        var testDescription: String { "\(method) \(path)" }
    }

    static let vertex = "/v1/projects/p/locations/europe-west4/publishers/google/models/gemini-x"

    @Test(arguments: [
        Case("POST", "/v1/chat/completions", .openai, "chat.completions", .metered),
        Case("POST", "/chat/completions", .openaiCompatible, "chat.completions", .metered),
        Case("POST", "/api/v1/chat/completions", .openaiCompatible, "chat.completions", .metered),
        Case("POST", "/v1/responses", .openai, "responses", .metered),
        Case("GET", "/v1/responses/resp_1", .openai, "responses", .retrieval),
        Case("DELETE", "/v1/responses/resp_1", .openai, "other", .free),
        Case("POST", "/v1/embeddings", .openai, "embeddings", .metered),
        Case("POST", "/v1/images/edits", .openai, "images", .metered),
        Case("POST", "/v1/audio/speech", .openai, "audio.speech", .metered),
        Case("POST", "/v1/moderations", .openai, "moderations", .free),
        Case("POST", "/v1/batches", .openai, "batches", .deferred),
        Case("GET", "/v1/batches/b", .openai, "batches", .free),
        Case("GET", "/v1/files/f/content", .openai, "batch.output", .retrieval),
        Case("GET", "/v1/models", .openai, "models", .free),
        Case("GET", "/v1/models/gpt-5", .openai, "models", .free),
        Case("GET", "/v1/realtime", .openai, "realtime", .refused),
        Case("POST", "/v1/something/new", .openai, "other", .metered),
        Case("PATCH", "/v1/something/new", .openai, "other", .metered),
        Case("GET", "/v1/something/new", .openai, "other", .free),
        Case("HEAD", "/", .openai, "other", .free),
        Case(
            "POST",
            "/openai/deployments/my%20chat/chat/completions",
            .azureOpenAI,
            "chat.completions",
            .metered,
            model: "my chat"
        ),
        Case("POST", "/openai/v1/responses", .azureOpenAI, "responses", .metered),
        Case("POST", "/deployments/d/embeddings", .azureOpenAI, "embeddings", .metered, model: "d"),
        Case("POST", "/v1/messages", .anthropic, "messages", .metered),
        Case("POST", "/v1/messages/count_tokens", .anthropic, "count_tokens", .free),
        Case("POST", "/v1/messages/batches", .anthropic, "batches", .deferred),
        Case("GET", "/v1/messages/batches/b/results", .anthropic, "batch.output", .retrieval),
        Case("POST", "/v1/messages", .openaiCompatible, "messages", .metered),
        Case(
            "POST",
            "/v1beta/models/gemini-x:generateContent",
            .gemini,
            "generateContent",
            .metered,
            model: "gemini-x"
        ),
        Case(
            "POST",
            "/v1beta/models/gemini-x:streamGenerateContent",
            .gemini,
            "generateContent",
            .metered,
            model: "gemini-x"
        ),
        Case("POST", "/v1beta/models/gemini-x:countTokens", .gemini, "count_tokens", .free, model: "gemini-x"),
        Case("POST", vertex + ":generateContent", .gemini, "generateContent", .metered, model: "gemini-x"),
        Case("POST", "/v1beta/openai/chat/completions", .gemini, "chat.completions", .metered),
        Case("POST", "/v1beta/models/gemini-x:inventAction", .gemini, "other", .metered),
        Case("POST", "/v1beta/interactions", .gemini, "interactions", .metered),
        Case("GET", "/v1beta/models", .gemini, "models", .free),
        Case("POST", "/api/chat", .openaiCompatible, "ollama", .metered),
        Case("POST", "/api/generate", .openaiCompatible, "ollama", .metered),
        Case("POST", "/v2/chat", .openaiCompatible, "chat", .metered),
        Case("POST", "/v2/rerank", .openaiCompatible, "rerank", .metered),
        Case(
            "POST",
            "/model/eu.anthropic.claude/converse-stream",
            .openaiCompatible,
            "bedrock.converse",
            .metered,
            model: "eu.anthropic.claude"
        ),
        Case("POST", "/v1/ocr", .openaiCompatible, "ocr", .metered),
    ])
    func `a path says what it costs`(_ row: Case) {
        #expect(route(method: row.method, path: row.path, dialect: row.dialect) == row.route)
    }

    @Test(arguments: Upstream.Dialect.allCases)
    func `every declared row is reached by its own path, with or without a version`(_ dialect: Upstream.Dialect) {
        let rows = RouteTable.of(dialect).rows
        #expect(rows.count > 30)
        for row in rows {
            let found = route(method: row.method.rawValue, path: row.example, dialect: dialect)
            #expect(found == row.route(model: found.model), "\(row.method.rawValue) \(row.example)")
            guard row.example.hasPrefix("/v1/") else { continue }
            let bare = String(row.example.dropFirst(3))
            #expect(route(method: row.method.rawValue, path: bare, dialect: dialect) == found, "\(bare)")
        }
    }

    @Test(arguments: Upstream.Dialect.allCases)
    func `a path without a row is metered unless it only reads or deletes`(_ dialect: Upstream.Dialect) {
        for method in ["POST", "PUT", "PATCH", "QUERY"] {
            let found = route(method: method, path: "/v1/unheard/of", dialect: dialect)
            #expect(found == Route(api: "other", billing: .metered))
        }
        for method in ["GET", "HEAD", "DELETE", "OPTIONS"] {
            let found = route(method: method, path: "/v1/unheard/of", dialect: dialect)
            #expect(found == Route(api: "other", billing: .free))
        }
    }

    @Test(arguments: [
        ("/openai/v1/chat/completions", false, "openai", "/v1/chat/completions"),
        ("/anthropic/v1/messages", false, "anthropic", "/v1/messages"),
        ("/gemini/v1beta/models/m:generateContent", false, "gemini", "/v1beta/models/m:generateContent"),
        (
            "/u/my-azure/openai/deployments/d/chat/completions", false, "my-azure",
            "/openai/deployments/d/chat/completions"
        ),
        ("/u/a%20b/x", false, "a b", "/x"),
        ("/v1/messages", false, "anthropic", "/v1/messages"),
        ("/v1/models/gemini-x:generateContent", false, "gemini", "/v1/models/gemini-x:generateContent"),
        ("/v1/models/ft:gpt-4o-mini:acme::Ab", false, "openai", "/v1/models/ft:gpt-4o-mini:acme::Ab"),
        ("/v1/models", true, "anthropic", "/v1/models"),
        ("/v1/models", false, "openai", "/v1/models"),
        ("/v1beta/models", false, "gemini", "/v1beta/models"),
        ("/openai", false, "openai", "/"),
        (
            "/u/bedrock/model/arn%3Aaws%3Aprofile%2Fx/converse", false, "bedrock",
            "/model/arn%3Aaws%3Aprofile%2Fx/converse"
        ),
    ])
    func `a public path names its upstream`(_ row: (path: String, isAnthropic: Bool, upstream: String, rest: String))
        throws
    {
        let path = try PublicPath(row.path, hasAnthropicVersion: row.isAnthropic)
        #expect(path == PublicPath(upstream: row.upstream, path: row.rest))
    }

    @Test(arguments: [
        "/openai/../admin", "/openai/v1/%2e%2e/x", "/openai/v1/..%2fx", "/openai/%252e%252e/x", "/u/x/./y", "openai/v1",
        "/openai/v1/%0d%0ahost", "/openai/v1/\\x", "/openai/v1/%5c..", "/openai/v1/a b", "/openai/v1/%zz", "/openai/é",
        "",
        "/openai/v1/%00", "/openai/" + String(repeating: "x", count: 5000),
    ])
    func `a path that could mean another one is never forwarded`(_ path: String) {
        #expect(throws: PublicPath.Problem.unsafe) { try PublicPath(path, hasAnthropicVersion: false) }
    }

    @Test(arguments: ["/", "/favicon.ico", "/u", "/v3/x"])
    func `a path that names no upstream is unknown`(_ path: String) {
        #expect(throws: PublicPath.Problem.unknown) { try PublicPath(path, hasAnthropicVersion: false) }
    }

    @Test(arguments: [
        ("/v1", "/v1/models", "/v1/models"), ("/v1", "/models", "/v1/models"), ("", "/v1/models", "/v1/models"),
        ("/api/v1/", "/v1/x", "/api/v1/x"), ("/v1", "/v1beta/x", "/v1/v1beta/x"), ("/team", "/team/x", "/team/team/x"),
        ("", "/", "/"), ("/v1", "/v1/files/", "/v1/files/"), ("/openai/v1", "/v1", "/openai/v1"),
    ])
    func `a doubled version collapses`(_ row: (base: String, path: String, joined: String)) {
        #expect(PublicPath.join(base: row.base, path: row.path) == row.joined)
    }
}
