/// The keys of OTLP in JSON that are looked at.
enum OTLPKey: String, CaseIterable, Sendable {
    case resourceSpans, resourceLogs, resourceMetrics, scopeSpans, scopeLogs, scopeMetrics, spans, logRecords, metrics
    case resource, scope, attributes, name, version, key, value
    case stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue, values
    case traceID = "traceId"
    case spanID = "spanId"
    case parentSpanID = "parentSpanId"
    case kind, startTimeUnixNano, endTimeUnixNano, status, code
    case timeUnixNano, observedTimeUnixNano, body, eventName
    case unit, gauge, sum, histogram, exponentialHistogram, summary
    case dataPoints, aggregationTemporality, isMonotonic, asDouble, asInt, count, flags
    /// Any other key.
    case unknown = ""

    static let table = NameTable(allCases.filter { $0 != .unknown }.map { ($0.rawValue, $0) })

    /// The names of enumerations' cases; OTLP wants their numbers, but not everybody reads that.
    static let enumerations = NameTable<UInt64>([
        ("AGGREGATION_TEMPORALITY_DELTA", 1), ("AGGREGATION_TEMPORALITY_CUMULATIVE", 2),
        ("SPAN_KIND_INTERNAL", 1), ("SPAN_KIND_SERVER", 2), ("SPAN_KIND_CLIENT", 3), ("SPAN_KIND_PRODUCER", 4),
        ("SPAN_KIND_CONSUMER", 5), ("STATUS_CODE_OK", 1), ("STATUS_CODE_ERROR", 2),
    ])
}

extension TelemetrySignal {
    /// The keys of the three levels of a request.
    var levels: (resources: OTLPKey, scopes: OTLPKey, records: OTLPKey) {
        switch self {
        case .traces: (.resourceSpans, .scopeSpans, .spans)
        case .logs: (.resourceLogs, .scopeLogs, .logRecords)
        case .metrics: (.resourceMetrics, .scopeMetrics, .metrics)
        }
    }
}
