internal import NIOCore
internal import Synchronization

/// How many connections each address has open, so that one cannot take all of them (S-15).
///
/// An IPv4 address counts for itself, also where IPv6 carries it; of IPv6 the /64, which one customer has whole.
/// Asked once per connection. As large as there are connections: what has none is forgotten.
final class AddressCounts: Sendable {
    /// The first eight bytes that tell addresses apart.
    struct Key: Hashable, Sendable {
        var isIPv4: Bool
        var bits: UInt64

        /// Reads an address; `nil` for what is not counted.
        ///
        /// Connections of this machine are a local proxy's as often as not, so they count only with `countsLoopback`.
        init?(_ address: SocketAddress?, countsLoopback: Bool) {
            guard let bytes = Self.bytes(of: address) else { return nil }
            let isMapped = bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10..<12] == [0xff, 0xff]
            let plain = isMapped ? bytes.suffix(4) : bytes[...]
            isIPv4 = plain.count == 4
            let isLoopback =
                isIPv4 ? plain.first == 127 : bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
            if isLoopback, !countsLoopback { return nil }
            bits = plain.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }

        /// The address itself, in network order: four or sixteen bytes.
        private static func bytes(of address: SocketAddress?) -> [UInt8]? {
            // Behind the family and the port; of IPv6 also behind the flow.
            let offset: Int
            let count: Int
            switch address {
            case .v4: (offset, count) = (4, 4)
            case .v6: (offset, count) = (8, 16)
            default: return nil
            }
            let bytes = unsafe address?.withSockAddr { pointer, size in
                unsafe Array(UnsafeRawBufferPointer(start: pointer, count: size))
            }
            guard let bytes, bytes.count >= offset + count else { return nil }
            return Array(bytes[offset..<(offset + count)])
        }
    }

    private let counts = Mutex<[Key: Int]>([:])

    /// Counts a connection in, unless its address has `limit` already.
    func take(_ key: Key, limit: Int) -> Bool {
        counts.withLock { counts in
            let count = counts[key, default: 0]
            guard count < limit else { return false }
            counts[key] = count + 1
            return true
        }
    }

    func giveBack(_ key: Key) {
        counts.withLock { counts in
            guard let count = counts[key] else { return }
            counts[key] = count > 1 ? count - 1 : nil
        }
    }
}
