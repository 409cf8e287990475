import Foundation
import OTLPProtobuf
import OutlayCore
import OutlayWire
import SwiftProtobuf
import Testing

/// Requests made at random and written by SwiftProtobuf are read to the same values.
@Suite struct OTLPOracleTests {
    struct Request {
        let signal: TelemetrySignal
        let protobuf: [UInt8]
        let json: JSONValue
        let expected: RecordingSink
    }

    /// A request of each signal.
    static func requests(seed: UInt64) throws -> [Request] {
        var generator = OTLPGenerator(seed: seed)
        let (traces, logs, metrics) = (generator.traces(), generator.logs(), generator.metrics())
        return [
            Request(
                signal: .traces,
                protobuf: try traces.serializedBytes(),
                json: try json(of: traces),
                expected: OTLPOracle.records(of: traces)
            ),
            Request(
                signal: .logs,
                protobuf: try logs.serializedBytes(),
                json: try json(of: logs),
                expected: OTLPOracle.records(of: logs)
            ),
            Request(
                signal: .metrics,
                protobuf: try metrics.serializedBytes(),
                json: try json(of: metrics),
                expected: OTLPOracle.records(of: metrics)
            ),
        ]
    }

    /// OTLP/JSON: protobuf's JSON with the ids in hexadecimal.
    private static func json(of message: some Message) throws -> JSONValue {
        hexadecimal(try JSONValue(message.jsonUTF8Bytes()))
    }

    private static func hexadecimal(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(hexadecimal))
        case .object(let members):
            .object(
                members.map { member in
                    guard ["traceId", "spanId", "parentSpanId"].contains(member.key),
                        let data = Data(base64Encoded: member.value.string ?? "")
                    else { return .init(member.key, hexadecimal(member.value)) }
                    return .init(member.key, .string(data.map { String(format: "%02x", $0) }.joined()))
                }
            )
        default: value
        }
    }

    /// The same with the members of every object in another order.
    private static func shuffled(_ value: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { shuffled($0, &random) })
        case .object(let members):
            let mixed = members.map { JSONValue.Member($0.key, shuffled($0.value, &random)) }
            return .object(mixed.shuffled(using: &random))
        default: return value
        }
    }

    private static func text(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(value)
        return writer.bytes
    }

    @Test(arguments: UInt64(1)...8)
    func `a request is read as SwiftProtobuf reads it, in both encodings and any order of keys`(_ seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        var count = 0
        for round in 0..<25 {
            for request in try Self.requests(seed: seed &* 1000 &+ UInt64(round)) {
                let protobuf = try telemetry(request.protobuf, .protobuf, request.signal)
                let json = try telemetry(Self.text(request.json), .json, request.signal)
                let mixed = Self.text(Self.shuffled(request.json, &random))
                let shuffled = try telemetry(mixed, .json, request.signal)
                try #require(
                    protobuf.difference(from: request.expected) == nil,
                    "seed \(seed), round \(round), protobuf"
                )
                try #require(json.difference(from: request.expected) == nil, "seed \(seed), round \(round), json")
                try #require(
                    shuffled.difference(from: request.expected) == nil,
                    "seed \(seed), round \(round), shuffled"
                )
                #expect(protobuf.fingerprints == json.fingerprints, "seed \(seed), round \(round)")
                #expect(protobuf.fingerprints == shuffled.fingerprints, "seed \(seed), round \(round)")
                count += request.expected.taken.count
            }
        }
        #expect(count > 250)
    }

    @Test(arguments: UInt64(1)...4)
    func `a broken request that both can read says the same to both`(_ seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        var readable = 0
        for round in 0..<150 {
            for request in try Self.requests(seed: seed &* 1000 &+ UInt64(round)) where !request.protobuf.isEmpty {
                var bytes = request.protobuf
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
                }
                guard let found = try? telemetry(bytes, .protobuf, request.signal),
                    let expected = try? Self.oracle(bytes, request.signal)
                else { continue }
                readable += 1
                try #require(found.difference(from: expected) == nil, "seed \(seed), round \(round)")
            }
        }
        #expect(readable > 50)
    }

    private static func oracle(_ bytes: [UInt8], _ signal: TelemetrySignal) throws -> RecordingSink {
        switch signal {
        case .traces: OTLPOracle.records(of: try OTLPTraceRequest(serializedBytes: bytes))
        case .logs: OTLPOracle.records(of: try OTLPLogsRequest(serializedBytes: bytes))
        case .metrics: OTLPOracle.records(of: try OTLPMetricsRequest(serializedBytes: bytes))
        }
    }
}
