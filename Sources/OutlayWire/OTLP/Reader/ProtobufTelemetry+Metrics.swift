extension ProtobufTelemetry {
    /// Reads the points of a metric that somebody wants.
    mutating func metric(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        var (name, unit) = (0..<0, 0..<0)
        var data: ProtobufField?
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            switch (field.number, field.wire) {
            case (1, .bytes): name = field.range
            case (3, .bytes): unit = field.range
            case (5, .bytes), (7, .bytes), (9, .bytes), (10, .bytes), (11, .bytes):
                if data?.number != field.number { data = field }
            default: break
            }
        }
        guard let data, let shape = PointRecord.Shape(field: data.number) else { return }
        guard reading.sieve.interest.wantsMetric(bytes, name) else { return }
        var point = PointRecord()
        point.metric = try bytes.text(in: name)
        point.unit = try bytes.text(in: unit, cutAt: reading.limits.nameBytes)
        point.shape = shape
        point.count = shape == .sum ? nil : 0
        fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            if field.continues(data) { try head(field.range, bytes, &point) }
        }
        fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            if field.continues(data) { try points(of: field.range, bytes, point, context, &sink) }
        }
    }

    /// Reads what all points of a sum or histogram have in common.
    private func head(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ point: inout PointRecord
    ) throws(TelemetryReadError) {
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            switch (field.number, field.wire) {
            case (2, .varint): point.setTemporality(field.bits)
            case (3, .varint): point.isMonotonic = field.bits != 0
            default: break
            }
        }
    }

    private mutating func points(
        of range: Range<Int>,
        _ bytes: RawSpan,
        _ head: PointRecord,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            guard field.number == 1, field.wire == .bytes else { continue }
            try reading.countRecord()
            if let refusal = head.refusal {
                sink.reject(refusal)
                continue
            }
            reading.gathering.begin()
            var point = head
            if head.shape == .sum {
                try number(field.range, bytes, &point)
            } else {
                try histogram(field.range, bytes, &point)
            }
            reading.finish(point, in: context, &sink)
        }
    }

    private mutating func number(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ point: inout PointRecord
    ) throws(TelemetryReadError) {
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            switch (field.number, field.wire) {
            case (2, .fixed64): point.start = field.bits
            case (3, .fixed64): point.time = field.bits
            case (4, .fixed64): point.value = .double(Double(bitPattern: field.bits))
            case (6, .fixed64): point.value = .integer(Int64(bitPattern: field.bits))
            case (7, .bytes): try attribute(field.range, bytes)
            case (8, .varint): point.flags = UInt32(truncatingIfNeeded: field.bits)
            default: break
            }
        }
    }

    /// Reads a point of either kind of histogram; they differ in the number of one field.
    private mutating func histogram(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ point: inout PointRecord
    ) throws(TelemetryReadError) {
        let attributes: UInt32 = point.shape == .histogram ? 9 : 1
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            switch (field.number, field.wire) {
            case (attributes, .bytes): try attribute(field.range, bytes)
            case (2, .fixed64): point.start = field.bits
            case (3, .fixed64): point.time = field.bits
            case (4, .fixed64): point.count = field.bits
            case (5, .fixed64): point.value = .double(Double(bitPattern: field.bits))
            case (10, .varint): point.flags = UInt32(truncatingIfNeeded: field.bits)
            default: break
            }
        }
    }
}

extension PointRecord.Shape {
    /// The shape of the data in this field of a metric.
    fileprivate init?(field number: UInt32) {
        switch number {
        case 5: self = .gauge
        case 7: self = .sum
        case 9: self = .histogram
        case 10: self = .exponentialHistogram
        case 11: self = .summary
        default: return nil
        }
    }
}

extension ProtobufField {
    /// Whether this is the data a metric has, or more of it.
    ///
    /// Of several kinds of data the last one counts, from its first piece on.
    fileprivate func continues(_ data: ProtobufField) -> Bool {
        wire == .bytes && number == data.number && range.lowerBound >= data.range.lowerBound
    }
}
