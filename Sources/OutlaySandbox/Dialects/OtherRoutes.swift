/// Anthropic's and Google's routes that are not conversations.
enum AnthropicFree {
    static func models(_ id: String?) -> Reply {
        let entry = { (name: String) -> JSON in
            [
                "type": "model", "id": .string(name), "display_name": .string(name),
                "created_at": "2026-06-01T00:00:00Z",
            ]
        }
        let names = SandboxModels.anthropic
        return Reply(
            json: id.map(entry) ?? [
                "data": .array(names.map(entry)), "has_more": false, "first_id": .string(names[0]),
                "last_id": .string(names[names.count - 1]),
            ]
        )
    }

    static func countTokens(_ call: Call) -> Reply {
        Reply(json: ["input_tokens": .integer(call.usage.prompt)])
    }
}

enum GeminiOther {
    static func models(_ id: String?) -> Reply {
        let entry = { (name: String) -> JSON in
            [
                "name": .string("models/\(name)"), "version": "sandbox", "displayName": .string(name),
                "inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536,
                "supportedGenerationMethods": ["generateContent", "countTokens", "embedContent"],
            ]
        }
        return Reply(json: id.map(entry) ?? ["models": .array(SandboxModels.google.map(entry))])
    }

    static func countTokens(_ call: Call) -> Reply {
        Reply(json: [
            "totalTokens": .integer(call.usage.prompt),
            "promptTokensDetails": [["modality": "TEXT", "tokenCount": .integer(call.usage.prompt)]],
        ])
    }

    /// Bills the prompt; the answer says nothing of tokens.
    static func embed(_ call: Call, isBatch: Bool) -> Reply {
        var charge = call.charge(isBatch ? "batchEmbedContents" : "embedContent", id: nil)
        charge.usage.output = 0
        let requests = isBatch ? call.body["requests"]?.elements ?? [] : [call.body]
        let vectors = requests.enumerated().map { index, request -> JSON in
            let size = request["outputDimensionality"]?.integer ?? 768
            return ["values": Vector(seed: call.hash &+ UInt64(index), size: min(max(1, size), 4096)).numbers]
        }
        let body: JSON =
            isBatch ? ["embeddings": .array(vectors)] : ["embedding": vectors.first ?? ["values": []]]
        return Reply(json: body, charge: charge)
    }
}
