import Crypto
import OutlayCore

/// The hashes that make the ledger's rows unique and its history tamper-evident.
enum Hashing {
    /// SHA-256.
    static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        return unsafe hasher.finalize().withUnsafeBytes { unsafe Array($0) }
    }

    /// 16 bytes of SHA-256 over the length-prefixed pair, so `("a-b", "c")` and `("a", "b-c")` stay two.
    ///
    /// Where the name begins with a time, that takes the place of the first 6 bytes: the index of identities then
    /// grows at its end instead of everywhere.
    static func identity(_ id: EventID) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(id.source.utf8.count + id.id.utf8.count + 16)
        for part in [id.source, id.id] {
            bytes.append(bigEndian: UInt64(part.utf8.count))
            bytes.append(contentsOf: part.utf8)
        }
        let whole = hash(bytes)
        guard let milliseconds = TimedName.milliseconds(of: id.id) else { return Array(whole.prefix(16)) }
        var identity: [UInt8] = []
        identity.reserveCapacity(16)
        for shift in stride(from: UInt64(40), through: 0, by: -8) {
            identity.append(UInt8(truncatingIfNeeded: milliseconds >> shift))
        }
        identity.append(contentsOf: whole.prefix(10))
        return identity
    }

    /// 16 bytes of SHA-256, by which equal sets of tags are one row.
    static func hash(of tags: TagSet) -> [UInt8] {
        var writer = ByteWriter(reservingCapacity: 128)
        writer.tags(tags)
        return Array(hash(writer.bytes).prefix(16))
    }

    /// The head of the chain after one more event.
    static func link(head: [UInt8], content: [UInt8], receivedAt: Timestamp) -> [UInt8] {
        var bytes = head
        bytes.reserveCapacity(72)
        bytes.append(contentsOf: content)
        bytes.append(bigEndian: UInt64(bitPattern: receivedAt.microseconds))
        return hash(bytes)
    }

    /// The head of an empty ledger's chain.
    static let genesis = [UInt8](repeating: 0, count: 32)

    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
