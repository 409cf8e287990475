package import OutlayCore

/// The reader for one answer, chosen by the API it answers and how it is framed.
///
/// - Parameters:
///   - dialect: The upstream's dialect; decides where `api` is not known.
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
        case "chat.completions", "completions", "embeddings": chat(provider)
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
        let type = contentType?.lowercased().prefix { $0 != ";" } ?? ""
        let media = type.filter { $0 != " " }
        return switch media {
        case "text/event-stream": .events
        case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines": .lines
        case "application/json" where api == "ollama" && isStream: .lines
        case let media where media.hasPrefix("audio/") || media.hasPrefix("image/") || media.hasPrefix("video/"):
            .opaque
        case let media where media == "application/json" || media.hasSuffix("+json"): .body
        default: api == "audio.speech" ? .opaque : .unknown
        }
    }
}
