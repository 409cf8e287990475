import NIOCore
import NIOEmbedded
import NIOHTTP1
import OutlayGateway
import OutlayTestKit
import Testing

/// What our reader of HTTP/1.1 makes of bytes, beside what llhttp makes of them (F8).
///
/// We may refuse what llhttp takes. What we take, llhttp takes too, as the same message with the same body: then no
/// reader before or behind us can see another one.
@Suite(.timeLimit(.minutes(1))) struct CodecTests {
    @Test(arguments: Corpus.requests)
    func `a request is read as llhttp reads it`(_ text: String) throws {
        let ours = try #require(Peers.ours(Array(text.utf8), isRequest: true))
        #expect(ours == Peers.llhttp(Array(text.utf8), isRequest: true))
    }

    @Test(arguments: Corpus.answers)
    func `an answer is read as llhttp reads it`(_ text: String) throws {
        let ours = try #require(Peers.ours(Array(text.utf8), isRequest: false))
        #expect(ours == Peers.llhttp(Array(text.utf8), isRequest: false))
    }

    @Test(arguments: Corpus.requests + Corpus.answers)
    func `a message is the same however its bytes are split`(_ text: String) throws {
        let isRequest = !text.hasPrefix("HTTP/")
        let bytes = Array(text.utf8)
        let whole = try #require(Peers.ours(bytes, isRequest: isRequest))
        for size in [1, 2, 3, 7] { #expect(Peers.ours(bytes, isRequest: isRequest, piece: size) == whole) }
    }

    @Test(arguments: Corpus.refusedRequests)
    func `a request that could be read in two ways is refused`(_ text: String) {
        #expect(Peers.ours(Array(text.utf8), isRequest: true) == nil)
    }

    @Test(arguments: Corpus.refusedAnswers)
    func `an answer that could be read in two ways is refused`(_ text: String) {
        #expect(Peers.ours(Array(text.utf8), isRequest: false) == nil)
    }

    @Test(arguments: [true, false])
    func `what we take of ten thousand damaged messages llhttp takes as well, alike`(_ isRequest: Bool) {
        var dice = SeededGenerator(seed: 8)
        let corpus = isRequest ? Corpus.requests + Corpus.refusedRequests : Corpus.answers + Corpus.refusedAnswers
        var taken = 0
        for _ in 0..<10_000 {
            let bytes = Corpus.damaged(corpus.randomElement(using: &dice) ?? "", using: &dice)
            guard let ours = Peers.ours(bytes, isRequest: isRequest) else { continue }
            taken += 1
            let theirs = Peers.llhttp(bytes, isRequest: isRequest)
            #expect(ours == theirs, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
        #expect(taken > 500)
    }
}

/// The two readers, asked for whole messages; `nil` for bytes that are none, or not one and nothing else.
private enum Peers {
    struct Message: Hashable {
        var start: String
        var fields: [String]
        var body: [UInt8]
    }

    static func ours(_ bytes: [UInt8], isRequest: Bool, piece: Int = .max) -> Message? {
        guard let read = try? ReadMessage(bytes, isRequest: isRequest, piece: piece) else { return nil }
        // Other targets are refused behind the reader, with a reason.
        guard !isRequest || read.start.contains(" /") else { return nil }
        return Message(start: read.start, fields: read.fields.map { "\($0.name): \($0.value)" }, body: read.body)
    }

    static func llhttp(_ bytes: [UInt8], isRequest: Bool) -> Message? {
        isRequest ? request(bytes) : answer(bytes)
    }

    private static func request(_ bytes: [UInt8]) -> Message? {
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
        let channel = EmbeddedChannel(handler: decoder)
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        guard (try? channel.writeInbound(ByteBuffer(bytes: bytes))) != nil else { return nil }
        var message: Message?
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                guard message == nil else { return nil }
                let start = "\(head.method.rawValue) \(head.uri) 1.\(head.version.minor)"
                message = Message(start: start, fields: list(head.headers), body: [])
            case .body(let part): message?.body += Array(part.readableBytesView)
            case .end: return message
            }
        }
        return nil
    }

    private static func answer(_ bytes: [UInt8]) -> Message? {
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes))
        let channel = EmbeddedChannel(handlers: [HTTPRequestEncoder(), decoder])
        _ = try? channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        _ = try? channel.writeOutbound(HTTPClientRequestPart.head(head))
        guard (try? channel.writeInbound(ByteBuffer(bytes: bytes))) != nil else { return nil }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        var message: Message?
        while let part = try? channel.readInbound(as: HTTPClientResponsePart.self) {
            switch part {
            case .head(let head):
                let start = "\(head.status.code) 1.\(head.version.minor)"
                message = Message(start: start, fields: list(head.headers), body: [])
            case .body(let part): message?.body += Array(part.readableBytesView)
            case .end: return message
            }
        }
        return nil
    }

    /// NIOHTTP1 leaves tabs at the end of a value; nobody means them (RFC 9110, section 5.5).
    private static func list(_ fields: HTTPHeaders) -> [String] {
        fields.map { field in
            let value = String(field.value.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
            return "\(field.name): \(value)"
        }
    }
}

