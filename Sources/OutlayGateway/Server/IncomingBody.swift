internal import NIOCore
internal import OutlayCore
internal import OutlayWire
internal import Synchronization

/// A request body on its way in, counted against the process's bound on bodies.
final class IncomingBody {
    let id: CallID
    let accepted: AcceptedHead
    private(set) var bytes = ByteBuffer()
    private let metrics: GatewayMetrics
    private let startedAt = NIODeadline.now()
    /// Bytes counted in the metrics.
    private var counted = 0

    init(id: CallID, accepted: AcceptedHead, metrics: GatewayMetrics) {
        self.id = id
        self.accepted = accepted
        self.metrics = metrics
    }

    func append(_ chunk: ByteBuffer) throws(Refusal) {
        let limits = accepted.snapshot.limits
        let count = chunk.readableBytes
        guard bytes.readableBytes + count <= limits.bodyBytesMax else { throw .tooLarge(limits.bodyBytesMax) }
        guard GatewayMetrics.take(count, of: metrics.bufferedBytes, limit: limits.bodyBytesTotalMax) else {
            throw .overloaded
        }
        counted += count
        if bytes.readableBytes == 0 {
            bytes = chunk
            let expected = min(accepted.fields.contentLength ?? 0, 1024 * 1024)
            if expected > count { bytes.reserveCapacity(minimumWritableBytes: expected - count) }
        } else {
            bytes.writeImmutableBuffer(chunk)
        }
    }

    /// Whether at least 1 kB/s came after `grace` milliseconds.
    func isFastEnough(grace: Int) -> Bool {
        let elapsed = (NIODeadline.now() - startedAt).nanoseconds / 1_000_000
        return Int64(bytes.readableBytes) >= max(1, elapsed - Int64(grace))
    }

    /// Lets go of the bytes.
    func discard() {
        bytes = ByteBuffer()
        metrics.bufferedBytes.wrappingSubtract(counted, ordering: .relaxed)
        counted = 0
    }
}
