/// A number for a run of values that other values all but never share; the same in every process.
///
/// Two lanes of 64 bits, each folded by a full-width multiplication. Not for secrets: who chooses the values can make
/// two of them meet.
package struct Fingerprinter: Sendable {
    private var first: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var second: UInt64 = 0xD1B5_4A32_D192_ED03

    package init() {}

    package mutating func add(_ value: UInt64) {
        first = Self.folded(first ^ value, 0xA076_1D64_78BD_642F)
        second = Self.folded(second ^ value, 0xE703_7ED1_A0B4_28DB)
    }

    package mutating func add(_ value: UInt128) {
        add(UInt64(truncatingIfNeeded: value))
        add(UInt64(truncatingIfNeeded: value >> 64))
    }

    /// Its length counts too, so that `a-b`, `c` and `a`, `b-c` stay apart.
    package mutating func add(_ text: String) {
        let bytes = text.utf8
        add(UInt64(bytes.count))
        var word: UInt64 = 0
        var held = 0
        for byte in bytes {
            word = word << 8 | UInt64(byte)
            held += 1
            if held == 8 {
                add(word)
                word = 0
                held = 0
            }
        }
        if held > 0 { add(word) }
    }

    package var value: UInt128 {
        let high = Self.folded(first ^ 0x8EBC_6AF0_9C88_C6E3, second | 1)
        let low = Self.folded(second ^ 0x5899_65CC_7537_4CC3, first | 1)
        return UInt128(high) << 64 | UInt128(low)
    }

    package static func of(_ texts: String...) -> UInt128 {
        var fingerprint = Fingerprinter()
        for text in texts { fingerprint.add(text) }
        return fingerprint.value
    }

    private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
