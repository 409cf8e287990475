extension JSONTelemetry {
    /// Reads the points of a metric that somebody wants.
    mutating func metric(
        _ bytes: RawSpan,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        guard try cursor.beginObject(bytes) else { return }
        var head = PointRecord()
        var (isNamed, isWanted) = (false, false)
        var (hasUnit, hasData) = (false, false)
        var later: JSONCursor?
        while let key = try nextKey(bytes) {
            switch key {
            case .name:
                guard let text = try cursor.string(bytes) else { continue }
                isNamed = true
                isWanted = bytes.withResolved(text, limit: AttributeInterest.nameBytesMax + 1) { text, range in
                    reading.sieve.interest.wantsMetric(text, range)
                }
                if isWanted { head.metric = try bytes.text(text, cutAt: AttributeInterest.nameBytesMax) }
            case .unit:
                head.unit = try name(bytes)
                hasUnit = true
            case .gauge, .sum, .histogram, .exponentialHistogram, .summary:
                guard !isNamed || isWanted else {
                    try cursor.skip(bytes)
                    continue
                }
                try once(&hasData)
                head.shape = PointRecord.Shape(key: key)
                head.count = head.shape == .sum ? nil : 0
                if hasUnit, isNamed {
                    try data(bytes, head, context, &sink)
                } else {
                    later = cursor
                    try cursor.skip(bytes)
                }
            default: try cursor.skip(bytes)
            }
        }
        guard let later, isWanted else { return }
        let here = cursor
        cursor = later
        try data(bytes, head, context, &sink)
        cursor = here
    }

    /// Reads a sum, histogram and the like: first what all of its points have in common.
    private mutating func data(
        _ bytes: RawSpan,
        _ metric: PointRecord,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        guard try cursor.beginObject(bytes) else { return }
        var head = metric
        var (hasTemporality, hasMonotony, hasPoints) = (false, head.shape != .sum, false)
        var later: JSONCursor?
        while let key = try nextKey(bytes) {
            switch key {
            case .aggregationTemporality:
                head.setTemporality(try cursor.enumeration(bytes, names: enumerations))
                hasTemporality = true
            case .isMonotonic:
                head.isMonotonic = try cursor.bool(bytes) ?? false
                hasMonotony = true
            case .dataPoints:
                try once(&hasPoints)
                if hasTemporality, hasMonotony {
                    try points(bytes, head, context, &sink)
                } else {
                    later = cursor
                    try cursor.skip(bytes)
                }
            default: try cursor.skip(bytes)
            }
        }
        guard let later else { return }
        let here = cursor
        cursor = later
        try points(bytes, head, context, &sink)
        cursor = here
    }

    private mutating func points(
        _ bytes: RawSpan,
        _ head: PointRecord,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        guard try cursor.beginArray(bytes) else { return }
        while try cursor.nextElement(bytes) {
            try reading.countRecord()
            if let refusal = head.refusal {
                sink.reject(refusal)
                try cursor.skip(bytes)
                continue
            }
            reading.gathering.begin()
            var point = head
            try self.point(bytes, &point)
            reading.finish(point, in: context, &sink)
        }
    }

    private mutating func point(_ bytes: RawSpan, _ point: inout PointRecord) throws(TelemetryReadError) {
        guard try cursor.beginObject(bytes) else { return }
        let isSum = point.shape == .sum
        var hasAttributes = false
        while let key = try nextKey(bytes) {
            switch key {
            case .startTimeUnixNano: point.start = try cursor.unsigned(bytes) ?? 0
            case .timeUnixNano: point.time = try cursor.unsigned(bytes) ?? 0
            case .asDouble where isSum: point.take(try cursor.double(bytes).map { .double($0) })
            case .asInt where isSum: point.take(try cursor.signed(bytes).map { .integer($0) })
            case .sum where !isSum: point.take(try cursor.double(bytes).map { .double($0) })
            case .count where !isSum: point.count = try cursor.unsigned(bytes) ?? 0
            case .flags: point.flags = UInt32(truncatingIfNeeded: try cursor.unsigned(bytes) ?? 0)
            case .attributes:
                try once(&hasAttributes)
                try attributes(bytes)
            default: try cursor.skip(bytes)
            }
        }
    }
}

extension PointRecord {
    /// Takes the value that came last; `null` is none.
    fileprivate mutating func take(_ number: Number?) {
        if let number { value = number }
    }
}

extension PointRecord.Shape {
    fileprivate init(key: OTLPKey) {
        switch key {
        case .sum: self = .sum
        case .histogram: self = .histogram
        case .exponentialHistogram: self = .exponentialHistogram
        case .summary: self = .summary
        default: self = .gauge
        }
    }
}