private enum Corpus {
    static let requests = [
        "GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/models?limit=1 HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Spaces: \t b  c \t\r\nX-Latin: é\r\n\r\n",
        "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde",
        "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n",
        "POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n",
        "DELETE /v1/x HTTP/1.1\r\nHost: a\r\nConnection: close, X-Own\r\n\r\n",
    ]

    static let answers = [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nuntil the end",
        "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
    ]

    private static let both = [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", "Content-Length: 4, 4\r\n\r\nabcd",
        "Content-Length: +4\r\n\r\nabcd", "Content-Length: 0x4\r\n\r\nabcd", "Content-Length:\r\n\r\n",
        "Content-Length: 9999999999999999999\r\n\r\na", "Content-Length: -1\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: \u{B}chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3;a\rb\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n",
        "X-A: b\r\n folded\r\n\r\n", "X-A: b\n\r\n", "X-A: b\rc\r\n\r\n", "X A: b\r\n\r\n",
        ": b\r\n\r\n", "X-A\r\n\r\n",
        "X-A: \0\r\n\r\n", "X-\u{E9}: a\r\n\r\n", " X-A: b\r\n\r\n",
    ]

    static let refusedRequests =
        both.map { "POST /v1/x HTTP/1.1\r\nHost: a\r\n\($0)" } + [
            "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.2\r\n\r\n",
            "GET /\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n", "GET / x HTTP/1.1\r\n\r\n",
            "G(T / HTTP/1.1\r\n\r\n", " GET / HTTP/1.1\r\n\r\n",
            "GET /\u{7F} HTTP/1.1\r\n\r\n", "GET / http/1.1\r\n\r\n",
            "GET / HTTP/1.1\n\n", "\u{16}\u{3}\u{1}",
        ]

    static let refusedAnswers =
        both.map { "HTTP/1.1 200 OK\r\n\($0)" } + [
            "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/2 200 OK\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 200 O\rK\r\n\r\n", "ICY 200 OK\r\n\r\n",
        ]

    /// `text` with a few bytes changed, left out, put in or said twice.
    static func damaged(_ text: String, using dice: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(text.utf8)
        let strange: [UInt8] = [0, 9, 10, 13, 32, 44, 48, 49, 58, 59, 65, 97, 102, 120, 127, 200]
        for _ in 0..<Int.random(in: 0...2, using: &dice) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &dice)
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: bytes[place] = strange.randomElement(using: &dice) ?? 0
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(strange.randomElement(using: &dice) ?? 0, at: place)
            default:
                let end = min(bytes.count, place + Int.random(in: 1...12, using: &dice))
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            }
        }
        return bytes
    }
}
