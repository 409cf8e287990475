extension ProtobufTelemetry {
    /// Takes all attributes of a resource or scope.
    mutating func attributes(
        of range: Range<Int>,
        field number: UInt32,
        _ bytes: RawSpan
    ) throws(TelemetryReadError) {
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            if field.number == number, field.wire == .bytes { try attribute(field.range, bytes) }
        }
    }

    /// Takes one attribute: all of it for the fingerprint, its value where somebody wants it.
    mutating func attribute(_ range: Range<Int>, _ bytes: RawSpan) throws(TelemetryReadError) {
        let (key, value) = try pair(range, bytes)
        let hash = StableHash.of(bytes, key)
        var whole = StableHash(pairOf: hash)
        let wanted = try reading.sieve.wanted(bytes, key, hash: hash)
        let kept = try self.value(value, bytes, depth: 1, wanted: wanted?.keeping, &whole)
        var entry: Attributes.Entry?
        if let wanted, let kept { entry = Attributes.Entry(wanted.name, kept) }
        reading.gathering.add(whole.value, entry)
    }

    private func pair(
        _ range: Range<Int>,
        _ bytes: RawSpan
    ) throws(TelemetryReadError) -> (key: Range<Int>, value: Range<Int>) {
        var key = range.lowerBound..<range.lowerBound
        var value = key
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            switch (field.number, field.wire) {
            case (1, .bytes): key = field.range
            case (2, .bytes): value = field.range
            default: break
            }
        }
        return (key, value)
    }

    /// The field of an AnyValue that counts, which is the last one; `nil` for a value that is not set.
    func anyValue(_ range: Range<Int>, _ bytes: RawSpan) throws(TelemetryReadError) -> ProtobufField? {
        var found: ProtobufField?
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            switch (field.number, field.wire) {
            case (1, .bytes), (2, .varint), (3, .varint), (4, .fixed64), (5, .bytes), (6, .bytes), (7, .bytes):
                found = field
            default: break
            }
        }
        return found
    }

    private mutating func value(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        depth: Int,
        wanted: AttributeInterest.Keeping?,
        _ hash: inout StableHash
    ) throws(TelemetryReadError) -> AttributeValue? {
        guard depth <= reading.limits.depth else { throw .tooDeep(limit: reading.limits.depth) }
        guard let field = try anyValue(range, bytes) else {
            hash.add(.null)
            return nil
        }
        switch field.number {
        case 1:
            hash.add(.string)
            hash.add(bytes, field.range)
            hash.endText()
            return try text(field.range, bytes, wanted)
        case 2:
            hash.add(field.bits != 0)
            return .bool(field.bits != 0)
        case 3:
            hash.add(Int64(bitPattern: field.bits))
            return .integer(Int64(bitPattern: field.bits))
        case 4:
            hash.add(Double(bitPattern: field.bits))
            return .double(Double(bitPattern: field.bits))
        case 5:
            try array(field.range, bytes, depth: depth, &hash)
        case 6:
            try list(field.range, bytes, depth: depth, &hash)
        default:
            hash.add(.bytes)
            hash.add(bytes, field.range)
            hash.endText()
        }
        return nil
    }

    private mutating func text(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        _ keeping: AttributeInterest.Keeping?
    ) throws(TelemetryReadError) -> AttributeValue? {
        guard let keeping else { return nil }
        if keeping == .id {
            reading.sieve.scratch.removeAll(keepingCapacity: true)
            _ = reading.sieve.scratch.append(bytes, range, limit: reading.limits.largeValueBytes)
            return reading.sieve.scratchID().map { .string($0) }
        }
        guard range.count <= reading.sieve.textLimit(keeping) else { return nil }
        return .string(try bytes.text(in: range))
    }

    private mutating func array(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        depth: Int,
        _ hash: inout StableHash
    ) throws(TelemetryReadError) {
        hash.add(.array)
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            guard field.number == 1, field.wire == .bytes else { continue }
            _ = try value(field.range, bytes, depth: depth + 1, wanted: nil, &hash)
        }
        hash.add(.end)
    }

    private mutating func list(
        _ range: Range<Int>,
        _ bytes: RawSpan,
        depth: Int,
        _ hash: inout StableHash
    ) throws(TelemetryReadError) {
        var sum: UInt128 = 0
        var fields = ProtobufFields(range)
        while let field = try fields.next(bytes) {
            guard field.number == 1, field.wire == .bytes else { continue }
            let (key, value) = try pair(field.range, bytes)
            var whole = StableHash(pairOf: StableHash.of(bytes, key))
            _ = try self.value(value, bytes, depth: depth + 1, wanted: nil, &whole)
            sum &+= whole.value
        }
        hash.add(.list)
        hash.add(sum)
    }
}
