import OutlayCore
import Testing

@testable import OutlaySandbox

@Suite struct FaultTests {
    private func stream(_ fault: String) -> Played {
        Played("/v1/chat/completions", String(Ask.chatStream), [("x-sandbox-fault", fault), Ask.exact])
    }

    @Test(arguments: [
        ("/v1/chat/completions", Ask.chat, "error.type", "rate_limit_exceeded"),
        ("/v1/messages", Ask.messages, "error.type", "rate_limit_error"),
        (Ask.geminiPath, Ask.gemini, "error.status", "RESOURCE_EXHAUSTED"),
    ])
    func `a status is an error in the caller's dialect`(_ row: (path: String, body: String, at: String, text: String)) {
        let played = Played(row.path, row.body, [("x-sandbox-fault", "status=429;retry-after=1")])
        #expect(played.reply.status == 429 && played.reply.charge == nil)
        #expect(played.json.text(row.at) == row.text)
        #expect(played.reply.headers.contains { $0 == ("retry-after", "1") })
    }

    @Test func `a truncated stream is cut after so many events`() {
        let played = stream("truncate=3")
        #expect(played.events.count == 3)
        #expect(played.source.isCut && played.source.generated == 2)
    }

    @Test func `a truncated body is cut after so many bytes`() {
        let whole = Played("/v1/chat/completions", Ask.chat)
        let cut = Played("/v1/chat/completions", Ask.chat, [("x-sandbox-fault", "truncate=20")])
        #expect(cut.text == String(whole.text.prefix(20)) && cut.source.isCut)
    }

    @Test(arguments: [
        ("/v1/chat/completions", String(Ask.chatStream), "error.type"),
        ("/v1/responses", String(Ask.responsesStream), "code"),
        ("/v1/messages", String(Ask.messagesStream), "error.type"),
        (Ask.geminiStreamPath + "?alt=sse", Ask.gemini, "error.status"),
    ])
    func `an error event ends a stream`(_ row: (path: String, body: String, at: String)) {
        let played = Played(row.path, row.body, [("x-sandbox-fault", "error-event-after=2")])
        #expect(played.events.count == 3)
        #expect(played.events.last?.text(row.at) != nil)
    }

    @Test func `usage can be missing or reported twice`() {
        #expect(!stream("no-usage").text.contains("usage"))
        #expect(stream("usage-twice").events.filter { $0.integer("usage.total_tokens") != nil }.count == 2)
        let whole = Played("/v1/messages", Ask.messages, [("x-sandbox-fault", "usage-twice")])
        #expect(whole.json.members.filter { $0.name == "usage" }.count == 2)
        #expect(!Played("/v1/messages", Ask.messages, [("x-sandbox-fault", "no-usage")]).text.contains("usage"))
    }

    @Test(arguments: [
        ("/v1/chat/completions", String(Ask.chatStream), "[DONE]"),
        ("/v1/responses", String(Ask.responsesStream), "response.completed"),
        ("/v1/messages", String(Ask.messagesStream), "message_stop"),
    ])
    func `a stream can lack its end`(_ row: (path: String, body: String, mark: String)) {
        #expect(Played(row.path, row.body).text.contains(row.mark))
        #expect(!Played(row.path, row.body, [("x-sandbox-fault", "no-end")]).text.contains(row.mark))
    }

    @Test func `lines can end in CRLF and comments stand between events`() {
        let crlf = stream("crlf")
        #expect(crlf.text.replacing("\r\n", with: "\n") == stream("").text)
        #expect(stream("comments").text.hasPrefix(": SANDBOX PROCESSING\n\n"))
    }

    @Test func `bytes can be split and slow`() {
        var split = PieceSource(stream("split=5").reply)
        while let piece = split.next() { #expect(piece.bytes.count <= 5 && piece.pause == 0) }
        var slow = PieceSource(stream("slow-bytes=3").reply)
        for _ in 0..<50 { #expect(slow.next().map { $0.bytes.count == 1 && $0.pause == 3 } == true) }
        #expect(stream("split=5").text == stream("").text)
    }

    @Test func `pauses stand between tokens and not before the first`() {
        let headers = [("x-sandbox-token-ms", "20"), ("x-sandbox-tokens-per-chunk", "2"), Ask.exact]
        var source = PieceSource(Played("/v1/chat/completions", String(Ask.chatStream), headers).reply)
        var pauses: [Int] = []
        while let piece = source.next() { pauses.append(piece.pause) }
        #expect(pauses.filter { $0 > 0 } == [40, 40])
        #expect(pauses.prefix(2) == [0, 0])
    }

    @Test func `an HTML page and a redirect replace the answer`() {
        let page = Played("/v1/messages", Ask.messages, [("x-sandbox-fault", "html-500")])
        #expect(page.reply.status == 500 && page.text.hasPrefix("<html>") && page.reply.charge == nil)
        let moved = Played("/v1/messages", Ask.messages, [("x-sandbox-fault", "redirect=http://other/v1")])
        #expect(moved.reply.status == 307)
        #expect(moved.reply.headers.contains { $0 == ("location", "http://other/v1") })
    }

    @Test func `gzip is what other programs read`() throws {
        let bytes = Array(repeating: Array("sandbox".utf8), count: 12_000).flatMap(\.self)
        let packed = Gzip.whole(bytes)
        #expect(packed.prefix(3) == [0x1F, 0x8B, 8])
        #expect(packed.suffix(4) == [0x20, 0x48, 0x01, 0x00])
        #expect(Gzip.whole(Array("123456789".utf8)).suffix(8).prefix(4) == [0x26, 0x39, 0xF4, 0xCB])
    }
}
