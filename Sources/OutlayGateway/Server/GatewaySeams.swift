internal import NIOCore
package import OutlayCore

/// What the gateway is given from outside: everything that decides, remembers or surprises.
package struct GatewaySeams: Sendable {
    package var book: any CallBook
    package var gate: any CallGate = OpenGate()
    package var estimator: any UsageEstimating = FourCharacters()
    /// SHA-256 of a client key as it was sent.
    package var digest: @Sendable (Span<UInt8>) -> KeyDigest
    package var now: @Sendable () -> Timestamp
    package var random: @Sendable () -> UInt64

    package init(
        book: any CallBook,
        digest: @escaping @Sendable (Span<UInt8>) -> KeyDigest,
        now: @escaping @Sendable () -> Timestamp,
        random: @escaping @Sendable () -> UInt64
    ) {
        self.book = book
        self.digest = digest
        self.now = now
        self.random = random
    }
}

/// The injected random bits as a generator.
struct Dice: RandomNumberGenerator {
    let random: @Sendable () -> UInt64

    func next() -> UInt64 { random() }
}

/// What all loops of one gateway share.
final class GatewayCore: Sendable {
    let seams: GatewaySeams
    let snapshots: SnapshotBox
    let metrics: GatewayMetrics
    let recent = RecentCalls()
    let isStrict: Bool
    let allocator = ByteBufferAllocator()

    init(seams: GatewaySeams, snapshots: SnapshotBox, metrics: GatewayMetrics, isStrict: Bool) {
        self.seams = seams
        self.snapshots = snapshots
        self.metrics = metrics
        self.isStrict = isStrict
    }

    func nextCallID(at now: Timestamp) -> CallID {
        var dice = Dice(random: seams.random)
        return CallID(at: now, random: &dice)
    }
}
