internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Random bits of the system, fetched many at a time: every fetch is a system call.
final class RandomPool: Sendable {
    private let words = Mutex<[UInt64]>([])

    /// 64 bits nobody has seen before.
    func next() -> UInt64 {
        words.withLock { words in
            if words.isEmpty { words = Self.fetch() }
            var generator = SystemRandomNumberGenerator()
            return words.popLast() ?? generator.next()
        }
    }

    /// As many words as one call of `getentropy` gives; none where it fails.
    private static func fetch() -> [UInt64] {
        var fresh = [UInt64](repeating: 0, count: 32)
        let code = unsafe fresh.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return CInt(-1) }
            return unsafe getentropy(start, bytes.count)
        }
        return code == 0 ? fresh : []
    }
}
