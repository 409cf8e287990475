import Foundation
import OTLPProtobuf
import SwiftProtobuf

/// Makes requests of OTLP at random: every field, every kind of value, strange texts.
struct OTLPGenerator {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(state: seed) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func isOnce(in times: Int) -> Bool { number(1...times) == 1 }

    mutating func many<Value>(_ most: Int, _ make: (inout OTLPGenerator) -> Value) -> [Value] {
        (0..<number(0...most)).map { _ in make(&self) }
    }

    mutating func traces() -> OTLPTraceRequest {
        .with { request in
            request.resourceSpans = many(3) { generator in
                .with {
                    if !generator.isOnce(in: 5) { $0.resource = generator.resource() }
                    $0.schemaURL = generator.text()
                    $0.scopeSpans = generator.many(3) { generator in
                        .with {
                            if !generator.isOnce(in: 5) { $0.scope = generator.scope() }
                            $0.spans = generator.many(5) { $0.span() }
                        }
                    }
                }
            }
        }
    }

    mutating func logs() -> OTLPLogsRequest {
        .with { request in
            request.resourceLogs = many(3) { generator in
                .with {
                    if !generator.isOnce(in: 5) { $0.resource = generator.resource() }
                    $0.scopeLogs = generator.many(3) { generator in
                        .with {
                            if !generator.isOnce(in: 5) { $0.scope = generator.scope() }
                            $0.logRecords = generator.many(5) { $0.log() }
                        }
                    }
                }
            }
        }
    }

    mutating func metrics() -> OTLPMetricsRequest {
        .with { request in
            request.resourceMetrics = many(3) { generator in
                .with {
                    if !generator.isOnce(in: 5) { $0.resource = generator.resource() }
                    $0.scopeMetrics = generator.many(3) { generator in
                        .with {
                            if !generator.isOnce(in: 5) { $0.scope = generator.scope() }
                            $0.metrics = generator.many(5) { $0.metric() }
                        }
                    }
                }
            }
        }
    }
}

// MARK: - Values

extension OTLPGenerator {
    private static let texts = [
        "", "a", "service.name", "gen_ai.usage.input_tokens", "claude-sonnet-4-5", "greeting", "Zürich", "日本語",
        "quote \" backslash \\ slash / end", "line\nbreak\ttab\u{0}nul\u{7F}", "👩‍👩‍👧‍👦 family", "{\"id\":\"resp_1\"}",
        "\u{2028}\u{FEFF}", String(repeating: "long ", count: 150), String(repeating: "ü", count: 300),
    ]

    mutating func text() -> String { Self.texts[number(0...(Self.texts.count - 1))] }

    mutating func bytes(_ count: Int) -> Data { Data((0..<count).map { _ in UInt8(number(0...255)) }) }

    mutating func id(_ count: Int) -> Data {
        switch number(1...12) {
        case 1: Data()
        case 2: Data(count: count)
        case 3: bytes(number(1...(count * 2)))
        default: bytes(count)
        }
    }

    mutating func word() -> UInt64 {
        let words: [UInt64] = [0, 1, 127, 128, 1 << 53, (1 << 53) + 1, 1 << 63, .max, 1_795_225_482_687_349_786]
        return isOnce(in: 2) ? words[number(0...(words.count - 1))] : UInt64.random(in: 0...(.max), using: &random)
    }

    mutating func double() -> Double {
        let doubles = [
            0, -0.0, 0.1, 0.00343545, 1e-12, -1.5, 5, 1e21, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude, 1 / 3,
        ]
        return isOnce(in: 2) ? doubles[number(0...(doubles.count - 1))] : Double(bitPattern: word())
    }

    mutating func value(depth: Int = 0) -> OTLPAnyValue {
        .with {
            switch number(depth > 3 ? 3...8 : 1...9) {
            case 1: $0.arrayValue = .with { $0.values = many(3) { $0.value(depth: depth + 1) } }
            case 2: $0.kvlistValue = .with { $0.values = many(3) { $0.attribute(depth: depth + 1) } }
            case 3: $0.boolValue = isOnce(in: 2)
            case 4: $0.intValue = Int64(bitPattern: word())
            case 5: $0.doubleValue = double()
            case 6: $0.bytesValue = bytes(number(0...20))
            case 7: break
            default: $0.stringValue = text()
            }
        }
    }

