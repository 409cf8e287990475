package import OutlayCore

/// The reader for one answer, chosen by the API it answers and how it is framed.
///
/// - Parameters:
///   - dialect: The upstream's dialect: what an `other` API most likely speaks.
///   - provider: The price book's provider: conventions differ between compatible providers.
///   - api: The route's API, by the price book's names.
///   - isStream: Whether a stream was asked for; used only where the content type does not say.
///   - contentType: The answer's `content-type`, parameters included.
///   - peek: What the request asked for.
/// - Returns: A reader of its own for this answer.
package func answerReader(
    dialect: Upstream.Dialect,
    provider: String,
    api: String,
    isStream: Bool,
    contentType: String?,
    peek: RequestPeek
) -> any AnswerReader {
    let asked = AskedCall(
        provider: provider,
        api: api,
        model: peek.model,
        cacheTTL: peek.context.cacheTTL,
        inputCharacters: peek.inputCharacters
    )
    return ModelAnswerReader(
        flavour: Flavours.flavour(provider: provider, api: api, dialect: dialect),
        asked: asked,
        framing: Flavours.framing(contentType: contentType, isStream: isStream, api: api)
    )
}

/// Which flavour and framing an answer has.
enum Flavours {
    static func flavour(provider: String, api: String, dialect: Upstream.Dialect) -> any AnswerFlavour.Type {
        switch api {
        case "chat.completions", "completions", "embeddings": chat(provider)
        case "messages", "messages.batches": AnthropicMessages.self
        case "responses", "decisions": OpenAIResponses.self
        case "generateContent", "streamGenerateContent", "embedContent": GeminiGenerate.self
        case "interactions": GeminiInteractions.self
        case "bedrock.converse": BedrockConverse.self
        case "bedrock.invoke": BedrockInvoke.self
        case "images": OpenAIImages.self
        case "audio.transcriptions", "audio.translations": OpenAITranscription.self
        case "audio.speech": OpenAISpeech.self
        case "realtime": OpenAIRealtime.self
        case "moderations": FreeAnswer.self
        case "ocr": MistralOCR.self
        case "ollama": OllamaNative.self
        case "chat" where provider == "ollama", "generate" where provider == "ollama": OllamaNative.self
        case "rerank" where provider != "openai", "embed", "classify": CohereV2.self
        case "chat" where provider == "cohere": CohereV2.self
        case "complete" where dialect == .anthropic: AnthropicMessages.self
        default: AnyShape.self
        }
    }

    private static func chat(_ provider: String) -> any AnswerFlavour.Type {
        switch provider {
        case "xai": XAIChat.self
        case "perplexity": PerplexityChat.self
        case "cohere": CohereV2.self
        default: OpenAIChat.self
        }
    }

    static func framing(contentType: String?, isStream: Bool, api: String) -> ModelAnswerReader.Framing {
        guard let contentType else { return api == "audio.speech" ? .opaque : .unknown }
        func isType(_ type: String) -> Bool { starts(contentType, with: type) }
        if isType("application/json") { return api == "ollama" && isStream ? .lines : .body }
        if isType("text/event-stream") { return .events }
        if isType("application/vnd.amazon.eventstream") { return .frames }
        if isType("application/x-ndjson") || isType("application/ndjson") { return .lines }
        if isType("application/jsonl") || isType("application/x-jsonl") { return .lines }
        if isType("audio/") || isType("image/") || isType("video/") { return .opaque }
        return api == "audio.speech" && !isStream ? .opaque : .unknown
    }

    /// Whether `text` begins with `prefix`, which is small letters, in any case.
    private static func starts(_ text: String, with prefix: String) -> Bool {
        let (letters, wanted) = (text.utf8.span, prefix.utf8.span)
        guard letters.count >= wanted.count else { return false }
        for index in wanted.indices {
            let byte = letters[index]
            guard (byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte) == wanted[index] else { return false }
        }
        return true
    }
}
