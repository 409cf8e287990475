/// Walks the three requests of OTLP in protobuf: resources, their scopes, the records of those.
///
/// Fields may come in any order, so each level is gone through twice: for what the records below need, then for
/// those. Going through a level costs a look at each field's head.
struct ProtobufTelemetry {
    let signal: TelemetrySignal
    var reading: RequestReading

    mutating func request(_ bytes: RawSpan, into sink: inout some TelemetrySink) throws(TelemetryReadError) {
        var fields = ProtobufFields(0..<bytes.byteCount)
        while let field = try fields.next(bytes) {
            if field.number == 1, field.wire == .bytes { try resource(field.range, bytes, &sink) }
        }
    }

    private mutating func resource(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        var context = RecordContext()
        var fields = ProtobufFields(range)
        reading.gathering.begin()
        while let field = try fields.next(bytes) {
            guard field.number == 1, field.wire == .bytes else { continue }
            try attributes(of: field.range, field: 1, bytes)
        }
        context.resource = try reading.gathering.shared()
        fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            if field.number == 2, field.wire == .bytes { try scope(field.range, bytes, context, &sink) }
        }
    }

    private mutating func scope(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ resource: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        var context = resource
        var fields = ProtobufFields(range)
        reading.gathering.begin()
        while let field = try fields.next(bytes) {
            guard field.number == 1, field.wire == .bytes else { continue }
            try name(field.range, bytes, &context)
            try attributes(of: field.range, field: 3, bytes)
        }
        context.scope = try reading.gathering.shared()
        fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            guard field.number == 2, field.wire == .bytes else { continue }
            switch signal {
            case .traces: try span(field.range, bytes, context, &sink)
            case .logs: try log(field.range, bytes, context, &sink)
            case .metrics: try metric(field.range, bytes, context, &sink)
            }
        }
    }

    private func name(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ context: inout RecordContext
    ) throws(TelemetryReadError) {
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            switch (field.number, field.wire) {
            case (1, .bytes): context.scopeName = try bytes.text(in: field.range, cutAt: reading.limits.nameBytes)
            case (2, .bytes): context.scopeVersion = try bytes.text(in: field.range, cutAt: reading.limits.nameBytes)
            default: break
            }
        }
    }
}

// MARK: - Spans and logs

extension ProtobufTelemetry {
    private mutating func span(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        try reading.countRecord()
        reading.gathering.begin()
        var (span, ids) = (SpanRecord(), RecordIDs())
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            switch (field.number, field.wire) {
            case (1, .bytes): ids.trace = bytes.traceID(field.range)
            case (2, .bytes): ids.span = bytes.spanID(field.range)
            case (4, .bytes): ids.setParent(bytes.spanID(field.range))
            case (5, .bytes): span.name = try bytes.text(in: field.range, cutAt: reading.limits.nameBytes)
            case (6, .varint): span.kind = UInt8(exactly: field.bits) ?? 0
            case (7, .fixed64): span.start = field.bits
            case (8, .fixed64): span.end = field.bits
            case (9, .bytes): try attribute(field.range, bytes)
            case (15, .bytes): try status(field.range, bytes, &span)
            default: break
            }
        }
        reading.finish(span, ids: ids, in: context, &sink)
    }

    private func status(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ span: inout SpanRecord
    ) throws(TelemetryReadError) {
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            if field.number == 3, field.wire == .varint { span.status = UInt8(exactly: field.bits) ?? 0 }
        }
    }

    private mutating func log(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        try reading.countRecord()
        reading.gathering.begin()
        var (log, ids) = (LogRecord(), RecordIDs())
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            switch (field.number, field.wire) {
            case (1, .fixed64): log.time = field.bits
            case (5, .bytes): log.body = try body(field.range, bytes)
            case (6, .bytes): try attribute(field.range, bytes)
            case (9, .bytes): ids.trace = bytes.traceID(field.range)
            case (10, .bytes): ids.span = bytes.spanID(field.range)
            case (11, .fixed64): log.observed = field.bits
            case (12, .bytes): log.eventName = try bytes.text(in: field.range, cutAt: reading.limits.nameBytes)
            default: break
            }
        }
        reading.finish(log, ids: ids, in: context, &sink)
    }

    private func body(_ range: Range<Int>, _ bytes: RawSpan) throws(TelemetryReadError) -> String? {
        guard let value = try anyValue(range, bytes), value.number == 1 else { return nil }
        return reading.sieve.interest.body(bytes, value.range)
    }
}

extension RecordIDs {
    /// Takes the parent's id; `nil` is one of the wrong length.
    mutating func setParent(_ id: UInt64?) {
        parent = id ?? 0
        isParentSound = id != nil
    }
}

extension RawSpan {
    /// A trace's id, 0 where it is empty; `nil` for a wrong length.
    fileprivate func traceID(_ range: Range<Int>) -> UInt128? {
        if range.isEmpty { return 0 }
        guard range.count == 16 else { return nil }
        return UInt128(word(range.lowerBound).byteSwapped) << 64 | UInt128(word(range.lowerBound &+ 8).byteSwapped)
    }

    fileprivate func spanID(_ range: Range<Int>) -> UInt64? {
        if range.isEmpty { return 0 }
        return range.count == 8 ? word(range.lowerBound).byteSwapped : nil
    }
}
