internal import ArgumentParser
internal import Foundation
internal import OutlayCore
internal import OutlayWire

struct OTLPBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "otlp",
        abstract: "Read requests of 10,000 points and of 2,000 spans, in protobuf and JSON, on one thread."
    )

    @Option(help: "How many requests of each kind.") var requests = 50
    @Option(help: "A folder to write the requests to, so that others can read the same bytes.") var output: String?

    /// What a receiver of OpenClaw and of the GenAI conventions wants to know.
    private var interest: AttributeInterest {
        AttributeInterest(
            attributes: [
                "service.name", "service.version", "openclaw.*", "gen_ai.operation.name", "gen_ai.provider.name",
                "gen_ai.system", "gen_ai.request.model", "gen_ai.response.model", "gen_ai.response.id",
                "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens",
                "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.reasoning.output_tokens", "user.id",
                "session.id", "gen_ai.agent.name", "gen_ai.conversation.id", "error.type",
            ],
            large: ["langfuse.observation.usage_details"],
            idOnly: ["output.value"],
            metrics: ["openclaw.*", "gen_ai.client.*", "claude_code.*"],
            spellings: Spellings()
        )
    }

    func run() throws {
        let traffic = OTLPTraffic()
        let bodies: [(name: String, signal: TelemetrySignal, encoding: TelemetryEncoding, bytes: [UInt8])] = [
            ("points_protobuf", .metrics, .protobuf, traffic.points.protobuf()),
            ("points_json", .metrics, .json, traffic.points.json()),
            ("spans_protobuf", .traces, .protobuf, traffic.spans.protobuf()),
            ("spans_json", .traces, .json, traffic.spans.json()),
        ]
        for body in bodies {
            if let output { try Data(body.bytes).write(to: URL(filePath: output).appending(path: body.name)) }
            let reader = TelemetryReader(encoding: body.encoding, interest: interest)
            var sink = SummingSink()
            let start = cpuSeconds()
            for _ in 0..<requests { try reader.read(body.bytes, signal: body.signal, into: &sink) }
            let seconds = cpuSeconds() - start
            report("otlp_\(body.name)", Double(sink.records) / seconds, "per_s")
            report("otlp_\(body.name)_bytes", Double(body.bytes.count * requests) / seconds / 1e6, "MB/s")
            report("otlp_\(body.name)_tokens", Double(sink.tokens) / Double(requests), "tokens")
        }
    }
}

/// Looks at what a projection would look at.
private struct SummingSink: TelemetrySink {
    var (records, tokens): (Int, Int64) = (0, 0)

    mutating func take(_ span: SpanRecord, in context: RecordContext) {
        records += 1
        if case .integer(let count) = span.attributes["gen_ai.usage.input_tokens"] { tokens &+= count }
    }

    mutating func take(_ log: LogRecord, in context: RecordContext) { records += 1 }

    mutating func take(_ point: PointRecord, in context: RecordContext) {
        records += 1
        if case .integer(let count) = point.value, point.attributes["openclaw.token"] != nil { tokens &+= count }
    }

    mutating func reject(_ reason: TelemetryRejection) {}
}
