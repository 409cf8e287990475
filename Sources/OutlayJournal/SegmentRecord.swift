/// The layout of a segment and of the records in it.
///
/// A segment begins with 64 bytes: magic, format version, generation. Records follow, each on a multiple
/// of eight bytes: length and checksum (one word, stored last), generation and kind (one word), payload.
/// The checksum covers payload, length, generation, kind and offset; a record that was torn, or that is
/// left over from an earlier use of the file, does not match.
enum SegmentRecord {
    enum Kind: UInt8 {
        case intent = 1
        case settlement = 2
    }

    static let magic: UInt64 = 0x4C41_4E52_4A4C_544F
    static let format: UInt64 = 1
    static let headerSize = 64
    static let recordHeaderSize = 16
    /// The largest payload of a record.
    static let payloadMax = 64 * 1024
    /// The most room that can be left unused at a segment's end.
    static let sizeMax = size(ofPayload: payloadMax)

    static func size(ofPayload count: Int) -> Int {
        (recordHeaderSize + count + 7) & ~7
    }

    /// The two words before a payload whose own checksum is `checksum`.
    static func header(_ place: SegmentPlace, kind: Kind, checksum: UInt32) -> (first: UInt64, second: UInt64) {
        let second = UInt64(place.generation) | UInt64(kind.rawValue) << 32
        let length = UInt32(truncatingIfNeeded: place.payloadCount)
        let sealed = checksum ^ seal(length: length, offset: place.offset, second: second)
        return (UInt64(length) | UInt64(sealed) << 32, second)
    }

    /// The checksum of everything but the payload.
    private static func seal(length: UInt32, offset: Int, second: UInt64) -> UInt32 {
        CRC32C.checksum(of: (UInt64(length), UInt64(truncatingIfNeeded: offset), second))
    }

    /// The record at `offset` of a whole segment's `bytes`; `nil` when there is none that is whole.
    static func read(_ bytes: [UInt8], at offset: Int, generation: UInt32) -> Found? {
        let second = word(bytes, at: offset &+ 8)
        guard second & 0xFFFF_FFFF == UInt64(generation) else { return nil }
        let first = word(bytes, at: offset)
        let length = Int(first & 0xFFFF_FFFF)
        let start = offset &+ recordHeaderSize
        guard second >> 40 == 0,
            let kind = Kind(rawValue: UInt8(truncatingIfNeeded: second >> 32)),
            length <= payloadMax, start <= bytes.count, length <= bytes.count &- start
        else { return nil }
        let payload = bytes[start..<start &+ length]
        let sealed =
            CRC32C.checksum(of: payload.span)
            ^ seal(length: UInt32(truncatingIfNeeded: length), offset: offset, second: second)
        guard UInt64(sealed) == first >> 32 else { return nil }
        return Found(kind: kind, payload: payload)
    }

    struct Found {
        let kind: Kind
        let payload: ArraySlice<UInt8>
    }

    /// Eight bytes, lowest first; 0 where they are not all there.
    static func word(_ bytes: [UInt8], at offset: Int) -> UInt64 {
        guard offset >= 0, offset <= bytes.count &- 8 else { return 0 }
        var word: UInt64 = 0
        for byte in bytes[offset..<offset &+ 8].reversed() { word = word << 8 | UInt64(byte) }
        return word
    }
}

/// Where a record is.
struct SegmentPlace: Hashable {
    let generation: UInt32
    let offset: Int
    let payloadCount: Int

    var size: Int { SegmentRecord.size(ofPayload: payloadCount) }
}