    mutating func attribute(depth: Int = 0) -> OTLPKeyValue {
        .with {
            $0.key = text()
            if !isOnce(in: 10) { $0.value = value(depth: depth) }
        }
    }

    mutating func attributes() -> [OTLPKeyValue] { many(6) { $0.attribute() } }

    mutating func resource() -> OTLPResource {
        .with {
            $0.attributes = attributes()
            $0.droppedAttributesCount = UInt32(number(0...3))
        }
    }

    mutating func scope() -> OTLPScope {
        .with {
            $0.name = text()
            $0.version = text()
            $0.attributes = attributes()
        }
    }
}

// MARK: - Records

extension OTLPGenerator {
    mutating func span() -> OTLPSpan {
        .with {
            $0.traceID = id(16)
            $0.spanID = id(8)
            $0.parentSpanID = id(8)
            $0.traceState = text()
            $0.name = text()
            $0.kind = Int32(number(0...6))
            $0.startTimeUnixNano = word()
            $0.endTimeUnixNano = word()
            $0.attributes = attributes()
            $0.flags = UInt32(truncatingIfNeeded: word())
            if isOnce(in: 2) { $0.status = .with { $0.code = Int32(number(0...2)) } }
            $0.events = many(2) { generator in
                .with {
                    $0.timeUnixNano = generator.word()
                    $0.attributes = generator.attributes()
                }
            }
            $0.links = many(2) { generator in .with { $0.traceID = generator.id(16) } }
        }
    }

    mutating func log() -> OTLPLogRecord {
        .with {
            $0.timeUnixNano = word()
            $0.observedTimeUnixNano = word()
            $0.severityNumber = Int32(number(0...24))
            $0.severityText = text()
            if !isOnce(in: 4) { $0.body = value() }
            $0.attributes = attributes()
            $0.traceID = id(16)
            $0.spanID = id(8)
            $0.eventName = text()
        }
    }

    mutating func metric() -> OTLPMetric {
        .with {
            $0.name = text()
            $0.unit = text()
            $0.description_p = text()
            let temporality = Int32(number(0...4))
            switch number(1...8) {
            case 1: $0.gauge = .with { $0.dataPoints = many(3) { $0.number() } }
            case 2: $0.summary = .with { $0.dataPoints = many(3) { $0.summary() } }
            case 3, 4:
                $0.histogram = .with {
                    $0.aggregationTemporality = temporality
                    $0.dataPoints = many(4) { $0.histogram() }
                }
            case 5:
                $0.exponentialHistogram = .with {
                    $0.aggregationTemporality = temporality
                    $0.dataPoints = many(4) { $0.exponential() }
                }
            case 6: break
            default:
                $0.sum = .with {
                    $0.aggregationTemporality = temporality
                    $0.isMonotonic = !isOnce(in: 4)
                    $0.dataPoints = many(4) { $0.number() }
                }
            }
        }
    }

    private mutating func number() -> OTLPNumberDataPoint {
        .with {
            $0.startTimeUnixNano = word()
            $0.timeUnixNano = word()
            $0.attributes = attributes()
            $0.flags = UInt32(number(0...9) / 5)
            switch number(1...7) {
            case 1...3: $0.asInt = Int64(bitPattern: word())
            case 4...6: $0.asDouble = double()
            default: break
            }
            $0.exemplars = many(2) { generator in .with { $0.spanID = generator.id(8) } }
        }
    }

    private mutating func histogram() -> OTLPHistogramDataPoint {
        .with {
            $0.startTimeUnixNano = word()
            $0.timeUnixNano = word()
            $0.attributes = attributes()
            $0.count = word()
            if !isOnce(in: 4) { $0.sum = double() }
            $0.bucketCounts = many(4) { $0.word() }
            $0.explicitBounds = many(4) { $0.double() }
            $0.flags = UInt32(number(0...9) / 5)
        }
    }

    private mutating func exponential() -> OTLPExponentialHistogramDataPoint {
        .with {
            $0.startTimeUnixNano = word()
            $0.timeUnixNano = word()
            $0.attributes = attributes()
            $0.count = word()
            if !isOnce(in: 4) { $0.sum = double() }
            $0.scale = Int32(number(-10...20))
            $0.positive = .with { $0.bucketCounts = many(5) { $0.word() } }
        }
    }

    private mutating func summary() -> OTLPSummaryDataPoint {
        .with {
            $0.timeUnixNano = word()
            $0.sum = double()
        }
    }
}
