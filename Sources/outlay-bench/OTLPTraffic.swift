internal import OutlayWire

/// A message of OTLP that can be written in both encodings: as much of them as the bench needs.
struct OTLPMessage {
    enum Value {
        case text(String)
        case id([UInt8])
        case fixed(UInt64)
        case signed(Int64)
        case number(UInt64)
        case integer(Int64)
        case bool(Bool)
        case message(OTLPMessage)
        case many([OTLPMessage])
    }

    var fields: [(number: UInt64, key: String, value: Value)] = []

    init(_ fields: (UInt64, String, Value)...) { self.fields = fields.map { ($0.0, $0.1, $0.2) } }

    func protobuf() -> [UInt8] {
        var bytes: [UInt8] = []
        for (number, _, value) in fields {
            switch value {
            case .text(let text): Self.append(number, Array(text.utf8), to: &bytes)
            case .id(let id): Self.append(number, id, to: &bytes)
            case .message(let message): Self.append(number, message.protobuf(), to: &bytes)
            case .many(let messages): for message in messages { Self.append(number, message.protobuf(), to: &bytes) }
            case .fixed(let value): Self.append(fixed: value, number, to: &bytes)
            case .signed(let value): Self.append(fixed: UInt64(bitPattern: value), number, to: &bytes)
            case .number(let value): Self.append(varint: value, number, to: &bytes)
            case .integer(let value): Self.append(varint: UInt64(bitPattern: value), number, to: &bytes)
            case .bool(let value): Self.append(varint: value ? 1 : 0, number, to: &bytes)
            }
        }
        return bytes
    }

