internal import Synchronization

/// How much the receivers of telemetry hold at once.
package struct IngestLimits: Hashable, Sendable {
    /// The largest request in bytes, before and after inflation.
    package var bodyBytesMax = 20 << 20
    /// Bytes of all requests in flight together.
    package var bytesInFlightMax = 64 << 20
    /// How long one body may take to come.
    package var bodyTimeMax = Duration.seconds(60)
    /// Open connections, on each of the receivers' own ports.
    package var connectionsMax = 4096

    package init() {}

    /// Limits for requests of up to `bodyBytesMax`, three of which fit in memory together.
    package init(bodyBytesMax: Int) {
        self.bodyBytesMax = bodyBytesMax
        bytesInFlightMax = max(bytesInFlightMax, bodyBytesMax.multipliedReportingOverflow(by: 3).partialValue)
    }
}

/// The memory that bodies in flight may take, shared by all receivers.
package final class BodyAllowance: Sendable {
    private let held = Mutex(0)
    private let most: Int

    package init(bytes: Int) {
        most = bytes
    }

    /// How many bytes are taken now.
    package var bytesHeld: Int { held.withLock { $0 } }

    fileprivate func take(_ bytes: Int) -> Bool {
        held.withLock { held in
            guard bytes <= most - held else { return false }
            held += bytes
            return true
        }
    }

    fileprivate func giveBack(_ bytes: Int) {
        held.withLock { $0 -= bytes }
    }
}

/// What one request has taken of a ``BodyAllowance``; given back at the latest when nobody holds it any more.
package final class BodyShare: Sendable {
    private let allowance: BodyAllowance
    private let bytes = Mutex(0)

    package init(of allowance: BodyAllowance) {
        self.allowance = allowance
    }

    /// Takes more, unless all requests together would hold too much.
    package func grow(by count: Int) -> Bool {
        guard count >= 0, allowance.take(count) else { return false }
        bytes.withLock { $0 += count }
        return true
    }

    package func giveBack() {
        allowance.giveBack(
            bytes.withLock { bytes in
                defer { bytes = 0 }
                return bytes
            }
        )
    }

    deinit {
        giveBack()
    }
}
