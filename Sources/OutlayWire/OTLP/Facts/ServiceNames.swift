import OutlayCore

/// From the names that emitters use to those of the price book.
enum ServiceNames {
    /// The provider that served a call, and its model's name without a provider before it.
    ///
    /// What the emitter declares counts, unless it names a framework; then the model's name tells.
    static func provider(declared: String?, model: String?) -> (provider: String, model: String?) {
        let stated = declared.flatMap { provider(named: $0) }
        guard let model, !model.isEmpty else { return (stated ?? ServiceUse.unknown, nil) }
        let name = model.hasPrefix("models/") ? String(model.dropFirst("models/".count)) : model
        if let slash = name.firstIndex(of: "/"), let prefix = provider(named: String(name[..<slash])),
            known.contains(prefix), stated == nil || stated == prefix
        {
            return (prefix, String(name[name.index(after: slash)...]))
        }
        return (stated ?? provider(ofModel: name) ?? ServiceUse.unknown, name)
    }

    /// The price book's name of a provider; `nil` for names of frameworks and of nothing.
    static func provider(named name: String) -> String? {
        let name = name.lowercased()
        if name.isEmpty || frameworks.contains(name) { return nil }
        if let provider = providers[name] { return provider }
        // As the Vercel AI SDK names them: the provider and its API.
        let head = String(name.prefix { $0 != "." && $0 != "/" })
        return providers[head] ?? name
    }

    /// The provider that makes models of this name, where only one does.
    static func provider(ofModel model: String) -> String? {
        let name = model.lowercased()
        if isBedrock(name) { return "aws" }
        // Open weights, which many serve.
        if name.hasPrefix("gpt-oss") { return nil }
        return makers.first { maker in maker.beginnings.contains { name.hasPrefix($0) } }?.provider
    }

    /// The API of a call, as far as its provider has more than one.
    static func api(of provider: String, operation: String?, apiType: String?, responseID: String?) -> String {
        switch operation?.lowercased() {
        case "embeddings", "embedding", "aembedding", "embed": return "embeddings"
        case "rerank", "reranker", "arerank": return "rerank"
        case "image_generation", "aimage_generation": return "images"
        case "transcription", "atranscription": return "audio.transcriptions"
        case "speech", "aspeech": return "audio.speech"
        default: break
        }
        switch provider {
        case "anthropic": return "messages"
        case "google": return "generateContent"
        case "aws": return "bedrock.converse"
        case "cohere": return "chat"
        case ServiceUse.unknown: return apiType ?? ServiceUse.unknown
        default: break
        }
        let isResponses = apiType == "responses" || responseID?.hasPrefix("resp_") == true
        return isResponses ? "responses" : "chat.completions"
    }

    /// Names that say who wrote the telemetry, not who served the call.
    private static let frameworks: Set<String> = [
        "strands-agents", "langchain", "langgraph", "litellm", "llamaindex", "llama_index", "crewai", "autogen",
        "haystack", "dspy", "openai_agents", "vercel", "ai", "_other", "other", "unknown", "custom", "none", "mock",
    ]

    private static let providers: [String: String] = [
        "openai": "openai", "openai-codex": "openai", "text-completion-openai": "openai", "codex": "openai",
        "azure": "azure", "azure.ai.openai": "azure", "azure.ai.inference": "azure", "az.ai.openai": "azure",
        "az.ai.inference": "azure", "azure_openai": "azure", "azure-openai": "azure", "azure_ai": "azure",
        "azure-ai": "azure", "foundry": "azure", "azureopenai": "azure",
        "anthropic": "anthropic", "firstparty": "anthropic", "claude-cli": "anthropic", "claude": "anthropic",
        "google": "google", "gemini": "google", "gcp.gemini": "google", "gcp.vertex_ai": "google",
        "gcp.gen_ai": "google", "gcp": "google", "vertex_ai": "google", "vertexai": "google", "vertex": "google",
        "google_genai": "google", "google-genai": "google", "google-gla": "google", "google-vertex": "google",
        "google_ai_studio": "google", "google-generative-ai": "google", "vertex_ai_beta": "google",
        "google_vertexai": "google", "google-gemini-cli": "google",
        "aws": "aws", "aws.bedrock": "aws", "bedrock": "aws", "amazon-bedrock": "aws", "amazon_bedrock": "aws",
        "bedrock_converse": "aws", "amazon": "aws",
        "mistral": "mistral", "mistral_ai": "mistral", "mistralai": "mistral",
        "deepseek": "deepseek",
        "xai": "xai", "x_ai": "xai", "x-ai": "xai", "x.ai": "xai",
        "groq": "groq",
        "together": "together", "together_ai": "together", "togetherai": "together",
        "cohere": "cohere", "cohere_chat": "cohere",
        "meta": "meta", "meta_llama": "meta",
        "voyage": "voyageai", "voyageai": "voyageai", "voyage_ai": "voyageai",
        "perplexity": "perplexity",
        "openrouter": "openrouter", "ollama": "ollama",
    ]

    /// The providers of the price book, and those that resell under the names of others.
    private static let known = Set(providers.values)

    private static let makers: [(provider: String, beginnings: [String])] = [
        (
            "openai",
            [
                "gpt-", "gpt4", "o1", "o3", "o4", "chatgpt", "text-embedding-3", "text-embedding-ada", "dall-e",
                "whisper-", "tts-1", "ft:gpt", "codex-", "davinci", "babbage", "omni-moderation",
            ]
        ),
        ("anthropic", ["claude"]),
        ("google", ["gemini", "text-embedding-004", "text-embedding-005", "imagen", "veo-"]),
        ("mistral", ["mistral-", "ministral", "codestral", "magistral", "devstral", "pixtral", "open-mi"]),
        ("deepseek", ["deepseek-"]),
        ("xai", ["grok"]),
        ("cohere", ["command-", "embed-v", "embed-english", "embed-multilingual", "rerank-"]),
        ("voyageai", ["voyage-"]),
        ("perplexity", ["sonar"]),
        ("meta", ["muse-"]),
    ]

    /// Whether a model's name is one of Amazon Bedrock's: `us.anthropic.claude-…`, `amazon.nova-…`.
    private static func isBedrock(_ name: String) -> Bool {
        if name.hasPrefix("arn:aws:bedrock") { return true }
        let regions = ["us.", "eu.", "apac.", "global.", "jp.", "au.", "us-gov."]
        let rest = regions.first { name.hasPrefix($0) }.map { String(name.dropFirst($0.count)) } ?? name
        let makers = [
            "anthropic.", "amazon.", "meta.", "cohere.", "mistral.", "ai21.", "deepseek.", "openai.", "qwen.",
        ]
        return makers.contains { rest.hasPrefix($0) }
    }
}
