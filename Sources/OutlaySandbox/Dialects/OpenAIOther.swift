/// The routes of OpenAI's API that are not conversations.
struct OpenAIOther {
    let call: Call

    // MARK: - Embeddings

    /// `POST /v1/embeddings`; vectors as base64 (what the SDK asks for) or as numbers.
    func embeddings() -> Reply {
        let inputs: [JSON] = if case .array(let list) = call.body["input"] ?? .null { list } else { [.null] }
        let isTokens = inputs.allSatisfy { $0.integer != nil }
        let isBase64 = call.body["encoding_format"]?.text == "base64"
        let size = min(max(1, call.body["dimensions"]?.integer ?? (call.model.contains("large") ? 3072 : 1536)), 4096)
        let data = (0..<(isTokens ? 1 : inputs.count)).map { index -> JSON in
            let vector = Vector(seed: call.hash &+ UInt64(index), size: size)
            return [
                "object": "embedding", "index": .integer(index), "embedding": isBase64 ? vector.base64 : vector.numbers,
            ]
        }
        let usage: JSON = ["prompt_tokens": .integer(call.usage.prompt), "total_tokens": .integer(call.usage.prompt)]
        let head: JSON = ["object": "list", "data": .array(data), "model": .string(call.model)]
        return Reply(
            json: .object(head.members + call.usageMembers("usage", usage)),
            charge: charge("embeddings") { $0.output = 0 }
        )
    }

    // MARK: - Images and audio

    /// `POST /v1/images/generations`: one transparent pixel.
    func image() -> Reply {
        let output = call.directions.usage["output"] ?? 272
        let usage: JSON = [
            "input_tokens": .integer(call.usage.prompt),
            "input_tokens_details": ["image_tokens": 0, "text_tokens": .integer(call.usage.prompt)],
            "output_tokens": .integer(output),
            "output_tokens_details": ["image_tokens": .integer(output), "text_tokens": 0],
            "total_tokens": .integer(call.usage.prompt + output),
        ]
        let head: JSON = [
            "created": .integer(call.ids.created), "background": "opaque",
            "data": [["b64_json": .string(Self.pixel)]], "output_format": "png", "quality": "medium",
            "size": "1024x1024",
        ]
        return Reply(
            json: .object(head.members + call.usageMembers("usage", usage)),
            charge: charge("images.generations") { $0.output = output }
        )
    }

    /// A PNG of one transparent pixel.
    private static let pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

    /// `POST /v1/audio/transcriptions`: by time for Whisper, by tokens for the others.
    func transcription() -> Reply {
        let milliseconds = call.directions.usage["audio_ms"] ?? 12_000
        guard call.model.hasPrefix("whisper") else { return tokenTranscription() }
        let usage: JSON = ["type": "duration", "seconds": .integer((milliseconds + 999) / 1000)]
        return Reply(
            json: JSON.object(
                [JSON.Member(name: "text", value: .string(call.text))] + call.usageMembers("usage", usage)
            ),
            charge: charge("audio.transcriptions") { usage in
                usage = .none
                usage.audioMilliseconds = (milliseconds + 999) / 1000 * 1000
            }
        )
    }

    private func tokenTranscription() -> Reply {
        let usage: JSON = [
            "type": "tokens", "input_tokens": .integer(call.usage.prompt),
            "input_token_details": ["text_tokens": 0, "audio_tokens": .integer(call.usage.prompt)],
            "output_tokens": .integer(call.usage.output),
            "total_tokens": .integer(call.usage.prompt + call.usage.output),
        ]
        return Reply(
            json: JSON.object(
                [JSON.Member(name: "text", value: .string(call.text))] + call.usageMembers("usage", usage)
            ),
            charge: charge("audio.transcriptions") { _ in }
        )
    }

    /// `POST /v1/audio/speech`: no usage in the answer; billed by the characters of `input`.
    func speech() -> Reply {
        let characters = call.body["input"]?.text?.unicodeScalars.count ?? 0
        return Reply(
            type: "audio/mpeg",
            body: .whole(Array("ID3 sandbox speech".utf8)),
            charge: charge("audio.speech") { usage in
                usage = .none
                usage.characters = characters
            }
        )
    }

    private func charge(_ api: String, _ change: (inout SandboxUsage) -> Void) -> Charge {
        var charge = call.charge(api, id: nil)
        change(&charge.usage)
        return charge
    }
}

/// The routes nobody bills.
enum OpenAIFree {
    static func models(_ id: String?) -> Reply {
        let entry = { (name: String) -> JSON in
            ["id": .string(name), "object": "model", "created": 1_780_000_000, "owned_by": "sandbox"]
        }
        return Reply(
            json: id.map(entry) ?? ["object": "list", "data": .array(SandboxModels.openai.map(entry))]
        )
    }

    static func moderation(_ body: JSON, _ ids: Identity) -> Reply {
        let categories = [
            "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent",
            "self-harm", "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors", "violence",
            "violence/graphic",
        ]
        let each = { (value: JSON) in JSON.object(categories.map { JSON.Member(name: $0, value: value) }) }
        let result: JSON = [
            "flagged": false, "categories": each(false), "category_scores": each(.number("0.0001")),
            "category_applied_input_types": each(["text"]),
        ]
        let inputs: [JSON] = if case .array(let list) = body["input"] ?? .null { list } else { [.null] }
        return Reply(json: [
            "id": .string("modr-\(ids.suffix)"), "model": body["model"] ?? "omni-moderation-latest",
            "results": .array(inputs.map { _ in result }),
        ])
    }

    /// Files are accepted and forgotten.
    static func files(_ request: SandboxRequest, id: String?, _ ids: Identity) -> Reply {
        switch (request.method, id) {
        case ("GET", nil):
            Reply(json: ["object": "list", "data": [], "has_more": false, "first_id": .null, "last_id": .null])
        case ("DELETE", let id?): Reply(json: ["id": .string(id), "object": "file", "deleted": true])
        default:
            Reply(json: [
                "id": .string(id ?? "file-\(ids.suffix)"), "object": "file", "bytes": .integer(request.body.count),
                "created_at": .integer(ids.created), "expires_at": .null, "filename": "sandbox.jsonl",
                "purpose": "user_data", "status": "processed", "status_details": .null,
            ])
        }
    }
}

/// What the lists of models name.
enum SandboxModels {
    static let openai = ["gpt-6.1-sol", "gpt-6-luna", "gpt-5-mini", "gpt-4o-mini", "text-embedding-3-small"]
    static let anthropic = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"]
    static let google = ["gemini-3.8-flash", "gemini-3.1-pro-preview", "gemini-embedding-001"]
}

/// A deterministic embedding.
struct Vector {
    let values: [Float]

    init(seed: UInt64, size: Int) {
        var state = seed
        values = (0..<size).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (Float(state >> 40) / Float(1 << 24) - 0.5) / 32
        }
    }

    var numbers: JSON { .array(values.map { .number("\($0)") }) }

    /// Little-endian 32-bit floats in base 64.
    var base64: JSON {
        let bytes = values.flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32($0 * 8)) }
        }
        return .string(Base64.encode(bytes))
    }
}

enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let padded = group + [UInt8](repeating: 0, count: 3 - group.count)
            let word = padded.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let encoded = (0..<4).map { digits[Int(word >> UInt32(18 - 6 * $0) & 63)] }
            text += encoded.prefix(group.count + 1) + [UInt8](repeating: UInt8(ascii: "="), count: 3 - group.count)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
