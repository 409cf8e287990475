extension JSONTelemetry {
    mutating func span(
        _ bytes: RawSpan,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        try reading.countRecord()
        guard try cursor.beginObject(bytes) else { return sink.reject(.missingIDs) }
        reading.gathering.begin()
        var (span, ids, hasAttributes) = (SpanRecord(), RecordIDs(), false)
        while let key = try nextKey(bytes) {
            switch key {
            case .traceID: ids.trace = try traceID(bytes)
            case .spanID: ids.span = try spanID(bytes)
            case .parentSpanID: ids.setParent(try spanID(bytes))
            case .name: span.name = try name(bytes)
            case .kind: span.kind = UInt8(exactly: try cursor.enumeration(bytes, names: enumerations)) ?? 0
            case .startTimeUnixNano: span.start = try cursor.unsigned(bytes) ?? 0
            case .endTimeUnixNano: span.end = try cursor.unsigned(bytes) ?? 0
            case .status: span.status = try status(bytes)
            case .attributes:
                try once(&hasAttributes)
                try attributes(bytes)
            default: try cursor.skip(bytes)
            }
        }
        reading.finish(span, ids: ids, in: context, &sink)
    }

    private mutating func status(_ bytes: RawSpan) throws(TelemetryReadError) -> UInt8 {
        guard try cursor.beginObject(bytes) else { return 0 }
        var status: UInt8 = 0
        while let key = try nextKey(bytes) {
            if key == .code {
                status = UInt8(exactly: try cursor.enumeration(bytes, names: enumerations)) ?? 0
            } else {
                try cursor.skip(bytes)
            }
        }
        return status
    }

    mutating func log(
        _ bytes: RawSpan,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        try reading.countRecord()
        guard try cursor.beginObject(bytes) else { return }
        reading.gathering.begin()
        var (log, ids, hasAttributes) = (LogRecord(), RecordIDs(), false)
        while let key = try nextKey(bytes) {
            switch key {
            case .timeUnixNano: log.time = try cursor.unsigned(bytes) ?? 0
            case .observedTimeUnixNano: log.observed = try cursor.unsigned(bytes) ?? 0
            case .traceID: ids.trace = try traceID(bytes)
            case .spanID: ids.span = try spanID(bytes)
            case .eventName: log.eventName = try name(bytes)
            case .body: log.body = try body(bytes)
            case .attributes:
                try once(&hasAttributes)
                try attributes(bytes)
            default: try cursor.skip(bytes)
            }
        }
        reading.finish(log, ids: ids, in: context, &sink)
    }

    /// The log's body where it is one of the texts asked for.
    private mutating func body(_ bytes: RawSpan) throws(TelemetryReadError) -> String? {
        guard try cursor.beginObject(bytes) else { return nil }
        var body: String?
        while let key = try nextKey(bytes) {
            guard key == .stringValue, let text = try cursor.string(bytes) else {
                if key != .stringValue { try cursor.skip(bytes) }
                continue
            }
            body = bytes.withResolved(text, limit: reading.sieve.interest.bodies.longest + 1) { text, range in
                reading.sieve.interest.body(text, range)
            }
        }
        return body
    }

    /// A trace's id in hexadecimal, 0 where it is empty; `nil` for a wrong length.
    private mutating func traceID(_ bytes: RawSpan) throws(TelemetryReadError) -> UInt128? {
        guard let text = try cursor.string(bytes), !text.range.isEmpty else { return 0 }
        let (start, end) = (text.range.lowerBound, text.range.upperBound)
        guard text.range.count == 32, let high = bytes.hexNumber(at: start, count: 16, before: end),
            let low = bytes.hexNumber(at: start &+ 16, count: 16, before: end)
        else { return nil }
        return UInt128(high) << 64 | UInt128(low)
    }

    private mutating func spanID(_ bytes: RawSpan) throws(TelemetryReadError) -> UInt64? {
        guard let text = try cursor.string(bytes), !text.range.isEmpty else { return 0 }
        guard text.range.count == 16 else { return nil }
        return bytes.hexNumber(at: text.range.lowerBound, count: 16, before: text.range.upperBound)
    }
}
