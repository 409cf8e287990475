/// Walks the three requests of OTLP in JSON: resources, their scopes, the records of those.
///
/// Keys may come in any order. What needs something that did not come yet is passed over and returned to at the end
/// of its object; exporters write in an order where that does not happen.
struct JSONTelemetry {
    let signal: TelemetrySignal
    var reading: RequestReading
    var cursor: JSONCursor
    let keys = OTLPKey.table
    let enumerations = OTLPKey.enumerations

    init(signal: TelemetrySignal, reading: RequestReading, count: Int) {
        self.signal = signal
        self.reading = reading
        cursor = JSONCursor(count: count, depthMax: reading.limits.jsonDepth)
    }

    mutating func request(_ bytes: RawSpan, into sink: inout some TelemetrySink) throws(TelemetryReadError) {
        guard try cursor.beginObject(bytes) else { throw .malformed(at: 0, .kind) }
        var isRead = false
        while let key = try nextKey(bytes) {
            guard key == signal.levels.resources else {
                try cursor.skip(bytes)
                continue
            }
            try once(&isRead)
            guard try cursor.beginArray(bytes) else { continue }
            while try cursor.nextElement(bytes) { try resource(bytes, &sink) }
        }
        try cursor.finish(bytes)
    }

    private mutating func resource(_ bytes: RawSpan, _ sink: inout some TelemetrySink) throws(TelemetryReadError) {
        guard try cursor.beginObject(bytes) else { return }
        var context = RecordContext()
        var (hasResource, hasScopes) = (false, false)
        var later: JSONCursor?
        while let key = try nextKey(bytes) {
            switch key {
            case .resource:
                try once(&hasResource)
                try resourceHead(bytes, &context)
            case signal.levels.scopes:
                try once(&hasScopes)
                if hasResource {
                    try scopes(bytes, context, &sink)
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
        try scopes(bytes, context, &sink)
        cursor = here
    }

    private mutating func resourceHead(
        _ bytes: RawSpan,
        _ context: inout RecordContext
    ) throws(TelemetryReadError) {
        guard try cursor.beginObject(bytes) else { return }
        reading.gathering.begin()
        var hasAttributes = false
        while let key = try nextKey(bytes) {
            switch key {
            case .attributes:
                try once(&hasAttributes)
                try attributes(bytes)
            default: try cursor.skip(bytes)
            }
        }
        context.resource = try reading.gathering.shared()
    }

    private mutating func scopes(
        _ bytes: RawSpan,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        guard try cursor.beginArray(bytes) else { return }
        while try cursor.nextElement(bytes) { try scope(bytes, context, &sink) }
    }

    private mutating func scope(
        _ bytes: RawSpan,
        _ resource: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        guard try cursor.beginObject(bytes) else { return }
        var context = resource
        var (hasScope, hasRecords) = (false, false)
        var later: JSONCursor?
        while let key = try nextKey(bytes) {
            switch key {
            case .scope:
                try once(&hasScope)
                try scopeHead(bytes, &context)
            case signal.levels.records:
                try once(&hasRecords)
                if hasScope {
                    try records(bytes, context, &sink)
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
        try records(bytes, context, &sink)
        cursor = here
    }

    private mutating func scopeHead(_ bytes: RawSpan, _ context: inout RecordContext) throws(TelemetryReadError) {
        guard try cursor.beginObject(bytes) else { return }
        reading.gathering.begin()
        var hasAttributes = false
        while let key = try nextKey(bytes) {
            switch key {
            case .name: context.scopeName = try name(bytes)
            case .version: context.scopeVersion = try name(bytes)
            case .attributes:
                try once(&hasAttributes)
                try attributes(bytes)
            default: try cursor.skip(bytes)
            }
        }
        context.scope = try reading.gathering.shared()
    }

    private mutating func records(
        _ bytes: RawSpan,
        _ context: RecordContext,
        _ sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        guard try cursor.beginArray(bytes) else { return }
        while try cursor.nextElement(bytes) {
            switch signal {
            case .traces: try span(bytes, context, &sink)
            case .logs: try log(bytes, context, &sink)
            case .metrics: try metric(bytes, context, &sink)
            }
        }
    }
}

// MARK: - What every level uses

extension JSONTelemetry {
    /// The next member's key; `nil` at the object's end.
    mutating func nextKey(_ bytes: RawSpan) throws(TelemetryReadError) -> OTLPKey? {
        guard let text = try cursor.nextKey(bytes) else { return nil }
        guard text.isEscaped else { return keys.name(hashed: StableHash.of(bytes, text.range))?.value ?? .unknown }
        var hash = StableHash()
        bytes.resolve(text, into: &hash)
        hash.endText()
        return keys.name(hashed: hash.value)?.value ?? .unknown
    }

    /// A container that comes a second time would be read as two.
    func once(_ isSeen: inout Bool) throws(TelemetryReadError) {
        guard !isSeen else { throw .malformed(at: cursor.index, .twice) }
        isSeen = true
    }

    /// A name of limited length; empty for `null`.
    mutating func name(_ bytes: RawSpan) throws(TelemetryReadError) -> String {
        guard let text = try cursor.string(bytes) else { return "" }
        return try bytes.text(text, cutAt: reading.limits.nameBytes)
    }
}
