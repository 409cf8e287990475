/// Valid gzip without compression: stored blocks, which every reader must accept.
struct Gzip {
    private var checksum: UInt32 = 0xFFFF_FFFF
    private var count: UInt32 = 0

    private static let table: [UInt32] = (0..<256).map { byte in
        var value = UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
        return value
    }

    static let opening: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    /// The next bytes as stored blocks that are not the last.
    mutating func blocks(_ bytes: [UInt8]) -> [UInt8] {
        var blocks: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 0xFFFF) {
            let piece = bytes[start..<min(start + 0xFFFF, bytes.count)]
            let length = UInt16(piece.count)
            blocks += [0, UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8)]
            blocks += piece
        }
        for byte in bytes {
            checksum = (checksum >> 8) ^ Self.table[Int((checksum ^ UInt32(byte)) & 0xFF)]
        }
        count &+= UInt32(truncatingIfNeeded: bytes.count)
        return blocks
    }

    /// An empty last block, the checksum and the length.
    var closing: [UInt8] {
        [1, 0, 0, 0xFF, 0xFF]
            + [~checksum, count].flatMap { word in
                (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32($0 * 8)) }
            }
    }

    static func whole(_ bytes: [UInt8]) -> [UInt8] {
        var gzip = Gzip()
        return opening + gzip.blocks(bytes) + gzip.closing
    }
}
