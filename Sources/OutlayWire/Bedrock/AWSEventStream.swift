/// Takes apart AWS's event-stream framing (`application/vnd.amazon.eventstream`), in which Bedrock streams.
///
/// A message is its length and that of its headers (four bytes each, high first), the CRC-32 of these eight bytes,
/// headers, payload, and the CRC-32 of everything before. Both checksums are checked: what fails them is not read.
struct AWSEventStream: Sendable {
    /// AWS's own bounds are 128 KiB of headers and 24 MiB in all; a message of a model is a few hundred bytes.
    static let messageMax = 4 << 20
    private static let preludeLength = 12
    /// The prelude and the last checksum.
    private static let lengthMin = 16

    struct Message: Hashable {
        /// `:event-type`: `metadata`, `contentBlockDelta`, `chunk`.
        var event: String?
        /// Whether `:message-type` says that it is an exception or an error.
        var isError = false
        var payload: [UInt8] = []
    }

    private var bytes: [UInt8] = []
    /// How long the message in progress is, once its prelude was checked.
    private var length: Int?
    /// A checksum or a length was wrong: where the next message begins cannot be known.
    private(set) var isBroken = false

    /// Whether every message that began has ended.
    var isBetweenMessages: Bool { bytes.isEmpty && !isBroken }

    /// Whether `bytes` begin with a message's prelude.
    static func begins(_ bytes: some Collection<UInt8>) -> Bool {
        let prelude = Array(bytes.prefix(preludeLength))
        return prelude.count == preludeLength && CRC32.checksum(of: prelude[..<8]) == number(prelude[8...])
    }

    /// Reads on at `index`, moving it; returns the next whole message, or `nil` when the bytes are used up.
    mutating func next(_ span: RawSpan, _ index: inout Int) -> Message? {
        while !isBroken, index < span.byteCount {
            let missing = (length ?? Self.preludeLength) - bytes.count
            let end = min(span.byteCount, index + missing)
            _ = bytes.append(span, index..<end, limit: Self.messageMax)
            index = end
            guard bytes.count == length ?? Self.preludeLength else { return nil }
            guard length != nil else {
                readPrelude()
                continue
            }
            defer {
                bytes.removeAll(keepingCapacity: true)
                length = nil
            }
            if let message = message() { return message }
            isBroken = true
        }
        return nil
    }

    private mutating func readPrelude() {
        let total = Int(Self.number(bytes[0..<4]))
        let headers = Int(Self.number(bytes[4..<8]))
        let isRight = Self.begins(bytes) && (Self.lengthMin...Self.messageMax).contains(total)
        guard isRight, headers <= total - Self.lengthMin else { return isBroken = true }
        length = total
    }

    /// The message that is complete; `nil` when its checksum or its headers are wrong.
    private func message() -> Message? {
        let end = bytes.count - 4
        guard CRC32.checksum(of: bytes[..<end]) == Self.number(bytes[end...]) else { return nil }
        let headersEnd = Self.preludeLength + Int(Self.number(bytes[4..<8]))
        guard headersEnd <= end else { return nil }
        var message = Message(payload: Array(bytes[headersEnd..<end]))
        var headers = bytes[Self.preludeLength..<headersEnd]
        while !headers.isEmpty {
            guard let (name, value) = Self.header(&headers) else { return nil }
            switch name {
            case ":event-type": message.event = value
            case ":message-type": message.isError = value == "exception" || value == "error"
            default: break
            }
        }
        return message
    }

    /// Takes the next header; its value is `nil` unless it is text.
    private static func header(_ bytes: inout ArraySlice<UInt8>) -> (name: String, value: String?)? {
        guard let nameLength = bytes.popFirst(), let name = take(Int(nameLength), of: &bytes),
            let type = bytes.popFirst()
        else { return nil }
        let length: Int
        switch type {
        case 0, 1: length = 0
        case 2: length = 1
        case 3: length = 2
        case 4: length = 4
        case 5, 8: length = 8
        case 9: length = 16
        case 6, 7:
            guard let prefix = take(2, of: &bytes) else { return nil }
            length = Int(number(prefix))
        default: return nil
        }
        guard let value = take(length, of: &bytes) else { return nil }
        return (String(decoding: name, as: UTF8.self), type == 7 ? String(decoding: value, as: UTF8.self) : nil)
    }

    private static func take(_ count: Int, of bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    /// A number whose high byte comes first.
    private static func number(_ bytes: some Collection<UInt8>) -> UInt32 {
        bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
