/// What is known of a provider's own host: whose prices apply, how it speaks, where its key usually is.
package struct ProviderHost: Hashable, Sendable {
    /// The host, or with a leading `.` or `-` the end of it.
    package let host: String
    /// The price book's name of the provider.
    package let provider: String
    package let dialect: Upstream.Dialect
    /// The environment variable that usually holds the key.
    package let keyVariable: String

    private init(_ host: String, _ provider: String, _ dialect: Upstream.Dialect, _ keyVariable: String) {
        self.host = host
        self.provider = provider
        self.dialect = dialect
        self.keyVariable = keyVariable
    }

    /// The entry that `host` belongs to: the host itself, or one below it (`eu.api.openai.com`).
    package static func of(_ host: String) -> ProviderHost? {
        known.first { entry in
            let isEnding = entry.host.hasPrefix(".") || entry.host.hasPrefix("-")
            return host == entry.host || host.hasSuffix(isEnding ? entry.host : "." + entry.host)
        }
    }

    /// The price book's provider of an upstream that does not name one.
    package static func provider(dialect: Upstream.Dialect, host: String) -> String {
        if let known = of(host) { return known.provider }
        switch dialect {
        case .anthropic: return "anthropic"
        case .gemini: return "google"
        case .azureOpenAI: return "azure"
        case .openai: return "openai"
        case .openaiCompatible: return "openai-compatible"
        }
    }

    /// The providers' published API hosts.
    package static let known: [ProviderHost] = [
        ProviderHost("api.openai.com", "openai", .openai, "OPENAI_API_KEY"),
        ProviderHost("api.anthropic.com", "anthropic", .anthropic, "ANTHROPIC_API_KEY"),
        ProviderHost("generativelanguage.googleapis.com", "google", .gemini, "GEMINI_API_KEY"),
        ProviderHost("aiplatform.googleapis.com", "google", .gemini, "GOOGLE_API_KEY"),
        ProviderHost("-aiplatform.googleapis.com", "google", .gemini, "GOOGLE_API_KEY"),
        ProviderHost(".openai.azure.com", "azure", .azureOpenAI, "AZURE_OPENAI_API_KEY"),
        ProviderHost(".services.ai.azure.com", "azure", .azureOpenAI, "AZURE_OPENAI_API_KEY"),
        ProviderHost("api.groq.com", "groq", .openaiCompatible, "GROQ_API_KEY"),
        ProviderHost("openrouter.ai", "openrouter", .openaiCompatible, "OPENROUTER_API_KEY"),
        ProviderHost("api.deepseek.com", "deepseek", .openaiCompatible, "DEEPSEEK_API_KEY"),
        ProviderHost("api.mistral.ai", "mistral", .openaiCompatible, "MISTRAL_API_KEY"),
        ProviderHost("api.x.ai", "xai", .openaiCompatible, "XAI_API_KEY"),
        ProviderHost("api.together.xyz", "together", .openaiCompatible, "TOGETHER_API_KEY"),
        ProviderHost("api.together.ai", "together", .openaiCompatible, "TOGETHER_API_KEY"),
        ProviderHost("api.perplexity.ai", "perplexity", .openaiCompatible, "PERPLEXITY_API_KEY"),
        ProviderHost("api.cohere.com", "cohere", .openaiCompatible, "COHERE_API_KEY"),
        ProviderHost("api.cohere.ai", "cohere", .openaiCompatible, "COHERE_API_KEY"),
        ProviderHost("api.llama.com", "meta", .openaiCompatible, "LLAMA_API_KEY"),
        ProviderHost("api.voyageai.com", "voyageai", .openaiCompatible, "VOYAGE_API_KEY"),
    ]
}

extension Upstream {
    /// The upstreams every installation has, by the name they are reached by.
    package static let builtIn: [Upstream] = [
        builtIn("openai", .openai, "https://api.openai.com/v1", "OPENAI_API_KEY"),
        builtIn("anthropic", .anthropic, "https://api.anthropic.com", "ANTHROPIC_API_KEY"),
        builtIn("gemini", .gemini, "https://generativelanguage.googleapis.com", "GEMINI_API_KEY"),
    ]

    private static func builtIn(_ name: String, _ dialect: Dialect, _ url: String, _ variable: String) -> Upstream {
        let provider = dialect == .gemini ? "google" : name
        return Upstream(
            name: name,
            dialect: dialect,
            provider: provider,
            baseURL: url,
            key: .environment(variable)
        )
    }
}

extension Resources {
    /// These resources with the built-in upstreams that they do not define themselves.
    package func withDefaultUpstreams() -> Resources {
        var complete = self
        complete.upstreams += Upstream.builtIn.filter { own in !upstreams.contains { $0.name == own.name } }
        return complete
    }
}
