/// `POST /v1/chat/completions`.
struct OpenAIChat {
    let call: Call

    private var id: String { "chatcmpl-\(call.ids.suffix)" }
    private var finish: JSON { toolName != nil ? "tool_calls" : call.isLimited ? "length" : "stop" }

    /// The tool the caller insists on: the named one, or the first when any will do.
    private var toolName: String? {
        let choice = call.body["tool_choice"]
        if let name = choice?["function"]?["name"]?.text { return name }
        guard choice?.text == "required" else { return nil }
        return call.body["tools"]?.elements.first?["function"]?["name"]?.text
    }

    func reply() -> Reply {
        let charge = call.charge("chat.completions", id: id)
        guard call.isStream else { return Reply(json: whole, charge: charge) }
        return Reply(type: "text/event-stream; charset=utf-8", body: .stream(script), charge: charge)
    }

    private var whole: JSON {
        let message: JSON =
            toolName.map { ["role": "assistant", "content": .null, "refusal": .null, "tool_calls": [tool($0)]] }
            ?? ["role": "assistant", "content": .string(call.text), "refusal": .null, "annotations": []]
        let choice: JSON = ["index": 0, "message": message, "logprobs": .null, "finish_reason": finish]
        let opening = base("chat.completion").adding(["choices": [choice]]).members
        return .object(opening + call.usageMembers("usage", Self.usage(call.usage)) + tail.members)
    }

    private func base(_ kind: String) -> JSON {
        [
            "id": .string(id), "object": .string(kind), "created": .integer(call.ids.created),
            "model": .string(call.model),
        ]
    }

    private var tail: JSON {
        ["service_tier": .string(OpenAITier.served(call)), "system_fingerprint": "fp_sandbox"]
    }

    private func tool(_ name: String) -> JSON {
        [
            "id": .string("call_\(call.ids.suffix)"), "type": "function",
            "function": ["name": .string(name), "arguments": "{}"],
        ]
    }

    private var asksForUsage: Bool { call.body["stream_options"]?["include_usage"]?.bool ?? false }

    private func chunk(_ choices: JSON, usage: JSON = .null) -> [UInt8] {
        let chunk = JSON.object(base("chat.completion.chunk").members + tail.members).adding(["choices": choices])
        return StreamScript.event(nil, asksForUsage && call.hasUsage ? chunk.adding(["usage": usage]) : chunk)
    }

    private func chunk(delta: JSON, finish: JSON = .null) -> [UInt8] {
        chunk([["index": 0, "delta": delta, "logprobs": .null, "finish_reason": finish]])
    }

    private var script: StreamScript {
        var opening = [chunk(delta: ["role": "assistant", "content": "", "refusal": .null])]
        if let toolName {
            let call = JSON.object([JSON.Member(name: "index", value: 0)] + tool(toolName).members)
            opening = [chunk(delta: ["role": "assistant", "content": .null, "tool_calls": [call]])]
        }
        var closing = [chunk(delta: [:], finish: finish)]
        if asksForUsage, call.hasUsage {
            let usage = chunk([], usage: Self.usage(call.usage))
            closing += call.hasUsageTwice ? [usage, usage] : [usage]
        }
        return StreamScript(
            opening: opening,
            tokens: toolName == nil ? call.textTokens : 0,
            delta: { range in chunk(delta: ["content": .string(call.written(range))]) },
            closing: closing,
            end: Array("data: [DONE]\n\n".utf8),
            failure: StreamScript.event(nil, OpenAIError.body(500, "The server had an error (sandbox fault)."))
        )
    }

    static func usage(_ usage: SandboxUsage) -> JSON {
        let written = usage.cacheWrite + usage.cacheWriteLong
        return .present([
            "prompt_tokens": .integer(usage.prompt),
            "completion_tokens": .integer(usage.output),
            "total_tokens": .integer(usage.prompt + usage.output),
            "prompt_tokens_details": .present([
                "cached_tokens": .integer(usage.cacheRead), "audio_tokens": 0,
                "cache_write_tokens": written > 0 ? .integer(written) : nil,
            ]),
            "completion_tokens_details": [
                "reasoning_tokens": .integer(usage.reasoning), "audio_tokens": 0, "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            ],
        ])
    }
}

extension Call {
    /// Tokens `range`, all but the first of the answer with the space before them.
    func written(_ range: Range<Int>) -> String { Wording.text(hash, range) }
}

enum OpenAITier {
    /// The tier an answer names: what served, which for `auto` is the plain one and for `fast` `priority`.
    static func served(_ call: Call) -> String {
        switch call.directions.tier ?? call.body["service_tier"]?.text ?? "auto" {
        case "auto", "default": "default"
        case "fast": "priority"
        case let tier: tier
        }
    }
}

enum OpenAIError {
    static func body(_ status: Int, _ message: String) -> JSON {
        let type =
            switch status {
            case 401: "authentication_error"
            case 403: "permission_error"
            case 429: "rate_limit_exceeded"
            case 500...: "server_error"
            default: "invalid_request_error"
            }
        return [
            "error": ["message": .string(message), "type": .string(type), "param": .null, "code": .string(type)]
        ]
    }
}
