/// What an exporter is told about its request, in the encoding it spoke itself.
package enum TelemetryAnswer: Hashable, Sendable {
    case success
    /// Some records were refused; with 0 of them the message is a warning.
    ///
    /// Sent with status 200: exporters must not send the request again.
    case partial(rejected: Int64, message: String)
    /// Nothing was taken; `code` is that of `google.rpc.Status`.
    case failure(code: Int32, message: String)

    package static let invalidArgument: Int32 = 3
    package static let resourceExhausted: Int32 = 8
    package static let internalError: Int32 = 13
    package static let unavailable: Int32 = 14
    package static let unauthenticated: Int32 = 16

    package func bytes(signal: TelemetrySignal, encoding: TelemetryEncoding) -> [UInt8] {
        switch encoding {
        case .protobuf: protobuf
        case .json: json(signal)
        }
    }

    private var protobuf: [UInt8] {
        var message = ProtobufMessage()
        switch self {
        case .success: break
        case .partial(let rejected, let text):
            var partial = ProtobufMessage()
            partial.add(1, UInt64(bitPattern: rejected))
            partial.add(2, Array(text.utf8))
            message.add(1, partial.bytes)
        case .failure(let code, let text):
            message.add(1, UInt64(bitPattern: Int64(code)))
            message.add(2, Array(text.utf8))
        }
        return message.bytes
    }

    private func json(_ signal: TelemetrySignal) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            switch self {
            case .success: break
            case .partial(let rejected, let text):
                writer.key("partialSuccess")
                writer.object { writer in
                    writer.key(signal.rejectedKey)
                    writer.string(String(rejected))
                    writer.key("errorMessage")
                    writer.string(text)
                }
            case .failure(let code, let text):
                writer.key("code")
                writer.int(code)
                writer.key("message")
                writer.string(text)
            }
        }
        return writer.bytes
    }
}

extension TelemetrySignal {
    fileprivate var rejectedKey: String {
        switch self {
        case .traces: "rejectedSpans"
        case .logs: "rejectedLogRecords"
        case .metrics: "rejectedDataPoints"
        }
    }
}

/// A protobuf message that is written field by field; what has its default value is left out.
private struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ number: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        append(number << 3)
        append(value)
    }

    mutating func add(_ number: UInt64, _ value: [UInt8]) {
        guard !value.isEmpty else { return }
        append(number << 3 | 2)
        append(UInt64(value.count))
        bytes += value
    }

    private mutating func append(_ varint: UInt64) {
        var rest = varint
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
