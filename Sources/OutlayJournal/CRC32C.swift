/// The Castagnoli checksum (CRC-32C, polynomial 0x1EDC6F41 reflected), eight bytes at a time.
///
/// Check value of `123456789`: `0xE3069283`.
enum CRC32C {
    /// Eight tables of 256: table `n` advances a byte over `n` further zero bytes.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map(remainder)
        for index in 256..<2048 {
            let previous = tables[index - 256]
            tables.append((previous >> 8) ^ tables[Int(previous & 0xFF)])
        }
        return tables
    }()

    private static func remainder(of byte: UInt32) -> UInt32 {
        var value = byte
        for _ in 0..<8 {
            let isOdd = value & 1 == 1
            value >>= 1
            if isOdd { value ^= 0x82F6_3B78 }
        }
        return value
    }

    static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        let tables = Self.tables.span
        var value: UInt32 = 0xFFFF_FFFF
        var offset = 0
        while offset &+ 8 <= bytes.count {
            value = advanced(value, over: word(bytes, at: offset), word(bytes, at: offset &+ 4), tables)
            offset &+= 8
        }
        while offset < bytes.count {
            value = value >> 8 ^ tables[Int((value ^ UInt32(bytes[offset])) & 0xFF)]
            offset &+= 1
        }
        return ~value
    }

    /// The checksum of three words, lowest bytes first.
    static func checksum(of words: (UInt64, UInt64, UInt64)) -> UInt32 {
        let tables = Self.tables.span
        var value: UInt32 = 0xFFFF_FFFF
        value = advanced(value, over: UInt32(truncatingIfNeeded: words.0), UInt32(words.0 >> 32), tables)
        value = advanced(value, over: UInt32(truncatingIfNeeded: words.1), UInt32(words.1 >> 32), tables)
        value = advanced(value, over: UInt32(truncatingIfNeeded: words.2), UInt32(words.2 >> 32), tables)
        return ~value
    }

    @inline(__always)
    private static func advanced(
        _ value: UInt32,
        over first: UInt32,
        _ high: UInt32,
        _ tables: Span<UInt32>
    ) -> UInt32 {
        let low = value ^ first
        var value = tables[1792 &+ Int(low & 0xFF)] ^ tables[1536 &+ Int(low >> 8 & 0xFF)]
        value ^= tables[1280 &+ Int(low >> 16 & 0xFF)] ^ tables[1024 &+ Int(low >> 24)]
        value ^= tables[768 &+ Int(high & 0xFF)] ^ tables[512 &+ Int(high >> 8 & 0xFF)]
        value ^= tables[256 &+ Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
        return value
    }

    private static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
        UInt32(bytes[offset]) | UInt32(bytes[offset &+ 1]) << 8 | UInt32(bytes[offset &+ 2]) << 16
            | UInt32(bytes[offset &+ 3]) << 24
    }
}
