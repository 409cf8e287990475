import OutlayCore
import Testing

@testable import OutlaySandbox

@Suite struct DialectTests {
    @Test func `chat reports prompt tokens with the cached ones among them`() {
        let played = Played("/v1/chat/completions", Ask.chat, [Ask.exact])
        #expect(played.json.text("object") == "chat.completion")
        #expect(played.json.text("choices.0.finish_reason") == "stop")
        #expect(played.json.integer("usage.prompt_tokens") == 4800)
        #expect(played.json.integer("usage.prompt_tokens_details.cached_tokens") == 800)
        #expect(played.json.integer("usage.completion_tokens") == 10)
        #expect(played.json.integer("usage.completion_tokens_details.reasoning_tokens") == 4)
        #expect(played.json.integer("usage.total_tokens") == 4810)
        #expect(played.json.text("choices.0.message.content")?.split(separator: " ").count == 6)
    }

    @Test func `a chat stream carries usage only when it is asked for`() {
        let asked = Played("/v1/chat/completions", String(Ask.chatStream), [Ask.exact])
        #expect(asked.events.last?.integer("usage.completion_tokens") == 10)
        #expect(asked.events.last?["choices"]?.elements.isEmpty == true)
        #expect(asked.events.dropLast().allSatisfy { if case .null? = $0["usage"] { true } else { false } })
        #expect(asked.text.hasSuffix("data: [DONE]\n\n"))
        let plain = String(Ask.chat.dropLast() + #","stream":true}"#)
        #expect(Played("/v1/chat/completions", plain).events.allSatisfy { $0["usage"] == nil })
    }

    @Test(arguments: [
        ("/v1/chat/completions", String(Ask.chat), String(Ask.chatStream), "choices.0.message.content"),
        ("/v1/messages", String(Ask.messages), String(Ask.messagesStream), "content.0.text"),
    ])
    func `a stream says what the whole answer says`(_ row: (String, whole: String, stream: String, path: String)) {
        let whole = Played(row.0, row.whole)
        let streamed = Played(row.0, row.stream).events.compactMap {
            $0.text("choices.0.delta.content") ?? $0.text("delta.text")
        }
        #expect(whole.json.text(row.path)?.isEmpty == false)
        #expect(streamed.joined() == whole.json.text(row.path))
    }

    @Test func `a responses stream has the events of the real one in their order`() {
        let played = Played("/v1/responses", String(Ask.responsesStream), [("x-sandbox-usage", "output=3")])
        let types = played.events.compactMap { $0.text("type") }
        #expect(
            types == [
                "response.created", "response.in_progress", "response.output_item.added",
                "response.content_part.added", "response.output_text.delta", "response.output_text.delta",
                "response.output_text.delta", "response.output_text.done", "response.content_part.done",
                "response.output_item.done", "response.completed",
            ]
        )
        #expect(played.events.compactMap { $0.integer("sequence_number") } == Array(0..<types.count))
        #expect(played.events.last?.integer("response.usage.output_tokens") == 3)
        let deltas = played.events.filter { $0.text("type") == "response.output_text.delta" }
        #expect(
            deltas.compactMap { $0.text("delta") }.joined()
                == played.events.last?.text("response.output.0.content.0.text")
        )
    }

    @Test func `an answer cut short by the caller's limit says so in every dialect`() {
        let chat = Played("/v1/chat/completions", String(Ask.chat.dropLast() + #","max_tokens":5}"#))
        #expect(chat.json.text("choices.0.finish_reason") == "length" && chat.usage.output == 5)
        let responses = Played("/v1/responses", String(Ask.responses.dropLast() + #","max_output_tokens":5}"#))
        #expect(responses.json.text("incomplete_details.reason") == "max_output_tokens")
        let short = Ask.messages.replacing("900", with: "5")
        #expect(Played("/v1/messages", short).json.text("stop_reason") == "max_tokens")
        let gemini = String(Ask.gemini.dropLast() + #","generationConfig":{"maxOutputTokens":5}}"#)
        #expect(Played(Ask.geminiPath, gemini).json.text("candidates.0.finishReason") == "MAX_TOKENS")
    }

    @Test func `Anthropic reports input without the cached tokens and splits writes by lifetime`() {
        let usage = ("x-sandbox-usage", "input=7,cache_read=100,cache_write=20,cache_write_long=30,output=9")
        let whole = Played("/v1/messages", Ask.messages, Ask.anthropic + [usage])
        #expect(whole.json.integer("usage.input_tokens") == 7)
        #expect(whole.json.integer("usage.cache_creation_input_tokens") == 50)
        #expect(whole.json.integer("usage.cache_creation.ephemeral_1h_input_tokens") == 30)
        let events = Played("/v1/messages", String(Ask.messagesStream), Ask.anthropic + [usage]).events
        #expect(events.first?.integer("message.usage.output_tokens") == 1)
        #expect(events.first?.integer("message.usage.cache_creation.ephemeral_5m_input_tokens") == 20)
        let delta = events.first { $0.text("type") == "message_delta" }
        #expect(delta?.integer("usage.output_tokens") == 9)
        #expect(events.last?.text("type") == "message_stop")
    }

    @Test func `Gemini reports thoughts beside the candidates`() {
        let played = Played(Ask.geminiPath, Ask.gemini, [Ask.exact])
        #expect(played.json.integer("usageMetadata.promptTokenCount") == 4800)
        #expect(played.json.integer("usageMetadata.cachedContentTokenCount") == 800)
        #expect(played.json.integer("usageMetadata.candidatesTokenCount") == 6)
        #expect(played.json.integer("usageMetadata.thoughtsTokenCount") == 4)
        #expect(played.json.text("modelVersion") == "gemini-3.8-flash")
    }

    @Test(arguments: ["/v1beta", "/v1alpha", "/v1"])
    func `Gemini is served under every version its SDKs ask for`(version: String) {
        let played = Played(version + "/models/gemini-3.8-flash:generateContent", Ask.gemini)
        #expect(played.json.text("modelVersion") == "gemini-3.8-flash")
        let models = Played(version + "/models", "", [("x-goog-api-key", "k")], method: "GET")
        #expect(models.json.text("models.0.name") == "models/gemini-3.8-flash")
    }

    @Test func `Gemini streams events or one array, each with usage so far`() {
        let events = Played(Ask.geminiStreamPath + "?alt=sse", Ask.gemini, [Ask.exact]).events
        let array = Played(Ask.geminiStreamPath, Ask.gemini, [Ask.exact]).json.elements
        for chunks in [events, array] {
            #expect(chunks.count == 7)
            #expect(chunks.last?.integer("usageMetadata.candidatesTokenCount") == 6)
            #expect(chunks.last?.text("candidates.0.finishReason") == "STOP")
            let counts = chunks.compactMap { $0.integer("usageMetadata.candidatesTokenCount") }
            #expect(counts == counts.sorted())
        }
    }

    @Test func `embeddings are the same as numbers and as base 64`() {
        let body = #"{"model":"text-embedding-3-small","input":["one","two"],"dimensions":4"#
        let numbers = Played("/v1/embeddings", body + "}")
        let base64 = Played("/v1/embeddings", body + #","encoding_format":"base64"}"#)
        #expect(numbers.json["data"]?.elements.count == 2)
        #expect(numbers.json.at("data.0.embedding")?.elements.count == 4)
        #expect(base64.json.text("data.0.embedding")?.utf8.count == 24)
        #expect(numbers.usage.output == 0 && numbers.json.integer("usage.prompt_tokens") == numbers.usage.input)
    }

    @Test(arguments: [
        ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("", ""),
    ])
    func `base 64 is that of RFC 4648`(_ row: (text: String, encoded: String)) {
        #expect(Base64.encode(Array(row.text.utf8)) == row.encoded)
    }

    @Test(arguments: [
        ("GET", "/v1/models", "data.0.object", "model"), ("GET", "/v1/models/gpt-x", "id", "gpt-x"),
        ("POST", "/v1/moderations", "model", "omni-moderation-latest"), ("GET", "/v1/files", "object", "list"),
        ("DELETE", "/v1/files/file-1", "id", "file-1"), ("GET", "/v1beta/models", "models.0.version", "sandbox"),
    ])
    func `free routes answer and bill nothing`(_ row: (method: String, path: String, at: String, text: String)) {
        let played = Played(row.path, "", method: row.method)
        #expect(played.json.text(row.at) == row.text)
        #expect(played.reply.charge == nil)
    }

    @Test func `counting tokens is free and agrees with the bill`() {
        let counted = Played("/v1/messages/count_tokens", Ask.messages, Ask.anthropic)
        #expect(counted.reply.charge == nil)
        #expect(counted.json.integer("input_tokens") == Played("/v1/messages", Ask.messages).usage.input)
        let gemini = Played("/v1beta/models/gemini-3.8-flash:countTokens", Ask.gemini)
        #expect(gemini.json.integer("totalTokens") == Played(Ask.geminiPath, Ask.gemini).usage.input)
    }

    @Test func `speech is billed by characters and Whisper by seconds`() {
        let speech = Played("/v1/audio/speech", #"{"model":"tts-1","input":"Grüße","voice":"alloy"}"#)
        #expect(speech.usage == SandboxUsage(characters: 5))
        let form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b--\r\n"
        let headers = [("content-type", "multipart/form-data; boundary=b"), ("x-sandbox-usage", "audio_ms=2500")]
        let whisper = Played("/v1/audio/transcriptions", form, headers)
        #expect(whisper.json.integer("usage.seconds") == 3)
        #expect(whisper.usage == SandboxUsage(audioMilliseconds: 3000))
        #expect(whisper.reply.charge?.model == "whisper-1")
    }

    @Test func `images are billed by what was asked for`() {
        let played = Played("/v1/images/generations", #"{"model":"gpt-image-2","prompt":"a cat"}"#)
        #expect(played.json.integer("usage.output_tokens") == 272 && played.usage.output == 272)
    }

    @Test func `a tool that the caller insists on is called`() {
        let tools = #","tools":[{"type":"function","function":{"name":"look_up"}}],"tool_choice":"required"}"#
        let chat = Played("/v1/chat/completions", String(Ask.chat.dropLast()) + tools)
        #expect(chat.json.text("choices.0.message.tool_calls.0.function.name") == "look_up")
        #expect(chat.json.text("choices.0.finish_reason") == "tool_calls")
        let messages = String(Ask.messages.dropLast()) + #","tool_choice":{"type":"tool","name":"look_up"}}"#
        #expect(Played("/v1/messages", messages).json.text("content.0.name") == "look_up")
    }
}
