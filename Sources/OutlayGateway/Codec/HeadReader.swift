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
        let (count, isWhole) = try takeLines(bytes.readableBytesSpan)
        bytes.moveReaderIndex(forwardBy: count)
        guard isWhole, let start else { return nil }
        return try finished(start)
    }

    /// Takes the lines that are there; returns how many bytes they are, and whether the last one ends the head.
    private mutating func takeLines(_ text: RawSpan) throws(CodecProblem) -> (count: Int, isWhole: Bool) {
        var position = 0
        while let end = try lineEnd(text, at: position) {
            defer { position = end + 2 }
            guard end > position else {
                // An empty line before a request belongs to a body of before (RFC 9112, section 2.2).
                if start == nil { continue }
                return (end + 2, true)
            }
            if start == nil {
                start = try StartLine(text, position..<end, kind)
            } else {
                try takeField(text, position..<end)
            }
        }
        return (position, false)
    }

    /// Where the line at `start` ends; `nil` while the end has not come.
    private mutating func lineEnd(_ text: RawSpan, at position: Int) throws(CodecProblem) -> Int? {
        let count: Int
        switch try HTTPBytes.lineLength(text, at: position, from: position + searched) {
        case .whole(let length): count = length
        case .partial(let length):
            searched = length
            guard byteCount + length <= limits.bytesMax else { throw .headersTooLarge }
            // What is no text at all need not be waited for.
            if start == nil, length > 0, !HTTPBytes.isStart(HTTPBytes.byte(text, position)) { throw .malformed }
            return nil
        }
        searched = 0
        byteCount += count + 2
        guard byteCount <= limits.bytesMax else { throw .headersTooLarge }
        return position + count
    }

    private mutating func takeField(_ text: RawSpan, _ line: Range<Int>) throws(CodecProblem) {
        guard fields.count < limits.fieldCountMax else { throw .headersTooLarge }
        guard let field = Field(text, line) else { throw .malformed }
        try facts.take(field)
        if fields.isEmpty { fields.reserveCapacity(Self.fieldsExpected) }
        fields.append(field)
    }

    private static let fieldsExpected = 16

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

    init(_ text: RawSpan, _ line: Range<Int>, _ kind: HeadReader.Kind) throws(CodecProblem) {
        switch kind {
        case .request: try readRequest(text, line)
        case .answer: try readAnswer(text, line)
        }
    }

    /// Those of HTTP itself (RFC 9110, section 9; RFC 5789); no provider has others.
    private static let methods = ["POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"]

    /// `METHOD target HTTP/1.1`, with one space each.
    private mutating func readRequest(_ text: RawSpan, _ line: Range<Int>) throws(CodecProblem) {
        let space = HTTPBytes.index(of: HTTPBytes.space, in: text, from: line.lowerBound)
        // ` HTTP/1.1` is nine bytes.
        let end = line.upperBound - 9
        guard space > line.lowerBound, space < end - 1, HTTPBytes.byte(text, end) == HTTPBytes.space else {
            throw .malformed
        }
        isHTTP10 = try Self.version(text, at: end + 1)
        for index in space + 1..<end where !(0x21...0x7E).contains(HTTPBytes.byte(text, index)) { throw .malformed }
        method = HTTPBytes.text(text, line.lowerBound..<space)
        guard Self.methods.contains(method) else { throw .malformed }
        target = HTTPBytes.text(text, space + 1..<end)
    }

    /// `HTTP/1.1 200 OK`; the reason may be missing.
    private mutating func readAnswer(_ text: RawSpan, _ line: Range<Int>) throws(CodecProblem) {
        let start = line.lowerBound
        guard line.count >= 12, HTTPBytes.byte(text, start + 8) == HTTPBytes.space else { throw .malformed }
        isHTTP10 = try Self.version(text, at: start)
        for index in start + 9..<start + 12 {
            let digit = HTTPBytes.byte(text, index) &- UInt8(ascii: "0")
            guard digit < 10 else { throw .malformed }
            status = status * 10 + Int(digit)
        }
        guard status >= 100 else { throw .malformed }
        guard line.count > 12 else { return }
        guard HTTPBytes.byte(text, start + 12) == HTTPBytes.space else { throw .malformed }
        guard HTTPBytes.isText(text, start + 13..<line.upperBound) else { throw .malformed }
        reason = HTTPBytes.text(text, start + 13..<line.upperBound)
    }

    /// Reads `HTTP/1.1` or `HTTP/1.0`; returns whether it is the older one.
    private static func version(_ text: RawSpan, at start: Int) throws(CodecProblem) -> Bool {
        let name = Self.name.utf8.span
        for offset in name.indices where HTTPBytes.byte(text, start + offset) != name[offset] { throw .malformed }
        switch HTTPBytes.byte(text, start + 7) {
        case UInt8(ascii: "1"): return false
        case UInt8(ascii: "0"): return true
        default: throw .malformed
        }
    }

    private static let name = "HTTP/1."
}

extension Field {
    /// Reads `Name: value`; `nil` where the name is no token or the value has control characters.
    init?(_ text: RawSpan, _ line: Range<Int>) {
        var colon = line.lowerBound
        while colon < line.upperBound, HTTPBytes.isToken(HTTPBytes.byte(text, colon)) { colon &+= 1 }
        guard colon > line.lowerBound, colon < line.upperBound,
            HTTPBytes.byte(text, colon) == HTTPBytes.colon
        else { return nil }
        var (start, end) = (colon + 1, line.upperBound)
        guard HTTPBytes.isText(text, start..<end) else { return nil }
        while start < end, HTTPBytes.isSpace(HTTPBytes.byte(text, start)) { start &+= 1 }
        while end > start, HTTPBytes.isSpace(HTTPBytes.byte(text, end - 1)) { end &-= 1 }
        self.init(HTTPBytes.text(text, line.lowerBound..<colon), HTTPBytes.text(text, start..<end))
    }
}
