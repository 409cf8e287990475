internal import NIOCore

/// Reads the head of a request or of an answer, line by line as it arrives, and refuses what two readers could
/// read differently (S-03, F8).
///
/// Refused: a line that does not end in CR LF, a space before a colon, a folded line, control characters, two
/// lengths, a length beside a transfer coding, a coding other than one `chunked`.
struct HeadReader {
    enum Kind {
        case request
        case answer
    }

    struct Limits {
        var fieldCountMax = 256
        var bytesMax = 128 * 1024
    }

    /// What a whole head says, besides its start line.
    struct Head {
        var start: StartLine
        var fields: [Field]
        var framing: BodyFraming
        var keepsAlive: Bool
    }

    private let kind: Kind
    private let limits: Limits
    private var start: StartLine?
    private var fields: [Field] = []
    private var facts = FramingFacts()
    private var byteCount = 0
    /// How far the line in progress was searched for its end.
    private var searched = 0

    init(_ kind: Kind, limits: Limits) {
        self.kind = kind
        self.limits = limits
    }

    /// Whether something of a head was read.
    var isEmpty: Bool { start == nil }

    /// Takes whole lines off `bytes`; returns the head with its last line, `nil` until then.
    mutating func read(_ bytes: inout ByteBuffer) throws(CodecProblem) -> Head? {
        while let line = try nextLine(&bytes) {
            guard line.readableBytes > 0 else {
                // An empty line before a request belongs to a body of before (RFC 9112, section 2.2).
                guard let start else { continue }
                return try finished(start)
            }
            if start == nil {
                start = try StartLine(line, kind)
            } else {
                try takeField(line)
            }
        }
        return nil
    }

    /// The next line without its end; `nil` while the end has not come.
    private mutating func nextLine(_ bytes: inout ByteBuffer) throws(CodecProblem) -> ByteBuffer? {
        let count: Int
        switch try HTTPBytes.lineLength(bytes, from: searched) {
        case .whole(let length): count = length
        case .partial(let length):
            searched = length
            guard byteCount + length <= limits.bytesMax else { throw .headersTooLarge }
            // What is no text at all need not be waited for.
            if start == nil, let first = bytes.readableBytesView.first, !HTTPBytes.isStart(first) { throw .malformed }
            return nil
        }
        searched = 0
        byteCount += count + 2
        guard byteCount <= limits.bytesMax else { throw .headersTooLarge }
        let line = bytes.readSlice(length: count)
        bytes.moveReaderIndex(forwardBy: 2)
        return line
    }

    private mutating func takeField(_ line: ByteBuffer) throws(CodecProblem) {
        guard fields.count < limits.fieldCountMax else { throw .headersTooLarge }
        guard let field = Field(line: line) else { throw .malformed }
        try facts.take(field)
        fields.append(field)
    }

    private func finished(_ start: StartLine) throws(CodecProblem) -> Head {
        let framing =
            switch kind {
            case .request: try facts.requestFraming(isHTTP10: start.isHTTP10)
            case .answer: try facts.answerFraming(status: start.status)
            }
        let keepsAlive = start.isHTTP10 ? facts.saysKeepAlive && !facts.saysClose : !facts.saysClose
        return Head(start: start, fields: fields, framing: framing, keepsAlive: keepsAlive)
    }
}

/// The first line of a message.
struct StartLine {
    var method = ""
    var target = ""
    var status = 0
    var reason = ""
    var isHTTP10 = false

    init(_ line: ByteBuffer, _ kind: HeadReader.Kind) throws(CodecProblem) {
        switch kind {
        case .request: try readRequest(line)
        case .answer: try readAnswer(line)
        }
    }

    /// Those of HTTP itself (RFC 9110, section 9; RFC 5789); no provider has others.
    private static let methods = ["POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"]

    /// `METHOD target HTTP/1.1`, with one space each.
    private mutating func readRequest(_ line: ByteBuffer) throws(CodecProblem) {
        let text = line.readableBytesSpan
        let space = HTTPBytes.index(of: HTTPBytes.space, in: text, from: 0)
        // ` HTTP/1.1` is nine bytes.
        let end = text.byteCount - 9
        guard space > 0, space < end - 1, HTTPBytes.byte(text, end) == HTTPBytes.space else { throw .malformed }
        isHTTP10 = try Self.version(text, at: end + 1)
        for index in space + 1..<end where !(0x21...0x7E).contains(HTTPBytes.byte(text, index)) { throw .malformed }
        method = line.getString(at: line.readerIndex, length: space) ?? ""
        guard Self.methods.contains(method) else { throw .malformed }
        target = line.getString(at: line.readerIndex + space + 1, length: end - space - 1) ?? ""
    }

    /// `HTTP/1.1 200 OK`; the reason may be missing.
    private mutating func readAnswer(_ line: ByteBuffer) throws(CodecProblem) {
        let text = line.readableBytesSpan
        guard text.byteCount >= 12, HTTPBytes.byte(text, 8) == HTTPBytes.space else { throw .malformed }
        isHTTP10 = try Self.version(text, at: 0)
        for index in 9..<12 {
            let digit = HTTPBytes.byte(text, index) &- UInt8(ascii: "0")
            guard digit < 10 else { throw .malformed }
            status = status * 10 + Int(digit)
        }
        guard status >= 100 else { throw .malformed }
        guard text.byteCount > 12 else { return }
        guard HTTPBytes.byte(text, 12) == HTTPBytes.space else { throw .malformed }
        for index in 13..<text.byteCount where !HTTPBytes.isText(HTTPBytes.byte(text, index)) { throw .malformed }
        reason = line.getString(at: line.readerIndex + 13, length: text.byteCount - 13) ?? ""
    }

    /// Reads `HTTP/1.1` or `HTTP/1.0`; returns whether it is the older one.
    private static func version(_ text: RawSpan, at start: Int) throws(CodecProblem) -> Bool {
        for (offset, wanted) in Self.name.enumerated() where HTTPBytes.byte(text, start + offset) != wanted {
            throw .malformed
        }
        switch HTTPBytes.byte(text, start + 7) {
        case UInt8(ascii: "1"): return false
        case UInt8(ascii: "0"): return true
        default: throw .malformed
        }
    }

    private static let name = Array("HTTP/1.".utf8)
}

extension Field {
    /// Reads `Name: value`; `nil` where the name is no token or the value has control characters.
    init?(line: ByteBuffer) {
        let text = line.readableBytesSpan
        var colon = 0
        while colon < text.byteCount, HTTPBytes.isToken(HTTPBytes.byte(text, colon)) { colon &+= 1 }
        guard colon > 0, colon < text.byteCount, HTTPBytes.byte(text, colon) == HTTPBytes.colon else { return nil }
        var (start, end) = (colon + 1, text.byteCount)
        for index in start..<end where !HTTPBytes.isText(HTTPBytes.byte(text, index)) { return nil }
        while start < end, HTTPBytes.isSpace(HTTPBytes.byte(text, start)) { start &+= 1 }
        while end > start, HTTPBytes.isSpace(HTTPBytes.byte(text, end - 1)) { end &-= 1 }
        guard let name = line.getString(at: line.readerIndex, length: colon),
            let value = line.getString(at: line.readerIndex + start, length: end - start)
        else { return nil }
        self.init(name, value)
    }
}
