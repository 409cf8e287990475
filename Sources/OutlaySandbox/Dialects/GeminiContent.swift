/// `POST /v1beta/models/M:generateContent` and `:streamGenerateContent`.
struct GeminiContent {
    let call: Call
    let isStream: Bool

    private var finish: JSON { call.isLimited ? "MAX_TOKENS" : "STOP" }

    func reply() -> Reply {
        let charge = call.charge("generateContent", id: call.ids.suffix)
        guard isStream else {
            return Reply(
                type: "application/json; charset=UTF-8",
                body: .whole(answer(call.text, finish, usage: call.usage).bytes),
                charge: charge
            )
        }
        let isEvents = call.request.query["alt"] == "sse"
        return Reply(
            type: isEvents ? "text/event-stream" : "application/json; charset=UTF-8",
            body: .stream(isEvents ? events : array),
            charge: charge
        )
    }

    /// One chunk; `usage` is cumulative.
    private func answer(_ text: String, _ finish: JSON?, usage: SandboxUsage, isFirst: Bool = false) -> JSON {
        let candidate: JSON = .present([
            "content": ["parts": [["text": .string(text)]], "role": "model"], "finishReason": finish, "index": 0,
        ])
        let head: JSON = ["candidates": [candidate]]
        let tail: JSON = ["modelVersion": .string(call.model), "responseId": .string(call.ids.suffix)]
        return .object(
            head.members + call.usageMembers("usageMetadata", metadata(usage, isFirst: isFirst)) + tail.members
        )
    }

    private func metadata(_ usage: SandboxUsage, isFirst: Bool) -> JSON {
        let text = usage.output - usage.reasoning
        let details: JSON = [["modality": "TEXT", "tokenCount": .integer(usage.prompt)]]
        return .present([
            "promptTokenCount": .integer(usage.prompt),
            "candidatesTokenCount": isFirst ? nil : .integer(text),
            "totalTokenCount": .integer(usage.prompt + (isFirst ? 0 : usage.output)),
            "cachedContentTokenCount": usage.cacheRead > 0 ? .integer(usage.cacheRead) : nil,
            "promptTokensDetails": details,
            "cacheTokensDetails": usage.cacheRead > 0
                ? [["modality": "TEXT", "tokenCount": .integer(usage.cacheRead)]] : nil,
            "thoughtsTokenCount": usage.reasoning > 0 && !isFirst ? .integer(usage.reasoning) : nil,
        ])
    }

    private func chunk(_ range: Range<Int>) -> JSON {
        var usage = call.usage
        usage.output = usage.reasoning + range.upperBound
        return answer(call.written(range), nil, usage: usage, isFirst: range.lowerBound == 0)
    }

    private var events: StreamScript {
        let last = StreamScript.event(nil, answer("", finish, usage: call.usage))
        return StreamScript(
            opening: [],
            tokens: call.textTokens,
            delta: { StreamScript.event(nil, chunk($0)) },
            closing: [],
            end: call.hasUsageTwice ? last + last : last,
            failure: StreamScript.event(nil, GeminiError.body(503, "The model is overloaded (sandbox fault)."))
        )
    }

    private var array: StreamScript {
        let comma = Array(",\r\n".utf8)
        let last = answer("", finish, usage: call.usage).bytes
        return StreamScript(
            opening: [[UInt8(ascii: "[")]],
            tokens: call.textTokens,
            delta: { chunk($0).bytes + comma },
            closing: [call.hasUsageTwice ? last + comma + last : last],
            end: [UInt8(ascii: "]")],
            failure: GeminiError.body(503, "The model is overloaded (sandbox fault).").bytes
                + [UInt8(ascii: "]")],
            isEvents: false
        )
    }
}

enum GeminiError {
    static func body(_ status: Int, _ message: String) -> JSON {
        let word =
            switch status {
            case 400: "INVALID_ARGUMENT"
            case 401: "UNAUTHENTICATED"
            case 403: "PERMISSION_DENIED"
            case 404: "NOT_FOUND"
            case 429: "RESOURCE_EXHAUSTED"
            case 503, 529: "UNAVAILABLE"
            default: "INTERNAL"
            }
        return ["error": ["code": .integer(status), "message": .string(message), "status": .string(word)]]
    }
}
