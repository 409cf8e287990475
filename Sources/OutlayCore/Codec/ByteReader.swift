/// Why bytes are not what the codec writes.
package enum CodecError: Error, Hashable {
    /// The bytes end inside a value.
    case truncated
    /// Written in a version this program does not know.
    case version(UInt8)
    /// A value is none, or out of its range.
    case invalid(String)

    /// What is wrong, as the end of a sentence about the bytes.
    package var reason: String {
        switch self {
        case .truncated: "it ends too early"
        case .version(let found): "it has format \(found), this program knows 1 to \(EventCodec.version)"
        case .invalid(let reason): reason
        }
    }
}

/// Reads what ``ByteWriter`` wrote; damaged bytes are an error, never a trap.
package struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0
    private var words: [String] = []

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var isAtEnd: Bool { position == bytes.count }

    package mutating func byte() throws(CodecError) -> UInt8 {
        guard position < bytes.count else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    package mutating func flag() throws(CodecError) -> Bool {
        try byte() != 0
    }

    /// A count of things that each take at least one byte, so that damage cannot ask for endless memory.
    package mutating func count() throws(CodecError) -> Int {
        let value = try unsigned()
        guard value <= UInt64(bytes.count - position) else { throw .truncated }
        return Int(value)
    }

    package mutating func unsigned() throws(CodecError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            let bits = UInt64(next & 0x7F)
            guard shift < 63 || bits < 2 else { break }
            value |= bits << shift
            if next < 0x80 { return value }
        }
        throw .invalid("a number is too large")
    }

    package mutating func signed() throws(CodecError) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    package mutating func wideSigned() throws(CodecError) -> Int128 {
        let value = try wide()
        return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
    }

    package mutating func fixed() throws(CodecError) -> UInt128 {
        var value: UInt128 = 0
        for _ in 0..<16 { value = value << 8 | UInt128(try byte()) }
        return value
    }

    package mutating func text() throws(CodecError) -> String {
        guard let value = try optionalText() else { throw .invalid("a text is missing") }
        return value
    }

    package mutating func optionalText() throws(CodecError) -> String? {
        let head = try unsigned()
        if head == 0 { return nil }
        if head & 1 == 1 { return try word(Int(truncatingIfNeeded: head >> 1)) }
        let length = (head >> 1) - 1
        guard length <= UInt64(bytes.count - position) else { throw .truncated }
        let end = position + Int(length)
        guard let value = String(validating: bytes[position..<end], as: UTF8.self) else {
            throw .invalid("a text is not UTF-8")
        }
        position = end
        if length <= UInt64(ByteWriter.wordBytesMax) { words.append(value) }
        return value
    }

    package mutating func optional() throws(CodecError) -> Int64? {
        try flag() ? try signed() : nil
    }

    private func word(_ number: Int) throws(CodecError) -> String {
        if CodecWords.all.indices.contains(number) { return CodecWords.all[number] }
        let index = number &- CodecWords.all.count
        guard words.indices.contains(index) else { throw .invalid("an unknown word number \(number)") }
        return words[index]
    }

    private mutating func wide() throws(CodecError) -> UInt128 {
        var value: UInt128 = 0
        for shift in stride(from: UInt128(0), to: 128, by: 7) {
            let next = try byte()
            value |= UInt128(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw .invalid("a number has no end")
    }
}
