/// Pulls values out of a JSON text in the order they come, and passes over those nobody asks about.
///
/// As strict as RFC 8259. A copy is a place one can return to.
struct JSONCursor {
    private(set) var index = 0
    private let end: Int
    private var depth = 0
    private let depthMax: Int
    /// Whether nothing came yet in the innermost open bracket.
    private var isFirst = false

    init(count: Int, depthMax: Int) {
        end = count
        self.depthMax = depthMax
    }

    /// The next byte that is no whitespace.
    mutating func peek(_ bytes: RawSpan) throws(TelemetryReadError) -> UInt8 {
        while index < end {
            let byte = bytes[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            index &+= 1
        }
        throw .malformed(at: end, .truncated)
    }

    /// Enters the object that comes next; `false` for `null`.
    mutating func beginObject(_ bytes: RawSpan) throws(TelemetryReadError) -> Bool {
        try begin(UInt8(ascii: "{"), bytes)
    }

    /// Enters the array that comes next; `false` for `null`.
    mutating func beginArray(_ bytes: RawSpan) throws(TelemetryReadError) -> Bool {
        try begin(UInt8(ascii: "["), bytes)
    }

    /// The key of the object's next member, whose value comes next; `nil` at the object's end.
    mutating func nextKey(_ bytes: RawSpan) throws(TelemetryReadError) -> JSONText? {
        if try peek(bytes) == UInt8(ascii: "}") {
            close()
            return nil
        }
        try separate(bytes)
        guard try peek(bytes) == UInt8(ascii: "\"") else { throw .malformed(at: index, .syntax) }
        let key = try text(bytes)
        try expect(UInt8(ascii: ":"), bytes)
        return key
    }

    /// Whether the array goes on; its next element comes next.
    mutating func nextElement(_ bytes: RawSpan) throws(TelemetryReadError) -> Bool {
        if try peek(bytes) == UInt8(ascii: "]") {
            close()
            return false
        }
        try separate(bytes)
        return true
    }

    /// Nothing but whitespace may be left.
    mutating func finish(_ bytes: RawSpan) throws(TelemetryReadError) {
        guard (try? peek(bytes)) == nil else { throw .malformed(at: index, .rest) }
    }

    /// Passes over the value that comes next, whatever it is.
    mutating func skip(_ bytes: RawSpan) throws(TelemetryReadError) {
        switch try peek(bytes) {
        case UInt8(ascii: "{"):
            _ = try beginObject(bytes)
            while try nextKey(bytes) != nil { try skip(bytes) }
        case UInt8(ascii: "["):
            _ = try beginArray(bytes)
            while try nextElement(bytes) { try skip(bytes) }
        case UInt8(ascii: "\""): _ = try text(bytes)
        default: _ = try atom(bytes)
        }
    }

    private mutating func begin(_ bracket: UInt8, _ bytes: RawSpan) throws(TelemetryReadError) -> Bool {
        guard try peek(bytes) == bracket else {
            guard try isNull(bytes) else { throw .malformed(at: index, .kind) }
            return false
        }
        guard depth < depthMax else { throw .tooDeep(limit: depthMax) }
        index &+= 1
        depth &+= 1
        isFirst = true
        return true
    }

    private mutating func close() {
        index &+= 1
        depth &-= 1
        isFirst = false
    }

    private mutating func separate(_ bytes: RawSpan) throws(TelemetryReadError) {
        if !isFirst { try expect(UInt8(ascii: ","), bytes) }
        isFirst = false
    }

    private mutating func expect(_ byte: UInt8, _ bytes: RawSpan) throws(TelemetryReadError) {
        guard try peek(bytes) == byte else { throw .malformed(at: index, .syntax) }
        index &+= 1
    }
}

// MARK: - Scalars

/// A value without structure: a string, a number or a word.
enum JSONScalar {
    case null
    case bool(Bool)
    case text(JSONText)
    case number(Range<Int>)
}

extension JSONCursor {
    /// The scalar that comes next.
    mutating func scalar(_ bytes: RawSpan) throws(TelemetryReadError) -> JSONScalar {
        switch try peek(bytes) {
        case UInt8(ascii: "\""): .text(try text(bytes))
        case UInt8(ascii: "{"), UInt8(ascii: "["): throw .malformed(at: index, .kind)
        default: try atom(bytes)
        }
    }

    /// The string that comes next; `nil` for `null`.
    mutating func string(_ bytes: RawSpan) throws(TelemetryReadError) -> JSONText? {
        if try peek(bytes) == UInt8(ascii: "\"") { return try text(bytes) }
        guard try isNull(bytes) else { throw .malformed(at: index, .kind) }
        return nil
    }

    /// Passes over `null` where it comes next.
    private mutating func isNull(_ bytes: RawSpan) throws(TelemetryReadError) -> Bool {
        guard try peek(bytes) == UInt8(ascii: "n") else { return false }
        _ = try atom(bytes)
        return true
    }

    private mutating func atom(_ bytes: RawSpan) throws(TelemetryReadError) -> JSONScalar {
        switch bytes[index] {
        case UInt8(ascii: "n"):
            try word(0x6C_6C_75_6E, count: 4, bytes)
            return .null
        case UInt8(ascii: "t"):
            try word(0x65_75_72_74, count: 4, bytes)
            return .bool(true)
        case UInt8(ascii: "f"):
            try word(0x65_73_6C_61_66, count: 5, bytes)
            return .bool(false)
        default:
            guard let stop = bytes.endOfNumber(in: index..<end) else { throw .malformed(at: index, .syntax) }
            let range = index..<stop
            index = stop
            return .number(range)
        }
    }

    private mutating func word(_ letters: UInt64, count: Int, _ bytes: RawSpan) throws(TelemetryReadError) {
        guard end &- index >= count else { throw .malformed(at: end, .truncated) }
        guard bytes.number(at: index, count: count) == letters else { throw .malformed(at: index, .syntax) }
        index &+= count
    }

    /// The string that begins at ``index``.
    private mutating func text(_ bytes: RawSpan) throws(TelemetryReadError) -> JSONText {
        let start = index &+ 1
        var isEscaped = false
        var place = start
        while true {
            place = bytes.indexOfStringBreak(in: place..<end)
            guard place < end else { throw .malformed(at: end, .truncated) }
            switch bytes[place] {
            case UInt8(ascii: "\""):
                index = place &+ 1
                return JSONText(range: start..<place, isEscaped: isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                guard let next = bytes.endOfEscape(in: place..<end) else { throw .malformed(at: place, .syntax) }
                place = next
            default:
                throw .malformed(at: place, .syntax)
            }
        }
    }
}
