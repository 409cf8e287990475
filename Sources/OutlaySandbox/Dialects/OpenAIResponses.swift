/// `POST /v1/responses`.
struct OpenAIResponses {
    let call: Call

    private var id: String { "resp_\(call.ids.suffix)" }
    private var messageID: JSON { .string("msg_\(call.ids.suffix)") }
    private var status: String { call.isLimited ? "incomplete" : "completed" }

    func reply() -> Reply {
        let charge = call.charge("responses", id: id)
        guard call.isStream else {
            return Reply(json: response(status, output: [message(status)], isEnded: true), charge: charge)
        }
        return Reply(type: "text/event-stream; charset=utf-8", body: .stream(script), charge: charge)
    }

    private func response(_ status: String, output: JSON, isEnded: Bool) -> JSON {
        let incomplete: JSON = status == "incomplete" ? ["reason": "max_output_tokens"] : .null
        let head: JSON = [
            "id": .string(id), "object": "response", "created_at": .integer(call.ids.created),
            "status": .string(status), "background": false, "error": .null, "incomplete_details": incomplete,
            "instructions": call.body["instructions"] ?? .null,
            "max_output_tokens": call.body["max_output_tokens"] ?? .null, "max_tool_calls": .null,
            "model": .string(call.model), "output": output, "parallel_tool_calls": true,
            "previous_response_id": call.body["previous_response_id"] ?? .null,
            "prompt_cache_key": .null, "reasoning": ["effort": .null, "summary": .null], "safety_identifier": .null,
            "service_tier": .string(OpenAITier.served(call)), "store": true, "temperature": .number("1.0"),
            "text": ["format": ["type": "text"], "verbosity": "medium"], "tool_choice": "auto",
            "tools": call.body["tools"] ?? [], "top_logprobs": 0, "top_p": .number("1.0"), "truncation": "disabled",
        ]
        let usage = isEnded ? call.usageMembers("usage", Self.usage(call.usage)) : [.init(name: "usage", value: .null)]
        let tail: JSON = ["user": .null, "metadata": call.body["metadata"] ?? [:]]
        return .object(head.members + usage + tail.members)
    }

    private func message(_ status: String) -> JSON {
        let part = textPart(call.text)
        return [
            "id": messageID, "type": "message", "status": .string(status), "content": [part], "role": "assistant",
        ]
    }

    private func textPart(_ text: String) -> JSON {
        ["type": "output_text", "annotations": [], "logprobs": [], "text": .string(text)]
    }

    private static let place: KeyValuePairs<String, JSON> = ["output_index": 0, "content_index": 0]

    private func event(_ type: String, _ sequence: Int, _ members: JSON) -> [UInt8] {
        let head: JSON = ["type": .string(type), "sequence_number": .integer(sequence)]
        return StreamScript.event(type, .object(head.members + members.members))
    }

    private func part(_ members: KeyValuePairs<String, JSON>) -> JSON {
        JSON.object([JSON.Member(name: "item_id", value: messageID)]).adding(Self.place).adding(members)
    }

    private var script: StreamScript {
        let item: JSON = [
            "id": messageID, "type": "message", "status": "in_progress", "content": [], "role": "assistant",
        ]
        let begun = response("in_progress", output: [], isEnded: false)
        let chunks = call.chunks
        let last = 4 + chunks
        let ended = response(status, output: [message(status)], isEnded: true)
        let final = event("response.\(status)", last + 3, ["response": ended])
        return StreamScript(
            opening: [
                event("response.created", 0, ["response": begun]),
                event("response.in_progress", 1, ["response": begun]),
                event("response.output_item.added", 2, ["output_index": 0, "item": item]),
                event("response.content_part.added", 3, part(["part": textPart("")])),
            ],
            tokens: call.textTokens,
            delta: { range in
                let sequence = 4 + range.lowerBound / call.directions.tokensPerChunk
                let text = JSON.string(call.written(range))
                return event("response.output_text.delta", sequence, part(["delta": text, "logprobs": []]))
            },
            closing: [
                event("response.output_text.done", last, part(["text": .string(call.text), "logprobs": []])),
                event("response.content_part.done", last + 1, part(["part": textPart(call.text)])),
                event("response.output_item.done", last + 2, ["output_index": 0, "item": message(status)]),
            ],
            end: call.hasUsage && call.hasUsageTwice ? final + final : final,
            failure: event(
                "error",
                last,
                ["code": "server_error", "message": "The server had an error (sandbox fault).", "param": .null]
            )
        )
    }

    static func usage(_ usage: SandboxUsage) -> JSON {
        let written = usage.cacheWrite + usage.cacheWriteLong
        return [
            "input_tokens": .integer(usage.prompt),
            "input_tokens_details": .present([
                "cached_tokens": .integer(usage.cacheRead),
                "cache_write_tokens": .integer(written),
                "cache_write_tokens_details": written > 0
                    ? [
                        "ttl_30m_tokens": .integer(usage.cacheWrite),
                        "ttl_12h_tokens": .integer(usage.cacheWriteLong),
                    ] : nil,
            ]),
            "output_tokens": .integer(usage.output),
            "output_tokens_details": ["reasoning_tokens": .integer(usage.reasoning)],
            "total_tokens": .integer(usage.prompt + usage.output),
        ]
    }
}

extension Call {
    /// How many delta events carry the answer.
    var chunks: Int {
        (textTokens + directions.tokensPerChunk - 1) / directions.tokensPerChunk
    }
}
