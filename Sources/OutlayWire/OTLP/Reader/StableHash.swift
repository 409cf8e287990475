/// A 128-bit hash that is the same in every process, so that it can be stored and compared.
///
/// Not for secrets: it keeps apart what exporters send, not what an enemy of his own data makes up. Texts may come
/// in any pieces; the pieces do not show in the hash.
struct StableHash: Sendable {
    private var low: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var high: UInt64 = 0xD1B5_4A32_D192_ED03
    /// Bytes of a text that do not fill a word yet, and how many bits they are.
    private var pending: UInt64 = 0
    private var pendingBits: UInt64 = 0
    private var count: UInt64 = 0

    init() {}

    @inline(__always)
    mutating func add(word: UInt64) {
        let product = (low ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        low = (product.low ^ product.high) &+ high
        // For one state no two words give the same high half, so two texts of one length never meet early.
        let mixed = high ^ (word &* 0xE703_7ED1_A0B4_28DB)
        high = (mixed << 29 | mixed >> 35) &* 0x8EBC_6AF0_9C88_C6E3
    }

    mutating func add(_ words: UInt128) {
        add(word: UInt64(truncatingIfNeeded: words))
        add(word: UInt64(truncatingIfNeeded: words >> 64))
    }

    /// Adds a piece of a text; ``endText()`` ends it.
    mutating func add(_ bytes: RawSpan, _ range: Range<Int>) {
        var index = range.lowerBound
        count &+= UInt64(truncatingIfNeeded: range.count)
        while range.upperBound &- index >= 8 {
            let word = bytes.word(index)
            index &+= 8
            if pendingBits == 0 {
                add(word: word)
            } else {
                add(word: pending | word << pendingBits)
                pending = word >> (64 &- pendingBits)
            }
        }
        while index < range.upperBound {
            fill(bytes[index])
            index &+= 1
        }
    }

    mutating func add(byte: UInt8) {
        count &+= 1
        fill(byte)
    }

    mutating func endText() {
        add(word: pending)
        add(word: count)
        (pending, pendingBits, count) = (0, 0, 0)
    }

    /// All of it, mixed so that sums of hashes are as good as one.
    var value: UInt128 {
        let first = low &+ Self.mixed(high)
        let second = high ^ Self.mixed(first)
        return UInt128(second) << 64 | UInt128(first &+ Self.mixed(second))
    }

    @inline(__always)
    private mutating func fill(_ byte: UInt8) {
        pending |= UInt64(byte) << pendingBits
        pendingBits &+= 8
        guard pendingBits == 64 else { return }
        add(word: pending)
        (pending, pendingBits) = (0, 0)
    }

    private static func mixed(_ word: UInt64) -> UInt64 {
        var mixed = (word ^ (word >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        mixed = (mixed ^ (mixed >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return mixed ^ (mixed >> 33)
    }
}

extension StableHash {
    /// The hash of the empty text.
    static let empty = of("")

    static func of(_ bytes: RawSpan, _ range: Range<Int>) -> UInt128 {
        var hash = StableHash()
        hash.add(bytes, range)
        hash.endText()
        return hash.value
    }

    static func of(_ text: String) -> UInt128 {
        var hash = StableHash()
        for byte in text.utf8 { hash.add(byte: byte) }
        hash.endText()
        return hash.value
    }
}

/// What a value is made of, said to the hash before the value, so that `1`, `1.0` and `"1"` differ.
enum HashedKind: UInt64 {
    case null, string, bool, integer, double, array, list, bytes, end
}

extension StableHash {
    mutating func add(_ kind: HashedKind) { add(word: kind.rawValue) }

    mutating func add(_ value: Bool) {
        add(.bool)
        add(word: value ? 1 : 0)
    }

    mutating func add(_ value: Int64) {
        add(.integer)
        add(word: UInt64(bitPattern: value))
    }

    /// Every NaN is the same one: JSON has only the word.
    mutating func add(_ value: Double) {
        add(.double)
        add(word: value.isNaN ? Double.nan.bitPattern : value.bitPattern)
    }
}
