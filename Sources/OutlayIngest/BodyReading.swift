internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import ServiceLifecycle

/// Reads the body of one HTTP request.
struct BodyReading {
    private let limits: IngestLimits
    private let isGzip: Bool
    /// What the head promises; `nil` for a body in chunks.
    private let length: Int?

    /// Refuses what the head already shows to be too much or unreadable.
    init(_ headers: HTTPFields, limits: IngestLimits) throws(TelemetryRefusal) {
        self.limits = limits
        length = headers[.contentLength].flatMap { Int($0) }
        if let length, length > limits.bodyBytesMax { throw .tooLarge(limits.bodyBytesMax) }
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

    /// Reads to the end; when the server stops, a body that is still coming is left to come again.
    func body(of request: Request, _ share: BodyShare) async throws(TelemetryRefusal) -> [UInt8] {
        do {
            return try await cancelWhenGracefulShutdown { try await collect(request, share) }
        } catch let refusal as TelemetryRefusal {
            throw refusal
        } catch is CancellationError {
            throw .stopping
        } catch {
            throw .cut
        }
    }

    private func collect(_ request: Request, _ share: BodyShare) async throws -> [UInt8] {
        var body = try ArrivingBody(limits, isGzip: isGzip, share)
        var received = 0
        for try await bytes in request.body {
            received += bytes.readableBytes
            try body.take(bytes)
        }
        try Task.checkCancellation()
        // A connection that breaks can look like the end of a body.
        guard length == nil || length == received else { throw TelemetryRefusal.cut }
        return try body.finish()
    }
}

extension TelemetryRefusal {
    fileprivate static let cut = TelemetryRefusal(.malformed, "The body ended before its time.")
    fileprivate static let stopping = TelemetryRefusal(
        .unavailable,
        "The server is stopping. Nothing of this request was kept; send it again.",
        retryAfterSeconds: 1
    )
}
