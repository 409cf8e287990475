import OutlayCore
import Testing

@Suite struct UpstreamTests {
    @Test(arguments: [
        ("https://api.openai.com/v1", "https://api.openai.com/v1", 443),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1", 443),
        ("HTTPS://API.OpenAI.com:443/V1//", "https://api.openai.com/V1", 443),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", 8080),
        ("http://[::1]:9000/x", "http://[::1]:9000/x", 9000),
        ("http://vllm", "http://vllm", 80),
    ])
    func `a base URL is brought to one form`(_ text: String, _ form: String, _ port: Int) throws {
        let url = try BaseURL(text)
        #expect(url.text == form)
        #expect(url.port == port)
        #expect(try BaseURL(form) == url)
    }

    @Test(arguments: [
        "", "api.openai.com", "ftp://x", "https://", "https://user@x", "https://x?y", "https://x#y", "https://x:0",
        "https://x:65536", "https://x:", "https://x y", "https://[::1", "https://é.com", "https://x/../y",
        "https://x//y",
        "https://x\u{0}", "https://a_b:c:d", "https://[]", "https://x:+80",
    ])
    func `anything but scheme, host, port and path is no base URL`(_ text: String) {
        #expect(throws: BaseURL.Problem.self) { try BaseURL(text) }
    }

    @Test(arguments: [
        ("api.openai.com", "openai"), ("eu.api.openai.com", "openai"), ("api.anthropic.com", "anthropic"),
        ("api.groq.com", "groq"), ("openrouter.ai", "openrouter"), ("api.deepseek.com", "deepseek"),
        ("api.mistral.ai", "mistral"), ("api.x.ai", "xai"), ("api.together.xyz", "together"),
        ("acme.openai.azure.com", "azure"), ("generativelanguage.googleapis.com", "google"),
        ("europe-west4-aiplatform.googleapis.com", "google"), ("aiplatform.googleapis.com", "google"),
        ("api.perplexity.ai", "perplexity"), ("localhost", "openai-compatible"),
        ("evil-api.openai.com.example", "openai-compatible"),
        ("notapi.groq.com", "openai-compatible"),
    ])
    func `a provider is known by its host`(_ host: String, _ provider: String) {
        #expect(ProviderHost.provider(dialect: .openaiCompatible, host: host) == provider)
    }

    @Test func `on another host the dialect says whose prices apply`() {
        let providers = Upstream.Dialect.allCases.map { ProviderHost.provider(dialect: $0, host: "10.0.0.1") }
        #expect(providers == ["openai", "anthropic", "google", "azure", "openai-compatible"])
    }
}
