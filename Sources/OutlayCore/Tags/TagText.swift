/// How tags are written in headers, and what a value may hold (S-25).
package enum TagText {
    /// The most tags of one call.
    package static let tagsMax = 32
    /// The most bytes of a value.
    package static let valueBytesMax = 256
    /// The most bytes of a `baggage` or `X-Outlay-Tags` header that are read (W3C Baggage, section 3.3.2).
    package static let headerBytesMax = 8192
    /// The most members of such a header that are read (W3C Baggage, section 3.3.2).
    package static let membersMax = 64

    /// Pairs read from a header, with their percent-encoding undone.
    package struct Pairs: Hashable, Sendable {
        package var pairs: [Pair] = []
        /// Whether some of the header could not be read: no `=`, bad UTF-8, past a limit.
        package var isDamaged = false

        package struct Pair: Hashable, Sendable {
            package let name: String
            package let value: String
        }
    }

    /// `value` without spaces around it; `nil` when it is too long, has control characters, or was not UTF-8: with a
    /// sign in the place of what was lost (U+FFFD), different names would become one.
    package static func cleaned(_ value: String) -> String? {
        if value.utf8.count <= valueBytesMax, value.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) { return value }
        let trimmed = String(Substring(trimmed(value.utf8[...])))
        guard trimmed.utf8.count <= valueBytesMax, !trimmed.unicodeScalars.contains(where: isLost) else {
            return nil
        }
        return trimmed
    }

    /// Reads `k=v,k=v`: values percent-encoded, or in double quotes where `\` escapes the next character.
    package static func pairs(ofTagsHeader text: String) -> Pairs {
        var members: [Substring.UTF8View] = []
        var start = text.utf8.startIndex
        var (isQuoted, isEscaped) = (false, false)
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if isEscaped { isEscaped = false; continue }
            if byte == backslash, isQuoted { isEscaped = true }
            if byte == quote { isQuoted.toggle() }
            guard byte == comma, !isQuoted else { continue }
            members.append(text.utf8[start..<index])
            start = text.utf8.index(after: index)
        }
        members.append(text.utf8[start...])
        return read(members, in: text, cutAt: nil)
    }

    /// Reads W3C `baggage`: values percent-encoded, properties after `;` are left out.
    package static func pairs(ofBaggage text: String) -> Pairs {
        read(text.utf8.split(separator: comma, omittingEmptySubsequences: false), in: text, cutAt: semicolon)
    }

    private static func read(_ members: [Substring.UTF8View], in text: String, cutAt cut: UInt8?) -> Pairs {
        var result = Pairs()
        var (bytes, count) = (0, 0)
        for member in members {
            bytes += member.count + 1
            let isBlank = trimmed(member).isEmpty
            if !isBlank { count += 1 }
            guard bytes <= headerBytesMax + 1, count <= membersMax else {
                result.isDamaged = true
                break
            }
            if isBlank { continue }
            if let pair = pair(member, cutAt: cut) { result.pairs.append(pair) } else { result.isDamaged = true }
        }
        return result
    }

    private static func pair(_ member: Substring.UTF8View, cutAt cut: UInt8?) -> Pairs.Pair? {
        guard let equals = member.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = trimmed(member[..<equals])
        var value = member[member.index(after: equals)...]
        if let cut, let end = value.firstIndex(of: cut) { value = value[..<end] }
        value = trimmed(value)
        guard !name.isEmpty, let text = cut == nil && value.first == quote ? unquoted(value) : percentDecoded(value)
        else { return nil }
        return Pairs.Pair(name: String(Substring(name)), value: text)
    }

    private static func unquoted(_ value: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = value.dropFirst()
        while let byte = rest.popFirst() {
            if byte == quote { return rest.isEmpty ? String(validating: bytes, as: UTF8.self) : nil }
            guard byte == backslash else { bytes.append(byte); continue }
            guard let escaped = rest.popFirst() else { return nil }
            bytes.append(escaped)
        }
        return nil
    }

    /// `nil` when the bytes are not UTF-8; a `%` that begins no escape stands for itself.
    static func percentDecoded(_ value: Substring.UTF8View) -> String? {
        guard value.contains(percent) else { return String(Substring(value)) }
        var bytes: [UInt8] = []
        var rest = value
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { hexDigit($0) }
            guard byte == percent, digits.count == 2 else { bytes.append(byte); continue }
            bytes.append(digits[0] << 4 | digits[1])
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte & 0x0f
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): (byte & 0x0f) + 9
        default: nil
        }
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        return rest
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0d).contains(byte)
    }

    private static func isLost(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar == "\u{FFFD}"
    }

    private static let comma = UInt8(ascii: ",")
    private static let semicolon = UInt8(ascii: ";")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let percent = UInt8(ascii: "%")
}
