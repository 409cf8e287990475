import Foundation
import OutlayCore
import OutlayWire
import Testing

/// Keeps everything it is handed.
struct RecordingSink: TelemetrySink, Hashable {
    enum Taken: Hashable {
        case span(SpanRecord, RecordContext)
        case log(LogRecord, RecordContext)
        case point(PointRecord, RecordContext)
        case rejection(TelemetryRejection)
    }

    var taken: [Taken] = []

    mutating func take(_ span: SpanRecord, in context: RecordContext) { taken.append(.span(span, context)) }
    mutating func take(_ log: LogRecord, in context: RecordContext) { taken.append(.log(log, context)) }
    mutating func take(_ point: PointRecord, in context: RecordContext) { taken.append(.point(point, context)) }
    mutating func reject(_ reason: TelemetryRejection) { taken.append(.rejection(reason)) }

    var spans: [SpanRecord] {
        taken.compactMap { if case .span(let span, _) = $0 { span } else { nil } }
    }

    var logs: [LogRecord] {
        taken.compactMap { if case .log(let log, _) = $0 { log } else { nil } }
    }

    var points: [PointRecord] {
        taken.compactMap { if case .point(let point, _) = $0 { point } else { nil } }
    }

    var contexts: [RecordContext] {
        taken.compactMap {
            switch $0 {
            case .span(_, let context), .log(_, let context), .point(_, let context): context
            case .rejection: nil
            }
        }
    }

    var rejections: [TelemetryRejection] {
        taken.compactMap { if case .rejection(let reason) = $0 { reason } else { nil } }
    }
}

/// Only counts, for requests of a million records.
struct CountingSink: TelemetrySink {
    var (taken, rejected) = (0, 0)

    mutating func take(_ span: SpanRecord, in context: RecordContext) { taken += 1 }
    mutating func take(_ log: LogRecord, in context: RecordContext) { taken += 1 }
    mutating func take(_ point: PointRecord, in context: RecordContext) { taken += 1 }
    mutating func reject(_ reason: TelemetryRejection) { rejected += 1 }
}

extension AttributeInterest {
    /// Everything there is, whatever its name.
    static let all = AttributeInterest(
        attributes: ["*"],
        bodies: ["claude_code.api_request", "greeting"],
        metrics: ["*"]
    )
}

extension TelemetryLimits {
    /// Wide enough for whatever a test makes up.
    static var wide: TelemetryLimits {
        var limits = TelemetryLimits()
        limits.keptAttributes = 100_000
        return limits
    }
}

/// Reads `bytes` and keeps what came of it.
func telemetry(
    _ bytes: [UInt8],
    _ encoding: TelemetryEncoding,
    _ signal: TelemetrySignal,
    interest: AttributeInterest = .all,
    limits: TelemetryLimits = .wide
) throws(TelemetryReadError) -> RecordingSink {
    var sink = RecordingSink()
    try TelemetryReader(encoding: encoding, interest: interest, limits: limits).read(bytes, signal: signal, into: &sink)
    return sink
}

func telemetry(
    _ json: String,
    _ signal: TelemetrySignal,
    interest: AttributeInterest = .all,
    limits: TelemetryLimits = .wide
) throws(TelemetryReadError) -> RecordingSink {
    try telemetry(Array(json.utf8), .json, signal, interest: interest, limits: limits)
}

/// A recorded request under `Tests/Fixtures/otlp`.
struct OTLPFixture: CustomTestStringConvertible, Sendable {
    let path: String
    let encoding: TelemetryEncoding
    let signal: TelemetrySignal

    var testDescription: String { path }

    func bytes() throws -> [UInt8] { try Fixture.bytes("otlp/\(path)") }

    /// The path without how the request is written.
    var request: String { String(path.prefix { $0 != "." }) }

    static let all: [OTLPFixture] = {
        let folder = Fixture.folder.appending(path: "otlp").path()
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.sorted().compactMap { path in
            guard !path.hasPrefix("_responses"),
                let signal = TelemetrySignal.allCases.first(where: {
                    path.contains("-\($0.rawValue).")
                })
            else { return nil }
            return OTLPFixture(path: path, encoding: path.hasSuffix(".bin") ? .protobuf : .json, signal: signal)
        }
    }()
}
