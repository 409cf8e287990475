/// Base64 of RFC 4648, section 4: with its padding, without line breaks.
enum Base64 {
    /// The bytes that `text` stands for; `nil` when it is not base64.
    static func decoded(_ text: some RandomAccessCollection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var (bits, count): (UInt32, Int) = (0, 0)
        var digits = 0
        for digit in text.prefix(while: { $0 != UInt8(ascii: "=") }) {
            guard let value = value(of: digit) else { return nil }
            digits += 1
            bits = bits << 6 | value
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        guard text.count % 4 == 0, text.count - digits <= 2, text.dropFirst(digits).allSatisfy({ $0 == 0x3D }) else {
            return nil
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
