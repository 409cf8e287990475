package import OutlayWire

/// Writes what OTLP answers, in the encoding of the request.
package enum OTLPAnswer {
    /// Messages are cut there; an answer is to stay small whatever a request holds.
    private static let messageBytesMax = 2000

    /// `Export…ServiceResponse`: empty unless something is to be told.
    package static func taken(
        _ result: IntakeResult,
        _ signal: TelemetrySignal,
        _ encoding: TelemetryEncoding
    ) -> [UInt8] {
        let message = cut(result.message ?? "")
        let isPartial = result.rejected > 0 || !message.isEmpty
        switch encoding {
        case .protobuf:
            guard isPartial else { return [] }
            var partial = ProtobufBytes()
            partial.add(1, number: UInt64(clamping: result.rejected))
            partial.add(2, bytes: Array(message.utf8))
            var answer = ProtobufBytes()
            answer.add(1, bytes: partial.bytes)
            return answer.bytes
        case .json:
            guard isPartial else { return Array("{}".utf8) }
            var members: [String] = []
            if result.rejected > 0 { members.append("\"\(counter(of: signal))\": \"\(result.rejected)\"") }
            if !message.isEmpty { members.append("\"errorMessage\": \(quoted(message))") }
            return Array("{\"partialSuccess\": {\(members.joined(separator: ", "))}}".utf8)
        }
    }

    /// `google.rpc.Status`, with `RetryInfo` where the same request is welcome later.
    package static func refused(_ refusal: TelemetryRefusal, _ encoding: TelemetryEncoding) -> [UInt8] {
        let message = cut(refusal.message)
        switch encoding {
        case .protobuf:
            var status = ProtobufBytes()
            status.add(1, number: UInt64(clamping: refusal.code))
            status.add(2, bytes: Array(message.utf8))
            if let seconds = refusal.retryAfterSeconds { status.add(3, bytes: retryInfo(seconds)) }
            return status.bytes
        case .json:
            var members = ["\"code\": \(refusal.code)", "\"message\": \(quoted(message))"]
            if let seconds = refusal.retryAfterSeconds {
                members.append("\"details\": [{\"@type\": \"\(retryInfoType)\", \"retryDelay\": \"\(seconds)s\"}]")
            }
            return Array("{\(members.joined(separator: ", "))}".utf8)
        }
    }

    private static let retryInfoType = "type.googleapis.com/google.rpc.RetryInfo"

    /// `Any` of `RetryInfo`.
    private static func retryInfo(_ seconds: Int) -> [UInt8] {
        var duration = ProtobufBytes()
        duration.add(1, number: UInt64(clamping: seconds))
        var info = ProtobufBytes()
        info.add(1, bytes: duration.bytes)
        var any = ProtobufBytes()
        any.add(1, bytes: Array(retryInfoType.utf8))
        any.add(2, bytes: info.bytes)
        return any.bytes
    }

    private static func counter(of signal: TelemetrySignal) -> String {
        switch signal {
        case .traces: "rejectedSpans"
        case .logs: "rejectedLogRecords"
        case .metrics: "rejectedDataPoints"
        }
    }

    private static func cut(_ message: String) -> String {
        guard message.utf8.count > messageBytesMax else { return message }
        return String(decoding: message.utf8.prefix(messageBytesMax), as: UTF8.self) + "…"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\u{0}"..<" ":
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// Fields of a protobuf message, as answers need them.
private struct ProtobufBytes {
    private(set) var bytes: [UInt8] = []

    /// A number that is not 0, which is what is left out.
    mutating func add(_ field: UInt64, number: UInt64) {
        guard number != 0 else { return }
        varint(field << 3)
        varint(number)
    }

    mutating func add(_ field: UInt64, bytes more: [UInt8]) {
        guard !more.isEmpty else { return }
        varint(field << 3 | 2)
        varint(UInt64(more.count))
        bytes += more
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
