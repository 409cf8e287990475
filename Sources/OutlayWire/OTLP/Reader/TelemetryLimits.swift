/// How much one request may hold; what is beyond is refused with a sentence that says what to do.
package struct TelemetryLimits: Sendable {
    /// Spans, log records or points that are looked at.
    package var records = 50_000
    /// Values inside values, in protobuf.
    package var depth = 32
    /// Open brackets, in JSON.
    package var jsonDepth = 64
    /// Attributes of one record, scope or resource; the kept ones are counted apart.
    package var attributes = 16_384
    package var keptAttributes = 128
    /// Longer texts of attributes are dropped.
    package var valueBytes = 512
    package var largeValueBytes = 65_536
    /// Longer names of spans, scopes, events and units are cut.
    package var nameBytes = 256

    package init() {}
}

/// Why a request as a whole cannot be read.
///
/// What the sink took before is worthless: nothing of the request may be booked.
package enum TelemetryReadError: Error, Hashable, Sendable {
    /// The bytes are no request of this signal and encoding, from this byte on.
    case malformed(at: Int, Flaw)
    case tooDeep(limit: Int)
    case tooManyRecords(limit: Int)
    /// A resource or scope has more attributes than may be.
    case tooManyAttributes(limit: Int)

    package enum Flaw: String, Sendable {
        case truncated = "the body ends inside a value"
        case varint = "a varint is longer than ten bytes"
        case tag = "a field has no number or an unknown wire type"
        case group = "groups are not part of OTLP"
        case text = "a text is not UTF-8"
        case syntax = "this is not JSON"
        case kind = "a value has another type than its field"
        case number = "a number does not fit its field"
        case twice = "a key comes twice in one object"
        case rest = "something follows the request"
    }

    /// A sentence for the one who sends.
    package var message: String {
        switch self {
        case .malformed(let at, let flaw):
            "the body cannot be read at byte \(at): \(flaw.rawValue); "
                + "send an OTLP request whose Content-Type names its encoding"
        case .tooDeep(let limit):
            "values are nested deeper than \(limit) levels; send attributes that are flat"
        case .tooManyRecords(let limit):
            "more than \(limit) records in one request; send smaller batches"
        case .tooManyAttributes(let limit):
            "a resource or scope has more than \(limit) attributes; send fewer"
        }
    }
}
