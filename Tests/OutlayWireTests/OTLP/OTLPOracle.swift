import Foundation
import OTLPProtobuf
import OutlayCore
import OutlayWire
import SwiftProtobuf

/// What the reader must find in a request, told from SwiftProtobuf's messages.
///
/// Fingerprints are left out: only the reader knows them.
struct OTLPOracle {
    private var sink = RecordingSink()
    private let limits = TelemetryLimits.wide

    static func records(of request: OTLPTraceRequest) -> RecordingSink {
        var oracle = OTLPOracle()
        for resource in request.resourceSpans {
            for scope in resource.scopeSpans {
                let context = oracle.context(resource.resource, scope.scope)
                for span in scope.spans { oracle.take(span, context) }
            }
        }
        return oracle.sink
    }

    static func records(of request: OTLPLogsRequest) -> RecordingSink {
        var oracle = OTLPOracle()
        for resource in request.resourceLogs {
            for scope in resource.scopeLogs {
                let context = oracle.context(resource.resource, scope.scope)
                for log in scope.logRecords { oracle.take(log, context) }
            }
        }
        return oracle.sink
    }

    static func records(of request: OTLPMetricsRequest) -> RecordingSink {
        var oracle = OTLPOracle()
        for resource in request.resourceMetrics {
            for scope in resource.scopeMetrics {
                let context = oracle.context(resource.resource, scope.scope)
                for metric in scope.metrics { oracle.take(metric, context) }
            }
        }
        return oracle.sink
    }

    private func context(_ resource: OTLPResource, _ scope: OTLPScope) -> RecordContext {
        var context = RecordContext()
        context.resource = attributes(resource.attributes)
        context.scopeName = name(scope.name)
        context.scopeVersion = name(scope.version)
        context.scope = attributes(scope.attributes)
        return context
    }

    private func name(_ text: String) -> String {
        var cut = text.unicodeScalars[...]
        while String(cut).utf8.count > limits.nameBytes { cut.removeLast() }
        return String(cut)
    }

    private func attributes(_ pairs: [OTLPKeyValue]) -> Attributes {
        var attributes = Attributes()
        for pair in pairs where (1...256).contains(pair.key.utf8.count) {
            let value: AttributeValue? =
                switch pair.value.value {
                case .stringValue(let text): text.utf8.count <= limits.valueBytes ? .string(text) : nil
                case .boolValue(let value): .bool(value)
                case .intValue(let value): .integer(value)
                case .doubleValue(let value): .double(value)
                case .arrayValue, .kvlistValue, .bytesValue, nil: nil
                }
            if let value { attributes.entries.append(.init(pair.key, value)) }
        }
        return attributes
    }

    private func id(_ data: Data) -> UInt128 { data.reduce(0) { $0 << 8 | UInt128($1) } }
}

extension OTLPOracle {
    private mutating func take(_ span: OTLPSpan, _ context: RecordContext) {
        guard span.traceID.count == 16, span.spanID.count == 8, [0, 8].contains(span.parentSpanID.count),
            id(span.traceID) != 0, id(span.spanID) != 0
        else { return sink.reject(.missingIDs) }
        var record = SpanRecord()
        record.trace = id(span.traceID)
        record.span = UInt64(id(span.spanID))
        record.parent = UInt64(id(span.parentSpanID))
        record.name = name(span.name)
        record.kind = UInt8(exactly: span.kind) ?? 0
        record.start = span.startTimeUnixNano
        record.end = span.endTimeUnixNano
        record.status = UInt8(exactly: span.status.code) ?? 0
        record.attributes = attributes(span.attributes)
        sink.take(record, in: context)
    }

    private mutating func take(_ log: OTLPLogRecord, _ context: RecordContext) {
        var record = LogRecord()
        record.time = log.timeUnixNano
        record.observed = log.observedTimeUnixNano
        record.trace = log.traceID.count == 16 ? id(log.traceID) : 0
        record.span = log.spanID.count == 8 ? UInt64(id(log.spanID)) : 0
        record.eventName = name(log.eventName)
        record.body = log.body.stringValue == "greeting" ? "greeting" : nil
        record.attributes = attributes(log.attributes)
        sink.take(record, in: context)
    }

