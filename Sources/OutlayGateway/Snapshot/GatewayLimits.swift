/// Every bound of the gateway: what is beyond is refused, never queued without end.
package struct GatewayLimits: Hashable, Sendable {
    /// How long things may take.
    package var times = Times()
    /// Largest request body, in bytes (S-16).
    package var bodyBytesMax = 32 * 1024 * 1024
    /// All request bodies held at once, in bytes.
    package var bodyBytesTotalMax = 512 * 1024 * 1024
    package var fieldCountMax = 100
    package var fieldBytesMax = 32 * 1024
    package var connectionsMax = 10_000
    /// Connections of one address; IPv6 addresses of one /64 count as one.
    package var connectionsPerAddressMax = 1000
    /// Whether connections from this machine are counted like others.
    package var countsLoopback = false
    /// Largest JSON answer that is held until its cost is known, in bytes.
    package var heldAnswerBytesMax = 1024 * 1024
    /// Answers read to their end after their client left, at once.
    package var drainsMax = 64
    package var drainBytesMax = 16 * 1024 * 1024
    /// Connections to one upstream, per event loop.
    package var upstreamConnectionsMax = 4096
    package var upstreamIdleMax = 256

    /// Durations, in milliseconds.
    package struct Times: Hashable, Sendable {
        package var header = 10_000
        package var clientIdle = 60_000
        /// After this long a body must come with at least 1 kB/s.
        package var bodyGrace = 10_000
        /// A client that takes no bytes for this long has left.
        package var clientStall = 60_000
        package var connect = 5000
        package var firstByte = 600_000
        package var streamIdle = 300_000
        package var drain = 60_000
        package var upstreamIdle = 45_000
        /// How long streams may finish after a shutdown began.
        package var shutdown = 30_000

        package init() {}
    }

    package init() {}
}
