/// A value of an attribute that somebody is interested in.
package enum AttributeValue: Hashable, Sendable {
    case string(String)
    case bool(Bool)
    case integer(Int64)
    case double(Double)
}

/// The attributes of one record, scope or resource that the reading was told to keep, in the order they came.
///
/// Everything else, prompts and completions above all, is dropped while the bytes are read.
package struct Attributes: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var key: String
        package var value: AttributeValue

        package init(_ key: String, _ value: AttributeValue) {
            self.key = key
            self.value = value
        }
    }

    package var entries: [Entry] = []
    /// Over all attributes, the dropped ones too, whatever their order; equal in protobuf and JSON.
    package var fingerprint: UInt128 = 0

    package init() {}

    /// The first value of that name.
    package subscript(key: String) -> AttributeValue? {
        for entry in entries where entry.key == key { return entry.value }
        return nil
    }

    /// The first value of that name, where it is a text that says something.
    package func text(_ key: String) -> String? {
        guard case .string(let text) = self[key], !text.isEmpty else { return nil }
        return text
    }
}

/// What surrounds a record: who sent it.
package struct RecordContext: Hashable, Sendable {
    package var resource = Attributes()
    package var scopeName = ""
    package var scopeVersion = ""
    package var scope = Attributes()

    package init() {}
}

/// A span, without what nobody asked for; times are nanoseconds since 1970, 0 where missing.
package struct SpanRecord: Hashable, Sendable {
    package var trace: UInt128 = 0
    package var span: UInt64 = 0
    /// 0 for a root.
    package var parent: UInt64 = 0
    package var name = ""
    package var kind: UInt8 = 0
    package var start: UInt64 = 0
    package var end: UInt64 = 0
    /// 0 unset, 1 OK, 2 error.
    package var status: UInt8 = 0
    package var attributes = Attributes()

    package init() {}
}

package struct LogRecord: Hashable, Sendable {
    package var time: UInt64 = 0
    package var observed: UInt64 = 0
    package var trace: UInt128 = 0
    package var span: UInt64 = 0
    package var eventName = ""
    /// The body where it is one of the texts the reading asked for (the name of an event); otherwise `nil`.
    package var body: String?
    package var attributes = Attributes()

    package init() {}
}

/// One data point of a sum, histogram or exponential histogram.
package struct PointRecord: Hashable, Sendable {
    package enum Shape: UInt8, Sendable {
        case gauge, sum, histogram, exponentialHistogram, summary
    }

    package enum Number: Hashable, Sendable {
        case integer(Int64)
        case double(Double)
    }

    package var metric = ""
    package var unit = ""
    package var shape: Shape = .gauge
    /// 0 unspecified, 1 delta, 2 cumulative.
    package var temporality: UInt8 = 0
    package var isMonotonic = false
    package var start: UInt64 = 0
    package var time: UInt64 = 0
    /// The value of a sum, the sum of a histogram; `nil` where the point has none.
    package var value: Number?
    /// The count of a histogram.
    package var count: UInt64?
    /// Bit 0: no value was recorded.
    package var flags: UInt32 = 0
    package var attributes = Attributes()

    package init() {}
}

/// Takes records one at a time as they are read, so that nothing holds a whole request.
package protocol TelemetrySink {
    mutating func take(_ span: SpanRecord, in context: RecordContext)
    mutating func take(_ log: LogRecord, in context: RecordContext)
    mutating func take(_ point: PointRecord, in context: RecordContext)
    /// A record was refused; `reason` is a stable word with its sentence, see ``TelemetryRejection``.
    mutating func reject(_ reason: TelemetryRejection)
}

/// Why one record of a request that is otherwise fine cannot be taken; told to the emitter in `partial_success`.
package enum TelemetryRejection: String, Hashable, Sendable, CaseIterable {
    case missingIDs = "missing_ids"
    case gauge
    case summary
    case unknownTemporality = "unknown_temporality"
    case nonMonotonic = "non_monotonic"
    case noSum = "no_sum"
    case badNumber = "bad_number"
    case badTime = "bad_time"
    case tooManySeries = "too_many_series"
    case tooLong = "too_long"
}

/// Which of the three requests of OTLP a body is.
package enum TelemetrySignal: String, Hashable, Sendable, CaseIterable {
    case traces, logs, metrics
}

package enum TelemetryEncoding: Hashable, Sendable {
    case protobuf, json
}
