package import NIOCore

/// The body of one request as it comes: inflated, within its limits, counted in the allowance for all.
package struct ArrivingBody: ~Copyable {
    private let limits: IngestLimits
    private let start = ContinuousClock.now
    private let share: BodyShare
    private var inflater: GzipInflater?
    private var bytes: [UInt8] = []
    private var received = 0

    /// - Parameter share: holds what the body takes; its maker gives it back when the body is not needed any more.
    package init(_ limits: IngestLimits, isGzip: Bool, _ share: BodyShare) throws(TelemetryRefusal) {
        self.limits = limits
        self.share = share
        inflater = isGzip ? GzipInflater() : nil
        guard !isGzip || inflater != nil else { throw .outOfMemory }
    }

    package mutating func take(_ buffer: ByteBuffer) throws(TelemetryRefusal) {
        received += buffer.readableBytes
        guard received <= limits.bodyBytesMax else { throw .tooLarge(limits.bodyBytesMax) }
        guard start.duration(to: .now) < limits.bodyTimeMax else { throw .tooSlow }
        switch inflater?.inflate(buffer, into: &bytes, upTo: limits.bodyBytesMax, share) {
        case .more: return
        case .tooLarge: throw .tooLarge(limits.bodyBytesMax)
        case .outOfMemory: throw .outOfMemory
        case .malformed: throw .brokenGzip
        case nil:
            guard share.grow(by: buffer.readableBytes) else { throw .outOfMemory }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
    }

    package consuming func finish() throws(TelemetryRefusal) -> [UInt8] {
        if let isWhole = inflater?.isWhole, !isWhole, received > 0 { throw .cutGzip }
        return bytes
    }
}

extension TelemetryRefusal {
    fileprivate static let brokenGzip = TelemetryRefusal(
        .malformed,
        "The body is no gzip, or its checksum or length does not fit."
    )
    fileprivate static let cutGzip = TelemetryRefusal(.malformed, "The compressed body ends before its end.")
}