    private mutating func take(_ metric: OTLPMetric, _ context: RecordContext) {
        guard (1...256).contains(metric.name.utf8.count) else { return }
        var head = PointRecord()
        (head.metric, head.unit) = (metric.name, name(metric.unit))
        switch metric.data {
        case .gauge(let gauge): for _ in gauge.dataPoints { sink.reject(.gauge) }
        case .summary(let summary): for _ in summary.dataPoints { sink.reject(.summary) }
        case .sum(let sum):
            head.shape = .sum
            head.isMonotonic = sum.isMonotonic
            for point in sum.dataPoints { take(point, head, sum, context) }
        case .histogram(let histogram):
            head.shape = .histogram
            for point in histogram.dataPoints {
                head.value = point.hasSum ? .double(point.sum) : nil
                (head.start, head.time) = (point.startTimeUnixNano, point.timeUnixNano)
                (head.count, head.flags) = (point.count, point.flags)
                head.attributes = attributes(point.attributes)
                take(head, histogram.aggregationTemporality, context)
            }
        case .exponentialHistogram(let histogram):
            head.shape = .exponentialHistogram
            for point in histogram.dataPoints {
                head.value = point.hasSum ? .double(point.sum) : nil
                (head.start, head.time) = (point.startTimeUnixNano, point.timeUnixNano)
                (head.count, head.flags) = (point.count, point.flags)
                head.attributes = attributes(point.attributes)
                take(head, histogram.aggregationTemporality, context)
            }
        case nil: break
        }
    }

    private mutating func take(
        _ point: OTLPNumberDataPoint,
        _ head: PointRecord,
        _ sum: OTLPSum,
        _ context: RecordContext
    ) {
        guard sum.isMonotonic else { return sink.reject(.nonMonotonic) }
        var record = head
        switch point.value {
        case .asInt(let value): record.value = .integer(value)
        case .asDouble(let value): record.value = .double(value)
        case nil: record.value = nil
        }
        (record.start, record.time) = (point.startTimeUnixNano, point.timeUnixNano)
        record.flags = point.flags
        record.attributes = attributes(point.attributes)
        take(record, sum.aggregationTemporality, context)
    }

    private mutating func take(_ point: PointRecord, _ temporality: Int32, _ context: RecordContext) {
        guard temporality == 1 || temporality == 2 else { return sink.reject(.unknownTemporality) }
        guard point.flags & 1 == 0 else { return }
        var point = point
        point.temporality = UInt8(temporality)
        switch point.value {
        case nil: sink.reject(point.shape == .sum ? .badNumber : .noSum)
        case .double(let value) where !value.isFinite: sink.reject(.badNumber)
        default: sink.take(point, in: context)
        }
    }
}

// MARK: - Comparing

extension RecordingSink {
    /// The same without fingerprints, and with every NaN equal to every other.
    var comparable: RecordingSink {
        RecordingSink(
            taken: taken.map {
                switch $0 {
                case .span(var span, let context):
                    span.attributes = span.attributes.comparable
                    return .span(span, context.comparable)
                case .log(var log, let context):
                    log.attributes = log.attributes.comparable
                    return .log(log, context.comparable)
                case .point(var point, let context):
                    point.attributes = point.attributes.comparable
                    return .point(point, context.comparable)
                case .rejection: return $0
                }
            }
        )
    }

    /// The first records in which the two differ; `nil` where they are the same.
    func difference(from expected: RecordingSink) -> String? {
        let (found, expected) = (comparable.taken, expected.comparable.taken)
        for (index, (found, expected)) in zip(found, expected).enumerated() where found != expected {
            return "record \(index): \(found) instead of \(expected)"
        }
        return found.count == expected.count ? nil : "\(found.count) records instead of \(expected.count)"
    }

    var fingerprints: [UInt128] {
        taken.flatMap { taken -> [UInt128] in
            switch taken {
            case .span(let span, let context): [span.attributes.fingerprint] + context.fingerprints
            case .log(let log, let context): [log.attributes.fingerprint] + context.fingerprints
            case .point(let point, let context): [point.attributes.fingerprint] + context.fingerprints
            case .rejection: []
            }
        }
    }
}

extension RecordContext {
    fileprivate var comparable: RecordContext {
        var context = self
        context.resource = resource.comparable
        context.scope = scope.comparable
        return context
    }

    fileprivate var fingerprints: [UInt128] { [resource.fingerprint, scope.fingerprint] }
}

extension Attributes {
    fileprivate var comparable: Attributes {
        var attributes = Attributes()
        attributes.entries = entries.map { entry in
            guard case .double(let value) = entry.value, value.isNaN else { return entry }
            return Entry(entry.key, .string("not a number"))
        }
        return attributes
    }
}
