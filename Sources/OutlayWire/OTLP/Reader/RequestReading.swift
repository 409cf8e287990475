/// What reading a request needs whatever its encoding: the sieve, the limits, how many records there were.
struct RequestReading {
    var sieve: AttributeSieve
    var gathering: AttributeGathering
    private var records = 0

    var limits: TelemetryLimits { sieve.limits }

    init(interest: AttributeInterest, limits: TelemetryLimits) {
        sieve = AttributeSieve(interest: interest, limits: limits)
        gathering = AttributeGathering(limits)
    }

    /// Counts a record, before anything of it is read.
    mutating func countRecord() throws(TelemetryReadError) {
        records &+= 1
        if records > limits.records { throw .tooManyRecords(limit: limits.records) }
    }

    /// Hands the span to the sink; a span that cannot be named is refused.
    mutating func finish(
        _ span: SpanRecord,
        ids: RecordIDs,
        in context: RecordContext,
        _ sink: inout some TelemetrySink
    ) {
        guard let trace = ids.trace, let own = ids.span, ids.isParentSound, trace != 0, own != 0 else {
            return sink.reject(.missingIDs)
        }
        guard !gathering.isTooLong else { return sink.reject(.tooLong) }
        var span = span
        (span.trace, span.span, span.parent) = (trace, own, ids.parent)
        span.attributes = gathering.attributes
        sink.take(span, in: context)
    }

    /// Hands the record to the sink; logs need no ids.
    mutating func finish(_ log: LogRecord, ids: RecordIDs, in context: RecordContext, _ sink: inout some TelemetrySink)
    {
        guard !gathering.isTooLong else { return sink.reject(.tooLong) }
        var log = log
        (log.trace, log.span) = (ids.trace ?? 0, ids.span ?? 0)
        log.attributes = gathering.attributes
        sink.take(log, in: context)
    }

    /// Hands the point to the sink, unless it says nothing that can be counted.
    mutating func finish(_ point: PointRecord, in context: RecordContext, _ sink: inout some TelemetrySink) {
        if point.flags & 1 == 1 { return }
        switch point.value {
        case nil: return sink.reject(point.shape == .sum ? .badNumber : .noSum)
        case .double(let value) where !value.isFinite: return sink.reject(.badNumber)
        default: break
        }
        guard !gathering.isTooLong else { return sink.reject(.tooLong) }
        var point = point
        point.attributes = gathering.attributes
        sink.take(point, in: context)
    }
}

/// The ids of a record as they came; `nil` is one of the wrong length.
struct RecordIDs {
    var trace: UInt128? = 0
    var span: UInt64? = 0
    var parent: UInt64 = 0
    var isParentSound = true
}

extension PointRecord {
    /// Why no point of this metric is of use, whatever it says.
    var refusal: TelemetryRejection? {
        switch shape {
        case .gauge: .gauge
        case .summary: .summary
        case .sum where !isMonotonic: .nonMonotonic
        case .sum, .histogram, .exponentialHistogram: temporality == 0 ? .unknownTemporality : nil
        }
    }

    /// Only delta and cumulative are known.
    mutating func setTemporality(_ number: UInt64) {
        temporality = number == 1 || number == 2 ? UInt8(truncatingIfNeeded: number) : 0
    }
}
