/// Turns requests into answers: the make-believe provider without its sockets.
struct Provider: Sendable {
    /// The key callers must bring; any will do when `nil`.
    var requiredKey: String?

    /// The answer to `request`, its faults included.
    func reply(to request: SandboxRequest, ids: Identity) -> Reply {
        guard requiredKey == nil || request.key == requiredKey else {
            return refusal(request, 401, "Incorrect API key provided.", ids)
        }
        do throws(DirectionError) {
            let directions = try Directions(headers: request.headers, body: [])
            if directions.fault.has(.redirect) { return redirect(to: directions.fault.location) }
            var reply = try route(request, ids)
            guard let fault = reply.directions.fault.status else { return fitted(reply) }
            let isOverload = fault == 429 || fault == 529
            let directed = reply.directions
            reply = refusal(request, fault, isOverload ? "Too many requests (sandbox fault)." : "Sandbox fault.", ids)
            reply.directions = directed
            if let seconds = directed.fault.retryAfter { reply.headers.append(("retry-after", seconds)) }
            return reply
        } catch {
            return refusal(request, 400, error.message, ids)
        }
    }

    /// An error in the caller's dialect.
    func refusal(_ request: SandboxRequest, _ status: Int, _ message: String, _ ids: Identity) -> Reply {
        switch request.dialect {
        case .openai: Reply(status: status, json: OpenAIError.body(status, message))
        case .anthropic:
            Reply(status: status, json: AnthropicError.body(status, message, id: "req_\(ids.suffix)"))
        case .google: Reply(status: status, json: GeminiError.body(status, message))
        }
    }

    private func redirect(to location: String) -> Reply {
        var reply = Reply(type: "text/plain", body: .whole([]), status: 307)
        reply.headers.append(("location", location))
        return reply
    }

    private func fitted(_ reply: Reply) -> Reply {
        guard reply.directions.fault.has(.html500) else { return reply }
        let page = "<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>"
        var broken = Reply(type: "text/html", body: .whole(Array(page.utf8)), status: 500)
        broken.directions = reply.directions
        return broken
    }

    private func route(_ request: SandboxRequest, _ ids: Identity) throws(DirectionError) -> Reply {
        let parts = request.path.split(separator: "/").map(String.init)
        let isMultipart = request.header("content-type")?.hasPrefix("multipart/") ?? false
        let body = isMultipart ? Multipart.fields(request) : JSON(parsing: request.body)
        guard let body = request.body.isEmpty ? [:] : body else {
            return refusal(request, 400, "We could not parse the JSON body of your request.", ids)
        }
        var reply: Reply?
        if request.method == "POST" { reply = try posted(request, parts, body, ids) }
        guard let reply = reply ?? free(request, parts, body, ids) else {
            return refusal(request, 404, "Unknown request URL: \(request.method) \(request.path).", ids)
        }
        return reply
    }

    private func posted(
        _ request: SandboxRequest,
        _ parts: [String],
        _ body: JSON,
        _ ids: Identity
    ) throws(DirectionError) -> Reply? {
        if request.dialect == .google { return try gemini(request, parts, body, ids) }
        let call = try Call(request, body, model: nil, ids: ids)
        let other = OpenAIOther(call: call)
        var reply: Reply
        switch parts.dropFirst().joined(separator: "/") {
        case "chat/completions": reply = OpenAIChat(call: call).reply()
        case "responses": reply = OpenAIResponses(call: call).reply()
        case "embeddings": reply = other.embeddings()
        case "images/generations": reply = other.image()
        case "audio/transcriptions": reply = other.transcription()
        case "audio/speech": reply = other.speech()
        case "messages": reply = AnthropicMessages(call: call).reply()
        case "messages/count_tokens": reply = AnthropicFree.countTokens(call)
        default: return nil
        }
        reply.directions = call.directions
        return reply
    }

    private func gemini(
        _ request: SandboxRequest,
        _ parts: [String],
        _ body: JSON,
        _ ids: Identity
    ) throws(DirectionError) -> Reply? {
        guard let target = parts.last?.split(separator: ":").map(String.init), target.count == 2 else { return nil }
        let call = try Call(request, body, model: target[0], ids: ids)
        var reply: Reply
        switch target[1] {
        case "generateContent": reply = GeminiContent(call: call, isStream: false).reply()
        case "streamGenerateContent": reply = GeminiContent(call: call, isStream: true).reply()
        case "countTokens": reply = GeminiOther.countTokens(call)
        case "embedContent": reply = GeminiOther.embed(call, isBatch: false)
        case "batchEmbedContents": reply = GeminiOther.embed(call, isBatch: true)
        default: return nil
        }
        reply.directions = call.directions
        return reply
    }

    private func free(_ request: SandboxRequest, _ parts: [String], _ body: JSON, _ ids: Identity) -> Reply? {
        let id = parts.count > 2 ? parts[2] : nil
        switch (request.method, parts.count > 1 ? parts[1] : "", request.dialect) {
        case ("GET", "models", .openai): return OpenAIFree.models(id)
        case ("GET", "models", .anthropic): return AnthropicFree.models(id)
        case ("GET", "models", .google): return GeminiOther.models(id)
        case ("POST", "moderations", .openai): return OpenAIFree.moderation(body, ids)
        case (_, "files", .openai): return OpenAIFree.files(request, id: id, ids)
        default: return nil
        }
    }
}

/// The text fields of a form with files, as far as the sandbox needs them.
enum Multipart {
    static func fields(_ request: SandboxRequest) -> JSON? {
        let type = request.header("content-type") ?? ""
        guard let boundary = type.split(separator: "boundary=").dropFirst().first else { return nil }
        let mark = Array("--".utf8) + Array(boundary.filter { $0 != "\"" }.utf8)
        var members: [JSON.Member] = []
        for part in request.body.split(separator: mark) {
            let sides = Array(part).split(separator: Array("\r\n\r\n".utf8), maxSplits: 1)
            guard sides.count == 2, let head = String(validating: sides[0], as: UTF8.self),
                !head.contains("filename="), let name = head.split(separator: "name=\"").dropFirst().first,
                let value = String(validating: sides[1], as: UTF8.self)
            else { continue }
            let text = Substring(value).trimmingSpaces()
            members.append(JSON.Member(name: String(name.prefix { $0 != "\"" }), value: .string(text)))
        }
        return .object(members)
    }
}
