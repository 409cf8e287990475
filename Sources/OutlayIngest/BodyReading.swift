internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore

/// Reads the body of one HTTP request.
struct BodyReading {
    private let limits: IngestLimits
    private let isGzip: Bool

    /// Refuses what the head already shows to be too much or unreadable.
    init(_ headers: HTTPFields, limits: IngestLimits) throws(TelemetryRefusal) {
        self.limits = limits
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limits.bodyBytesMax {
            throw .tooLarge(limits.bodyBytesMax)
        }
        switch headers[.contentEncoding]?.lowercased() ?? "" {
        case "", "identity": isGzip = false
        case "gzip": isGzip = true
        default:
            throw TelemetryRefusal(
                .unsupported,
                "Compress with gzip, or not at all: no other Content-Encoding is read."
            )
        }
    }

    func body(of request: Request, _ share: BodyShare) async throws(TelemetryRefusal) -> [UInt8] {
        var body = try ArrivingBody(limits, isGzip: isGzip, share)
        do {
            for try await bytes in request.body { try body.take(bytes) }
        } catch let refusal as TelemetryRefusal {
            throw refusal
        } catch {
            throw TelemetryRefusal(.malformed, "The body ended before its time.")
        }
        return try body.finish()
    }
}
