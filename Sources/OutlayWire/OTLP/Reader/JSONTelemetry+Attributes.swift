extension JSONTelemetry {
    /// Takes all attributes of the array that comes next.
    mutating func attributes(_ bytes: RawSpan) throws(TelemetryReadError) {
        guard try cursor.beginArray(bytes) else { return }
        while try cursor.nextElement(bytes) {
            let (hash, entry) = try pair(bytes, isKept: true)
            reading.gathering.add(hash, entry)
        }
    }

    /// Reads a key with its value, in whichever order they come.
    private mutating func pair(
        _ bytes: RawSpan,
        isKept: Bool
    ) throws(TelemetryReadError) -> (hash: UInt128, entry: Attributes.Entry?) {
        var name = StableHash.empty
        var (whole, kept): (StableHash?, AttributeValue?)
        var wanted: WantedName?
        var (hasKey, hasValue) = (false, false)
        var later: JSONCursor?
        let isObject = try cursor.beginObject(bytes)
        while isObject, let key = try nextKey(bytes) {
            switch key {
            case .key:
                try once(&hasKey)
                guard let text = try cursor.string(bytes) else { continue }
                (name, wanted) = try self.name(text, bytes, isKept: isKept)
            case .value:
                try once(&hasValue)
                if hasKey {
                    var hash = StableHash(pairOf: name)
                    kept = try value(bytes, wanted?.keeping, &hash)
                    whole = hash
                } else {
                    later = cursor
                    try cursor.skip(bytes)
                }
            default: try cursor.skip(bytes)
            }
        }
        var hash = whole ?? StableHash(pairOf: name)
        if let later {
            let here = cursor
            cursor = later
            kept = try value(bytes, wanted?.keeping, &hash)
            cursor = here
        } else if whole == nil {
            hash.add(.null)
        }
        guard let wanted, let kept else { return (hash.value, nil) }
        return (hash.value, Attributes.Entry(wanted.name, kept))
    }

    private mutating func name(
        _ text: JSONText,
        _ bytes: RawSpan,
        isKept: Bool
    ) throws(TelemetryReadError) -> (hash: UInt128, wanted: WantedName?) {
        guard text.isEscaped else {
            let hash = StableHash.of(bytes, text.range)
            return (hash, isKept ? try reading.sieve.wanted(bytes, text.range, hash: hash) : nil)
        }
        var hash = StableHash()
        bytes.resolve(text, into: &hash)
        hash.endText()
        var taker = TextBytes(limit: AttributeInterest.nameBytesMax)
        bytes.resolve(text, into: &taker)
        guard isKept, !taker.isCut else { return (hash.value, nil) }
        // The bytes of an array of bytes hold no padding.
        let resolved = unsafe taker.bytes.span.bytes
        return (hash.value, try reading.sieve.wanted(resolved, 0..<resolved.byteCount, hash: hash.value))
    }

    /// Reads an AnyValue; of several kinds of value the last one counts, as in protobuf.
    private mutating func value(
        _ bytes: RawSpan,
        _ wanted: AttributeInterest.Keeping?,
        _ hash: inout StableHash
    ) throws(TelemetryReadError) -> AttributeValue? {
        let before = hash
        hash.add(.null)
        guard try cursor.beginObject(bytes) else { return nil }
        var kept: AttributeValue?
        while let key = try nextKey(bytes) {
            var next = before
            switch key {
            case .stringValue:
                guard let text = try cursor.string(bytes) else { continue }
                next.add(.string)
                bytes.resolve(text, into: &next)
                next.endText()
                kept = try self.text(text, bytes, wanted)
            case .boolValue, .intValue, .doubleValue:
                guard let plain = try plain(key, bytes, &next) else { continue }
                kept = plain
            case .arrayValue, .kvlistValue, .bytesValue:
                guard try composed(key, bytes, &next) else { continue }
                kept = nil
            default:
                try cursor.skip(bytes)
                continue
            }
            hash = next
        }
        return kept
    }

    private mutating func plain(
        _ key: OTLPKey,
        _ bytes: RawSpan,
        _ hash: inout StableHash
    ) throws(TelemetryReadError) -> AttributeValue? {
        switch key {
        case .boolValue:
            guard let value = try cursor.bool(bytes) else { return nil }
            hash.add(value)
            return .bool(value)
        case .intValue:
            guard let value = try cursor.signed(bytes) else { return nil }
            hash.add(value)
            return .integer(value)
        default:
            guard let value = try cursor.double(bytes) else { return nil }
            hash.add(value)
            return .double(value)
        }
    }

    /// Hashes a value of which nothing is kept; `false` for `null`.
    private mutating func composed(
        _ key: OTLPKey,
        _ bytes: RawSpan,
        _ hash: inout StableHash
    ) throws(TelemetryReadError) -> Bool {
        if key == .bytesValue {
            guard let text = try cursor.string(bytes) else { return false }
            hash.add(.bytes)
            var decoder = Base64Hash(hash)
            bytes.resolve(text, into: &decoder)
            hash = decoder.hash
            hash.endText()
            return true
        }
        guard try cursor.beginObject(bytes) else { return false }
        var (hasValues, sum): (Bool, UInt128) = (false, 0)
        hash.add(key == .arrayValue ? .array : .list)
        while let inner = try nextKey(bytes) {
            guard inner == .values else {
                try cursor.skip(bytes)
                continue
            }
            try once(&hasValues)
            guard try cursor.beginArray(bytes) else { continue }
            while try cursor.nextElement(bytes) {
                if key == .arrayValue {
                    _ = try value(bytes, nil, &hash)
                } else {
                    sum &+= try pair(bytes, isKept: false).hash
                }
            }
        }
        if key == .arrayValue { hash.add(.end) } else { hash.add(sum) }
        return true
    }

    private mutating func text(
        _ text: JSONText,
        _ bytes: RawSpan,
        _ keeping: AttributeInterest.Keeping?
    ) throws(TelemetryReadError) -> AttributeValue? {
        guard let keeping else { return nil }
        let limit = reading.sieve.textLimit(keeping)
        if !text.isEscaped, keeping != .id {
            return text.range.count <= limit ? .string(try bytes.text(in: text.range)) : nil
        }
        var taker = TextBytes(limit: limit)
        bytes.resolve(text, into: &taker)
        if keeping == .id {
            reading.sieve.scratch = taker.bytes
            return reading.sieve.scratchID().map { .string($0) }
        }
        guard !taker.isCut else { return nil }
        guard let string = String(validating: taker.bytes, as: UTF8.self) else {
            throw .malformed(at: text.range.lowerBound, .text)
        }
        return .string(string)
    }
}
