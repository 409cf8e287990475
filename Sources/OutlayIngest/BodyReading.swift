internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// Reads the body of one request as it comes, inflated, within its limits.
struct BodyReading {
    private let limit: Int
    private let isGzip: Bool

    /// Refuses what the head already shows to be too much or unreadable.
    init(_ headers: HTTPFields, receiver: OTLPReceiver) throws(TelemetryRefusal) {
        limit = receiver.limits.bodyBytesMax
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw .tooLarge(limit) }
        switch headers[.contentEncoding]?.lowercased() ?? "" {
        case "", "identity": isGzip = false
        case "gzip": isGzip = true
        default: throw .unknownEncoding
        }
    }

    /// - Parameter share: holds what the body takes; to be given back when it is not needed any more.
    func body(of request: Request, _ share: BodyShare) async throws(TelemetryRefusal) -> [UInt8] {
        var collected = Collected(limit: limit, inflater: nil)
        if isGzip {
            guard let inflater = GzipInflater() else { throw .outOfMemory }
            collected.inflater = consume inflater
        }
        do {
            for try await bytes in request.body { try collected.take(bytes, share) }
        } catch let refusal as TelemetryRefusal {
            throw refusal
        } catch {
            throw TelemetryRefusal(.malformed, "The body ended before its time.")
        }
        return try collected.finish()
    }
}

/// What of a body has come so far.
private struct Collected: ~Copyable {
    let limit: Int
    var inflater: GzipInflater?
    private var bytes: [UInt8] = []
    private var received = 0

    init(limit: Int, inflater: consuming GzipInflater?) {
        self.limit = limit
        self.inflater = inflater
    }

    mutating func take(_ buffer: ByteBuffer, _ share: BodyShare) throws(TelemetryRefusal) {
        received += buffer.readableBytes
        guard received <= limit else { throw .tooLarge(limit) }
        switch inflater?.inflate(buffer, into: &bytes, upTo: limit, share) {
        case .more: return
        case .tooLarge: throw .tooLarge(limit)
        case .outOfMemory: throw .outOfMemory
        case .malformed: throw .brokenGzip
        case nil:
            guard share.grow(by: buffer.readableBytes) else { throw .outOfMemory }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
    }

    consuming func finish() throws(TelemetryRefusal) -> [UInt8] {
        if let isWhole = inflater?.isWhole, !isWhole, received > 0 { throw .cutGzip }
        return bytes
    }
}

extension TelemetryRefusal {
    fileprivate static let unknownEncoding = TelemetryRefusal(
        .unsupported,
        "Compress with gzip, or not at all: no other Content-Encoding is read."
    )
    fileprivate static let brokenGzip = TelemetryRefusal(
        .malformed,
        "The body is no gzip, or its checksum or length does not fit."
    )
    fileprivate static let cutGzip = TelemetryRefusal(.malformed, "The compressed body ends before its end.")
}
