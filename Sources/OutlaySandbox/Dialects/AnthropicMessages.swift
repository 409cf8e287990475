/// `POST /v1/messages`.
struct AnthropicMessages {
    let call: Call

    private var id: String { "msg_\(call.ids.suffix)" }
    private var stopReason: JSON { toolName != nil ? "tool_use" : call.isLimited ? "max_tokens" : "end_turn" }

    private var toolName: String? {
        let choice = call.body["tool_choice"]
        switch choice?["type"]?.text {
        case "tool": return choice?["name"]?.text
        case "any": return call.body["tools"]?.elements.first?["name"]?.text
        default: return nil
        }
    }

    func reply() -> Reply {
        let charge = call.charge("messages", id: id)
        guard call.isStream else {
            return Reply(json: message([content], stopReason, usage: call.usage), charge: charge)
        }
        return Reply(type: "text/event-stream; charset=utf-8", body: .stream(script), charge: charge)
    }

    private var content: JSON {
        toolName.map { tool($0) } ?? ["type": "text", "text": .string(call.text), "citations": .null]
    }

    private func tool(_ name: String) -> JSON {
        ["type": "tool_use", "id": .string("toolu_\(call.ids.suffix)"), "name": .string(name), "input": [:]]
    }

    private func message(_ content: JSON, _ stopReason: JSON, usage: SandboxUsage) -> JSON {
        let head: JSON = [
            "id": .string(id), "type": "message", "role": "assistant", "model": .string(call.model),
            "content": content, "stop_reason": stopReason, "stop_sequence": .null,
        ]
        return .object(head.members + call.usageMembers("usage", fullUsage(usage)))
    }

    private func fullUsage(_ usage: SandboxUsage) -> JSON {
        .present([
            "input_tokens": .integer(usage.input),
            "cache_creation_input_tokens": .integer(usage.cacheWrite + usage.cacheWriteLong),
            "cache_read_input_tokens": .integer(usage.cacheRead),
            "cache_creation": [
                "ephemeral_5m_input_tokens": .integer(usage.cacheWrite),
                "ephemeral_1h_input_tokens": .integer(usage.cacheWriteLong),
            ],
            "output_tokens": .integer(usage.output),
            "service_tier": .string(call.directions.tier ?? "standard"),
            "server_tool_use": tools(usage),
        ])
    }

    private var finalUsage: JSON {
        .present([
            "input_tokens": .integer(call.usage.input),
            "cache_creation_input_tokens": .integer(call.usage.cacheWrite + call.usage.cacheWriteLong),
            "cache_read_input_tokens": .integer(call.usage.cacheRead),
            "output_tokens": .integer(call.usage.output),
            "server_tool_use": tools(call.usage),
        ])
    }

    private func tools(_ usage: SandboxUsage) -> JSON? {
        usage.webSearch > 0
            ? ["web_search_requests": .integer(usage.webSearch), "web_fetch_requests": 0] : nil
    }

    private func event(_ type: String, _ members: KeyValuePairs<String, JSON>) -> [UInt8] {
        StreamScript.event(type, JSON.object([JSON.Member(name: "type", value: .string(type))]).adding(members))
    }

    private var script: StreamScript {
        var start = call.usage.cut(after: 1)
        start.webSearch = 0
        let block: JSON = toolName.map { tool($0) } ?? ["type": "text", "text": "", "citations": .null]
        let delta: JSON = ["stop_reason": stopReason, "stop_sequence": .null]
        let ending =
            call.hasUsage
            ? event("message_delta", ["delta": delta, "usage": finalUsage]) : event("message_delta", ["delta": delta])
        var opening = [
            event("message_start", ["message": message([], .null, usage: start)]),
            event("content_block_start", ["index": 0, "content_block": block]),
            event("ping", [:]),
        ]
        if toolName != nil {
            let json: JSON = ["type": "input_json_delta", "partial_json": "{}"]
            opening.append(event("content_block_delta", ["index": 0, "delta": json]))
        }
        return StreamScript(
            opening: opening,
            tokens: toolName == nil ? call.textTokens : 0,
            delta: { range in
                let delta: JSON = ["type": "text_delta", "text": .string(call.written(range))]
                return event("content_block_delta", ["index": 0, "delta": delta])
            },
            closing: [event("content_block_stop", ["index": 0])]
                + (call.hasUsageTwice ? [ending, ending] : [ending]),
            end: event("message_stop", [:]),
            failure: StreamScript.event("error", AnthropicError.body(529, "Overloaded (sandbox fault).", id: nil))
        )
    }
}

enum AnthropicError {
    static func body(_ status: Int, _ message: String, id: String?) -> JSON {
        let type =
            switch status {
            case 401: "authentication_error"
            case 403: "permission_error"
            case 404: "not_found_error"
            case 413: "request_too_large"
            case 429: "rate_limit_error"
            case 529: "overloaded_error"
            case 500...: "api_error"
            default: "invalid_request_error"
            }
        return .present([
            "type": "error", "error": ["type": .string(type), "message": .string(message)],
            "request_id": id.map { .string($0) },
        ])
    }
}
