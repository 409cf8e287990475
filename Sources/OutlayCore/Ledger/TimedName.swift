/// Names of events that begin with the milliseconds of their time: neighbours in time are neighbours in an index.
///
/// Written as 12 hexadecimal digits and a dash in front of the rest; a ``CallID`` has its time in front as it is.
package enum TimedName {
    private static let digits = 12

    package static func text(_ name: String, at time: Timestamp) -> String {
        let milliseconds = UInt64(clamping: time.microseconds / 1000) & 0xFFFF_FFFF_FFFF
        return "\(milliseconds.hexadecimal(digits: digits))-\(name)"
    }

    /// The 48 bits of milliseconds that `name` begins with; `nil` where it begins with no time.
    package static func milliseconds(of name: String) -> UInt64? {
        if let call = CallID(name) { return UInt64(truncatingIfNeeded: call.bits >> 80) }
        var milliseconds: UInt64 = 0
        var count = 0
        for byte in name.utf8 {
            guard count < digits else { return byte == UInt8(ascii: "-") ? milliseconds : nil }
            guard let digit = value(of: byte) else { return nil }
            milliseconds = milliseconds << 4 | digit
            count += 1
        }
        return nil
    }

    private static func value(of byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}
