// What is declared about each provider's API. A path that costs and has no row is still metered, as `other`; a path
// that is free must be declared here.

extension RouteRow {
    static let openAI: [RouteRow] = [
        .post("chat/completions", "chat.completions", .metered),
        .post("completions", "completions", .metered),
        .post("responses", "responses", .metered),
        .post("responses/input_tokens", "responses.input_tokens", .free),
        .post("responses/*/cancel", "responses.cancel", .free),
        .post("responses/compact", "responses", .metered),
        .post("embeddings", "embeddings", .metered),
        .post("images/generations", "images", .metered),
        .post("images/edits", "images", .metered),
        .post("images/variations", "images", .metered),
        .post("audio/speech", "audio.speech", .metered),
        .post("audio/transcriptions", "audio.transcriptions", .metered),
        .post("audio/translations", "audio.translations", .metered),
        .post("decisions", "decisions", .metered),
        .post("moderations", "moderations", .free),
        .post("rerank", "rerank", .metered),
        .post("batches", "batches", .deferred),
        .post("batches/*/cancel", "batches", .free),
        .post("files", "files", .free),
        .post("uploads/**", "uploads", .free),
        .post("vector_stores/**", "vector_stores", .free),
        .post("conversations/**", "conversations", .free),
        .post("realtime/client_secrets", "realtime.sessions", .free),
        .post("realtime/sessions", "realtime.sessions", .free),
        .post("chat/completions/*", "chat.completions", .free),
        .post("fine_tuning/jobs", "fine_tuning", .deferred),
        .post("fine_tuning/jobs/*/cancel", "fine_tuning", .free),
        .post("tokenize", "tokenize", .free),
        .post("detokenize", "tokenize", .free),
        .get("models/**", "models", .free),
        .get("responses/*", "responses", .retrieval),
        .get("chat/completions/*", "chat.completions", .retrieval),
        .get("files/*/content", "batch.output", .retrieval),
        .get("batches/**", "batches", .free),
        .get("realtime", "realtime", .refused),
        .get("live", "live", .refused),
    ]

    /// The deployment stands where the model would.
    static let azure: [RouteRow] = openAI.map { $0.below("deployments/{model}") }

    static let anthropic: [RouteRow] = [
        .post("messages", "messages", .metered),
        .post("messages/count_tokens", "count_tokens", .free),
        .post("messages/batches", "batches", .deferred),
        .post("messages/batches/**", "batches", .free),
        .post("files", "files", .free),
        .post("complete", "complete", .metered),
        .get("messages/batches/*/results", "batch.output", .retrieval),
        .get("models/**", "models", .free),
    ]

    /// Gemini and Vertex name model and action in the last segment, wherever it stands.
    static let gemini: [RouteRow] = [
        .post("interactions", "interactions", .metered),
        .post("**/{model}:generateContent", "generateContent", .metered),
        .post("**/{model}:streamGenerateContent", "generateContent", .metered, isStream: true),
        .post("**/{model}:embedContent", "embedContent", .metered),
        .post("**/{model}:batchEmbedContents", "embedContent", .metered),
        .post("**/{model}:countTokens", "count_tokens", .free),
        .post("**/{model}:computeTokens", "count_tokens", .free),
        .post("**/{model}:batchGenerateContent", "batches", .deferred),
        .post("**/{model}:asyncBatchEmbedContent", "batches", .deferred),
        .post("**/{model}:rawPredict", "messages", .metered),
        .post("**/{model}:streamRawPredict", "messages", .metered, isStream: true),
        .post("**/{model}:predict", "predict", .metered),
        .post("**/{model}:predictLongRunning", "predict", .metered),
        .post("**/cachedContents", "cachedContents", .free),
        .post("**/files", "files", .free),
        .get("**/*BidiGenerateContent", "live", .refused),
        .get("interactions/*", "interactions", .retrieval),
    ]

    /// Own APIs of providers that otherwise speak OpenAI's: Ollama's below `/api`, Cohere's, Mistral's.
    static let native: [RouteRow] = [
        .post("api/chat", "ollama", .metered),
        .post("api/generate", "ollama", .metered),
        .post("api/embed", "ollama", .metered),
        .post("chat", "chat", .metered),
        .post("generate", "generate", .metered),
        .post("embed", "embed", .metered),
        .post("ocr", "ocr", .metered),
        .post("classify", "classify", .metered),
        .post("show", "models", .free),
    ]

    static let bedrock: [RouteRow] = [
        .post("model/{model}/converse", "bedrock.converse", .metered),
        .post("model/{model}/converse-stream", "bedrock.converse", .metered, isStream: true),
        .post("model/{model}/invoke", "bedrock.invoke", .metered),
        .post("model/{model}/invoke-with-response-stream", "bedrock.invoke", .metered, isStream: true),
        .post("model/{model}/count-tokens", "count_tokens", .free),
    ]
}
