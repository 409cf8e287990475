import OutlayCore

extension RecordReading {
    /// The kinds of records, so that no two of different kinds share an identity.
    private enum Kind: UInt64 {
        case span = 1
        case log, group
    }

    static func identity(of span: SpanRecord) -> UInt128 {
        var hash = StableHash()
        hash.add(word: Kind.span.rawValue)
        hash.add(span.trace)
        hash.add(word: span.span)
        return hash.value
    }

    /// The same for a log however often it is sent: when it was seen does not matter where it says when it was written.
    func identity(of log: LogRecord, named name: String) -> UInt128 {
        var hash = StableHash()
        hash.add(word: Kind.log.rawValue)
        hash.add(text: context.scopeName)
        hash.add(text: name)
        if case .string(let time) = log.attributes["event.timestamp"] {
            hash.add(text: time)
        } else {
            hash.add(word: log.time == 0 ? log.observed : log.time)
        }
        hash.add(log.trace)
        hash.add(word: log.span)
        hash.add(log.attributes.fingerprint)
        return hash.value
    }

    /// What the points of one export share: everything but the kind of token and the metric's name.
    func group(of point: PointRecord, without tokenType: String?, emitter: String) -> UInt128 {
        var hash = StableHash()
        hash.add(word: Kind.group.rawValue)
        hash.add(text: emitter)
        hash.add(context.resource.fingerprint)
        hash.add(text: context.scopeName)
        hash.add(point.attributes.fingerprint(without: tokenType))
        return hash.value
    }

    /// Where a span stands; `nil` for one without ids.
    static func place(of span: SpanRecord) -> TracePlace? {
        guard span.trace != 0, span.span != 0 else { return nil }
        return TracePlace(trace: span.trace, span: span.span, parent: span.parent == 0 ? nil : span.parent)
    }

    /// The span in whose course a log was written: the call's own, or one around it.
    static func place(of log: LogRecord) -> TracePlace? {
        guard log.trace != 0, log.span != 0 else { return nil }
        return TracePlace(trace: log.trace, span: log.span)
    }
}

extension Attributes {
    /// The fingerprint as it were if the attribute of that name, a text, had not been sent.
    func fingerprint(without name: String?) -> UInt128 {
        guard let name, case .string(let text) = self[name] else { return fingerprint }
        var pair = StableHash(pairOf: StableHash.of(name))
        pair.add(.string)
        pair.add(text: text)
        return fingerprint &- pair.value
    }
}

extension StableHash {
    mutating func add(text: String) {
        for byte in text.utf8 { add(byte: byte) }
        endText()
    }
}
