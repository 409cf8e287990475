/// What is wrong with bytes that should have been written by ``ByteWriter``.
struct CodecError: Error {
    let reason: String
}

/// Reads what ``ByteWriter`` wrote; damaged bytes are an error, never a trap.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0
    private var words: [String] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws(CodecError) -> UInt8 {
        guard position < bytes.count else { throw CodecError(reason: "the row ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func flag() throws(CodecError) -> Bool {
        try byte() != 0
    }

    /// A count of things that each take at least one byte, so that damage cannot ask for endless memory.
    mutating func count() throws(CodecError) -> Int {
        let value = try unsigned()
        guard value <= UInt64(bytes.count - position) else { throw CodecError(reason: "a count is too large") }
        return Int(value)
    }

    mutating func unsigned() throws(CodecError) -> UInt64 {
        guard let value = UInt64(exactly: try wide()) else { throw CodecError(reason: "a number is too large") }
        return value
    }

    mutating func signed() throws(CodecError) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func wideSigned() throws(CodecError) -> Int128 {
        let value = try wide()
        return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
    }

    mutating func fixed() throws(CodecError) -> UInt128 {
        var value: UInt128 = 0
        for _ in 0..<16 { value = value << 8 | UInt128(try byte()) }
        return value
    }

    mutating func text() throws(CodecError) -> String {
        guard let value = try optionalText() else { throw CodecError(reason: "a text is missing") }
        return value
    }

    mutating func optionalText() throws(CodecError) -> String? {
        let head = try unsigned()
        if head == 0 { return nil }
        if head & 1 == 1 { return try word(Int(truncatingIfNeeded: head >> 1)) }
        let length = (head >> 1) - 1
        guard length <= UInt64(bytes.count - position) else { throw CodecError(reason: "a text ends too early") }
        let end = position + Int(length)
        guard let value = String(validating: bytes[position..<end], as: UTF8.self) else {
            throw CodecError(reason: "a text is not UTF-8")
        }
        position = end
        if length <= UInt64(ByteWriter.wordBytesMax) { words.append(value) }
        return value
    }

    mutating func optional() throws(CodecError) -> Int64? {
        try flag() ? try signed() : nil
    }

    private func word(_ number: Int) throws(CodecError) -> String {
        if CodecWords.all.indices.contains(number) { return CodecWords.all[number] }
        let index = number &- CodecWords.all.count
        guard words.indices.contains(index) else { throw CodecError(reason: "an unknown word number \(number)") }
        return words[index]
    }

    private mutating func wide() throws(CodecError) -> UInt128 {
        var value: UInt128 = 0
        for shift in stride(from: UInt128(0), to: 128, by: 7) {
            let next = try byte()
            value |= UInt128(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw CodecError(reason: "a number has no end")
    }
}
