extension JSON {
    /// Reads one JSON text.
    ///
    /// - Returns: `nil` when `bytes` are not valid JSON, or nested deeper than 128.
    init?(parsing bytes: [UInt8]) {
        var parser = JSONParser(bytes: bytes)
        guard let value = parser.document() else { return nil }
        self = value
    }
}

/// A recursive reader over bytes; never traps, stops at the first mistake.
private struct JSONParser {
    private let bytes: [UInt8]
    private var offset = 0

    private static let depthMax = 128

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() -> JSON? {
        guard let value = value(depth: 0) else { return nil }
        skipSpace()
        return offset == bytes.count ? value : nil
    }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { offset += 1 }
    }

    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func takes(word: StaticString, _ value: JSON) -> JSON? {
        let expected = Array("\(word)".utf8)
        guard bytes[offset...].starts(with: expected) else { return nil }
        offset += expected.count
        return value
    }

    private mutating func value(depth: Int) -> JSON? {
        skipSpace()
        guard depth < Self.depthMax, let byte = next else { return nil }
        switch byte {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string().map(JSON.string)
        case UInt8(ascii: "t"): return takes(word: "true", .bool(true))
        case UInt8(ascii: "f"): return takes(word: "false", .bool(false))
        case UInt8(ascii: "n"): return takes(word: "null", .null)
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> JSON? {
        var members: [JSON.Member] = []
        guard takes("{") else { return nil }
        if takes("}") { return .object([]) }
        repeat {
            skipSpace()
            guard let name = string(), takes(":"), let value = value(depth: depth + 1) else { return nil }
            members.append(JSON.Member(name: name, value: value))
        } while takes(",")
        return takes("}") ? .object(members) : nil
    }

    private mutating func array(depth: Int) -> JSON? {
        var elements: [JSON] = []
        guard takes("[") else { return nil }
        if takes("]") { return .array([]) }
        repeat {
            guard let value = value(depth: depth + 1) else { return nil }
            elements.append(value)
        } while takes(",")
        return takes("]") ? .array(elements) : nil
    }

    private mutating func number() -> JSON? {
        let start = offset
        while let byte = next, "+-.0123456789eE".utf8.contains(byte) { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if let integer = Int(text) { return .integer(integer) }
        return Double(text) == nil ? nil : .number(text)
    }

    private mutating func string() -> String? {
        guard next == UInt8(ascii: "\"") else { return nil }
        offset += 1
        var decoded: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = escape() else { return nil }
                decoded += escaped
            case 0..<0x20: return nil
            default: decoded.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> [UInt8]? {
        guard let byte = next else { return nil }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return scalar().map { Array(String(Character($0)).utf8) }
        default: return nil
        }
    }

    /// The scalar behind `\u`; a pair of surrogates is one, half a pair becomes U+FFFD.
    private mutating func scalar() -> Unicode.Scalar? {
        guard let first = codeUnit() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let start = offset
        guard bytes[offset...].starts(with: "\\u".utf8) else { return "\u{FFFD}" }
        offset += 2
        guard let second = codeUnit() else { return nil }
        guard (0xDC00..<0xE000).contains(second) else {
            offset = start
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func codeUnit() -> UInt32? {
        guard offset + 4 <= bytes.count else { return nil }
        defer { offset += 4 }
        return UInt32(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
    }
}