    func json() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    private func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for (_, key, value) in fields {
                writer.key(key)
                switch value {
                case .text(let text): writer.string(text)
                case .id(let id): writer.string(Self.hexadecimal(id))
                case .message(let message): message.write(to: &writer)
                case .many(let messages): writer.array { for message in messages { message.write(to: &$0) } }
                case .fixed(let value): writer.string(String(value))
                case .signed(let value), .integer(let value): writer.string(String(value))
                case .number(let value): writer.int(value)
                case .bool(let value): writer.bool(value)
                }
            }
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func append(varint value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func append(varint value: UInt64, _ number: UInt64, to bytes: inout [UInt8]) {
        append(varint: number << 3, to: &bytes)
        append(varint: value, to: &bytes)
    }

    private static func append(_ number: UInt64, _ value: [UInt8], to bytes: inout [UInt8]) {
        append(varint: number << 3 | 2, to: &bytes)
        append(varint: UInt64(value.count), to: &bytes)
        bytes += value
    }

    private static func append(fixed value: UInt64, _ number: UInt64, to bytes: inout [UInt8]) {
        append(varint: number << 3 | 1, to: &bytes)
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

/// Requests as agents send them: OpenClaw's counters, and spans of the GenAI conventions with their prompts.
struct OTLPTraffic {
    private static let start: UInt64 = 1_795_225_482_687_349_786
    private static let models = ["anthropic/claude-sonnet-4-5", "openai/gpt-6.1-sol", "google/gemini-3-pro"]
    private static let providers = ["anthropic", "openai", "google"]
    private static let tokens = ["input", "output", "cache_read", "cache_write", "prompt", "total"]

    private func pair(_ key: String, _ value: OTLPMessage) -> OTLPMessage {
        OTLPMessage((1, "key", .text(key)), (2, "value", .message(value)))
    }

    private func text(_ key: String, _ text: String) -> OTLPMessage {
        pair(key, OTLPMessage((1, "stringValue", .text(text))))
    }

    private func integer(_ key: String, _ value: Int64) -> OTLPMessage {
        pair(key, OTLPMessage((3, "intValue", .integer(value))))
    }

    private var resource: OTLPMessage {
        let attributes: [OTLPMessage] = [
            text("service.name", "openclaw-gateway"), text("service.version", "2026.11.20"),
            text("team.name", "marketing"), text("project.name", "content-pipeline"),
            text("client.name", "acme-corp"), text("host.arch", "amd64"), text("os.type", "linux"),
        ]
        return OTLPMessage((1, "attributes", .many(attributes)))
    }

    /// A request of one scope.
    private func request(_ keys: [String], scope name: String, _ records: [OTLPMessage]) -> OTLPMessage {
        let head = OTLPMessage((1, "name", .text(name)))
        let scope = OTLPMessage((1, "scope", .message(head)), (2, keys[2], .many(records)))
        let all = OTLPMessage((1, "resource", .message(resource)), (2, keys[1], .many([scope])))
        return OTLPMessage((1, keys[0], .many([all])))
    }

    var points: OTLPMessage {
        let sum = OTLPMessage(
            (1, "dataPoints", .many((0..<10_000).map(point))),
            (2, "aggregationTemporality", .number(2)),
            (3, "isMonotonic", .bool(true))
        )
        let metric = OTLPMessage(
            (1, "name", .text("openclaw.tokens")),
            (2, "description", .text("Token usage by type")),
            (3, "unit", .text("1")),
            (7, "sum", .message(sum))
        )
        return request(["resourceMetrics", "scopeMetrics", "metrics"], scope: "openclaw", [metric])
    }

    private func point(_ index: Int) -> OTLPMessage {
        let model = index / 6 % 3
        let attributes: [OTLPMessage] = [
            text("openclaw.channel", index % 2 == 0 ? "telegram" : "slack"),
            text("openclaw.agent", "agent-\(index / 18 % 40)"), text("openclaw.provider", Self.providers[model]),
            text("openclaw.model", Self.models[model]), text("openclaw.token", Self.tokens[index % 6]),
        ]
        return OTLPMessage(
            (2, "startTimeUnixNano", .fixed(Self.start)),
            (3, "timeUnixNano", .fixed(Self.start + UInt64(index) * 1_000_000)),
            (6, "asInt", .signed(Int64(index) * 7919 % 100_000)),
            (7, "attributes", .many(attributes))
        )
    }

    var spans: OTLPMessage { spans(0..<2000) }

    /// One span per number, each of a call and a trace of its own.
    func spans(_ numbers: Range<Int>) -> OTLPMessage {
        request(
            ["resourceSpans", "scopeSpans", "spans"],
            scope: "opentelemetry.instrumentation.openai",
            numbers.map(span)
        )
    }

    private func span(_ index: Int) -> OTLPMessage {
        let number = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        // Twenty thousand calls begin in a second.
        let start = Self.start + UInt64(index) * 50_000
        let id: [UInt8] = (0..<16).map { UInt8(truncatingIfNeeded: number >> UInt64($0 % 8 * 8)) | 1 }
        let prompt = String(repeating: "Summarise the \"quarterly\" report.\nKeep it short. ", count: 40)
        let attributes: [OTLPMessage] = [
            text("gen_ai.operation.name", "chat"), text("gen_ai.provider.name", "openai"),
            text("gen_ai.request.model", "gpt-6.1-sol"), text("gen_ai.response.model", "gpt-6.1-sol-2026-10-01"),
            text("gen_ai.response.id", "chatcmpl-\(number)"), integer("gen_ai.request.max_tokens", 1024),
            integer("gen_ai.usage.input_tokens", 1207), integer("gen_ai.usage.output_tokens", 53),
            integer("gen_ai.usage.cache_read.input_tokens", 1024), text("server.address", "api.openai.com"),
            integer("server.port", 443), text("gen_ai.input.messages", prompt),
            text("gen_ai.output.messages", prompt), text("user.id", "user-\(index % 500)"),
        ]
        return OTLPMessage(
            (1, "traceId", .id(id)),
            (2, "spanId", .id(Array(id.prefix(8)))),
            (5, "name", .text("chat gpt-6.1-sol")),
            (6, "kind", .number(3)),
            (7, "startTimeUnixNano", .fixed(start)),
            (8, "endTimeUnixNano", .fixed(start + 1_200_000_000)),
            (9, "attributes", .many(attributes))
        )
    }
}
