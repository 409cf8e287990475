internal import NIOCore

/// How the end of a body is known.
enum BodyFraming: Hashable {
    case none
    case length(Int)
    case chunked
    /// The end of the connection ends an answer.
    case untilClose
}

/// What the fields of a head say about its body and its connection, gathered while they are read.
struct FramingFacts {
    private(set) var saysClose = false
    private(set) var saysKeepAlive = false
    private var length: Int?
    private var isChunked = false

    mutating func take(_ field: Field) throws(CodecProblem) {
        switch field.name.utf8.count {
        case 10 where field.name.isField("connection"): takeConnection(field.value)
        case 14 where field.name.isField("content-length"):
            guard length == nil, let number = Self.number(field.value) else { throw .malformed }
            length = number
        case 17 where field.name.isField("transfer-encoding"):
            guard !isChunked, field.value.isField("chunked") else { throw .malformed }
            isChunked = true
        default: break
        }
    }

    private mutating func takeConnection(_ value: String) {
        if value.isField("keep-alive") { return saysKeepAlive = true }
        for option in value.utf8.split(separator: UInt8(ascii: ",")) {
            let name = String(Substring(option.drop(while: HTTPBytes.isSpace))).prefix { $0 != " " && $0 != "\t" }
            if String(name).isField("close") { saysClose = true }
            if String(name).isField("keep-alive") { saysKeepAlive = true }
        }
    }

    /// Digits and nothing else: no sign, no space, no list.
    private static func number(_ text: String) -> Int? {
        guard (1...18).contains(text.utf8.count) else { return nil }
        var number = 0
        for byte in text.utf8 {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }

    func requestFraming(isHTTP10: Bool) throws(CodecProblem) -> BodyFraming {
        guard isChunked else { return length.map { $0 > 0 ? .length($0) : .none } ?? .none }
        guard length == nil, !isHTTP10 else { throw .malformed }
        return .chunked
    }

    func answerFraming(status: Int) throws(CodecProblem) -> BodyFraming {
        if status < 200 || status == 204 || status == 304 { return .none }
        guard isChunked else { return length.map { $0 > 0 ? .length($0) : .none } ?? .untilClose }
        guard length == nil else { throw .malformed }
        return .chunked
    }
}

/// Takes a body out of the bytes of its connection.
struct BodyReader {
    enum Part {
        /// Bytes of the body; the same storage as they came in.
        case bytes(ByteBuffer)
        case end
    }

    private enum Phase {
        case length(Int)
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailer
        case untilClose
        case done
    }

    private var phase: Phase
    private var lineBytes = 0
    private var trailerCount = 0

    /// The longest line of a chunk's size with its extensions, and all trailers together.
    private static let lineBytesMax = 8192
    private static let trailersMax = 100

    init(_ framing: BodyFraming) {
        phase =
            switch framing {
            case .none: .done
            case .length(let count): .length(count)
            case .chunked: .chunkSize
            case .untilClose: .untilClose
            }
    }

    /// Whether the end of the connection is the end of the body.
    var endsAtClose: Bool {
        if case .untilClose = phase { true } else { false }
    }

    /// The next part; `nil` until more bytes come.
    ///
    /// After the end nothing more is taken.
    mutating func next(_ bytes: inout ByteBuffer) throws(CodecProblem) -> Part? {
        while true {
            switch phase {
            case .length(let left):
                guard let part = Self.take(left, &bytes) else { return nil }
                phase = part.readableBytes == left ? .done : .length(left - part.readableBytes)
                return .bytes(part)
            case .chunk(let left):
                guard let part = Self.take(left, &bytes) else { return nil }
                phase = part.readableBytes == left ? .chunkEnd : .chunk(left - part.readableBytes)
                return .bytes(part)
            case .untilClose:
                return Self.take(.max, &bytes).map { .bytes($0) }
            case .chunkSize:
                guard let line = try nextLine(&bytes) else { return nil }
                guard let size = Self.chunkSize(line) else { throw .malformed }
                phase = size > 0 ? .chunk(size) : .trailer
                lineBytes = 0
            case .chunkEnd:
                guard let line = try nextLine(&bytes) else { return nil }
                guard line.readableBytes == 0 else { throw .malformed }
                phase = .chunkSize
                lineBytes = 0
            case .trailer:
                guard let line = try nextLine(&bytes) else { return nil }
                try takeTrailer(line)
            case .done:
                return .end
            }
        }
    }

    /// A field after the last chunk: checked, counted, and left out, as HTTP allows (RFC 9110, section 6.5.1).
    private mutating func takeTrailer(_ line: ByteBuffer) throws(CodecProblem) {
        guard line.readableBytes > 0 else { return phase = .done }
        trailerCount += 1
        guard trailerCount <= Self.trailersMax, Field(line.readableBytesSpan, 0..<line.readableBytes) != nil else {
            throw .malformed
        }
    }

    private static func take(_ count: Int, _ bytes: inout ByteBuffer) -> ByteBuffer? {
        bytes.readableBytes > 0 ? bytes.readSlice(length: min(count, bytes.readableBytes)) : nil
    }

    private mutating func nextLine(_ bytes: inout ByteBuffer) throws(CodecProblem) -> ByteBuffer? {
        switch try HTTPBytes.lineLength(bytes.readableBytesSpan, from: 0) {
        case .partial(let count):
            guard lineBytes + count <= Self.lineBytesMax else { throw .malformed }
            return nil
        case .whole(let count):
            lineBytes += count + 2
            guard lineBytes <= Self.lineBytesMax else { throw .malformed }
            let line = bytes.readSlice(length: count)
            bytes.moveReaderIndex(forwardBy: 2)
            return line
        }
    }

    /// Hexadecimal digits and extensions; `nil` for anything else.
    private static func chunkSize(_ line: ByteBuffer) -> Int? {
        let text = line.readableBytesSpan
        var (size, index) = (0, 0)
        while index < text.byteCount, let digit = hexDigit(HTTPBytes.byte(text, index)) {
            guard index < 15 else { return nil }
            size = size << 4 | digit
            index += 1
        }
        guard index > 0 else { return nil }
        return isExtensions(text, from: index) ? size : nil
    }

    /// Whether the rest of a chunk's first line is `;name` or `;name=value`, any number of times; they are passed over.
    ///
    /// Nobody sends quoted values, and readers differ about them.
    private static func isExtensions(_ text: RawSpan, from start: Int) -> Bool {
        var index = start
        while index < text.byteCount {
            guard HTTPBytes.byte(text, index) == UInt8(ascii: ";"), skipToken(text, &index) else { return false }
            guard index < text.byteCount, HTTPBytes.byte(text, index) == UInt8(ascii: "=") else { continue }
            guard skipToken(text, &index) else { return false }
        }
        return true
    }

    /// Goes past the byte at `index` and the token behind it; `false` where there is none.
    private static func skipToken(_ text: RawSpan, _ index: inout Int) -> Bool {
        let first = index + 1
        index = first
        while index < text.byteCount, HTTPBytes.isToken(HTTPBytes.byte(text, index)) { index &+= 1 }
        return index > first
    }

    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 55
        default: nil
        }
    }
}
