/// One field of a protobuf message, with its value where it has a fixed size and its place where it has not.
struct ProtobufField {
    enum Wire: UInt8 {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    var number: UInt32
    var wire: Wire
    var bits: UInt64 = 0
    var range: Range<Int> = 0..<0
}

/// The fields of one protobuf message, one after the other; what nobody asks about is skipped unread.
struct ProtobufFields {
    private(set) var index: Int
    let end: Int

    init(_ range: Range<Int>) {
        (index, end) = (range.lowerBound, range.upperBound)
    }

    mutating func next(_ bytes: RawSpan) throws(TelemetryReadError) -> ProtobufField? {
        guard index < end else { return nil }
        let start = index
        let tag = try varint(bytes)
        guard tag >> 3 > 0, let number = UInt32(exactly: tag >> 3), number < 1 << 29 else {
            throw .malformed(at: start, .tag)
        }
        guard let wire = ProtobufField.Wire(rawValue: UInt8(truncatingIfNeeded: tag & 7)) else {
            throw .malformed(at: start, tag & 7 < 5 ? .group : .tag)
        }
        var field = ProtobufField(number: number, wire: wire)
        switch wire {
        case .varint: field.bits = try varint(bytes)
        case .fixed64: field.bits = try fixed(bytes, count: 8)
        case .fixed32: field.bits = try fixed(bytes, count: 4)
        case .bytes:
            let length = try varint(bytes)
            guard length <= UInt64(end &- index) else { throw .malformed(at: start, .truncated) }
            field.range = index..<(index &+ Int(truncatingIfNeeded: length))
            index = field.range.upperBound
        }
        return field
    }

    @inline(__always)
    private mutating func varint(_ bytes: RawSpan) throws(TelemetryReadError) -> UInt64 {
        guard index < end else { throw .malformed(at: end, .truncated) }
        let first = bytes[index]
        guard first >= 0x80 else {
            index &+= 1
            return UInt64(first)
        }
        return try longVarint(bytes)
    }

    private mutating func longVarint(_ bytes: RawSpan) throws(TelemetryReadError) -> UInt64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while index < end {
            let byte = bytes[index]
            guard shift < 63 || byte <= 1 else { throw .malformed(at: index, .varint) }
            index &+= 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift &+= 7
        }
        throw .malformed(at: end, .truncated)
    }

    private mutating func fixed(_ bytes: RawSpan, count: Int) throws(TelemetryReadError) -> UInt64 {
        guard end &- index >= count else { throw .malformed(at: index, .truncated) }
        let value = bytes.number(at: index, count: count)
        index &+= count
        return value
    }
}

extension RawSpan {
    /// `count` bytes from `index` on as a number, the first one lowest; at most eight, all of them in bounds.
    func number(at index: Int, count: Int) -> UInt64 {
        if count == 8 { return word(index) }
        var value: UInt64 = 0
        for offset in 0..<count { value |= UInt64(self[index &+ offset]) << UInt64(truncatingIfNeeded: offset &* 8) }
        return value
    }
}
