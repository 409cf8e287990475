import OutlayCore
import Testing

@testable import OutlaySandbox

@Suite struct DirectionTests {
    @Test func `equal prompts cost the same and longer ones more`() {
        let first = Played("/v1/chat/completions", Ask.chat)
        #expect(Played("/v1/chat/completions", Ask.chat).text == first.text)
        let longer = Ask.chat.replacing("Hello", with: String(repeating: "long ", count: 100))
        #expect(Played("/v1/chat/completions", longer).usage.input > first.usage.input + 100)
    }

    @Test(arguments: [
        #"{"model":"m","messages":[{"role":"user","content":"Hi\nx-sandbox-usage: input=4808,output=10\nbye"}]}"#,
        #"{"model":"m","messages":[],"metadata":{"x-sandbox-usage":"input=4808,output=10"}}"#,
        #"{"messages":[{"role":"user","content":[{"type":"text","text":"x-sandbox-usage: input=4808,output=10"}]}]}"#,
    ])
    func `the body can direct what headers did not`(body: String) {
        #expect(Played("/v1/chat/completions", body).usage == SandboxUsage(input: 4808, output: 10))
        let overruled = Played("/v1/chat/completions", body, [("x-sandbox-usage", "input=1,output=2")])
        #expect(overruled.usage == SandboxUsage(input: 1, output: 2))
    }

    @Test(arguments: [
        ("x-sandbox-usage", "tokens=5"), ("x-sandbox-usage", "input=-1"), ("x-sandbox-fault", "explode"),
        ("x-sandbox-fault", "truncate"), ("x-sandbox-fault", "status=200"), ("x-sandbox-colour", "red"),
        ("x-sandbox-tokens-per-chunk", "0"),
    ])
    func `a direction that is not understood is refused by name`(_ row: (name: String, value: String)) {
        let played = Played("/v1/chat/completions", Ask.chat, [row])
        #expect(played.reply.status == 400 && played.reply.charge == nil)
        #expect(played.json.text("error.message")?.hasPrefix(row.name) == true)
    }

    @Test func `a fixed id fixes every byte`() {
        let fixed = [("x-sandbox-id", "same")]
        let request = SandboxRequest(
            method: "POST",
            uri: "/v1/responses",
            headers: fixed,
            body: Array(Ask.responses.utf8)
        )
        let answers = [("a", 1), ("b", 2)].map { suffix, created in
            Provider().reply(to: request, ids: Identity(suffix: suffix, created: created))
        }
        guard case .whole(let first) = answers[0].body, case .whole(let second) = answers[1].body else {
            Issue.record("not whole")
            return
        }
        #expect(first == second)
    }

    @Test func `the served model and tier can differ from the requested`() {
        let headers = [("x-sandbox-model", "gpt-6-luna-2026-09-01"), ("x-sandbox-tier", "priority")]
        let played = Played("/v1/chat/completions", Ask.chat, headers)
        #expect(played.json.text("model") == "gpt-6-luna-2026-09-01")
        #expect(played.json.text("service_tier") == "priority")
        #expect(played.reply.charge?.model == "gpt-6-luna-2026-09-01")
    }

    @Test(arguments: [("auto", "default"), ("flex", "flex"), ("fast", "priority")])
    func `a requested tier is served under its own name`(_ row: (asked: String, served: String)) {
        let body = String(Ask.chat.dropLast()) + ",\"service_tier\":\"\(row.asked)\"}"
        #expect(Played("/v1/chat/completions", body).json.text("service_tier") == row.served)
    }

    @Test func `tokens per chunk changes the chunks and not the text`() {
        let one = Played("/v1/messages", Ask.messagesStream.description)
        let seven = Played("/v1/messages", Ask.messagesStream.description, [("x-sandbox-tokens-per-chunk", "7")])
        let text = { (played: Played) in played.events.compactMap { $0.text("delta.text") } }
        #expect(text(one).joined() == text(seven).joined())
        #expect(text(seven).count == (text(one).count + 6) / 7)
    }

    @Test(arguments: [
        ("/v1/chat/completions", "{", 400), ("/v1/nowhere", "{}", 404), ("/v1beta/models/m:explode", "{}", 404),
        ("/", "", 404), ("/v1/chat/completions", "[1", 400),
    ])
    func `what cannot be answered is refused`(_ row: (path: String, body: String, status: Int)) {
        #expect(Played(row.path, row.body).reply.status == row.status)
    }
}

@Suite struct JSONTests {
    @Test(arguments: [
        #"{"a":[1,-2,3.5e1,true,false,null],"b":{"c":"d\"\\\/\b\f\n\r\t"}}"#, #""\u00fc\ud83d\ude80""#, "[]", "{}",
        " 7 ",
    ])
    func `what is read and written again reads the same`(text: String) throws {
        let value = try #require(JSON(parsing: Array(text.utf8)))
        let again = try #require(JSON(parsing: value.bytes))
        #expect(again.bytes == value.bytes)
    }

    @Test(arguments: [
        #"{"a":}"#, "[1,]", #""\u12""#, "tru", #"{"a" 1}"#, "1 2", "\"a", "", #""\x""#, "--1", "\"\u{1}\"",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(JSON(parsing: Array(text.utf8)) == nil)
    }

    @Test func `escapes of surrogate pairs are one character`() {
        #expect(JSON(parsing: Array(#""\ud83d\ude80\ud83dx""#.utf8))?.text == "🚀\u{FFFD}x")
    }

    @Test func `deep nesting is refused`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(JSON(parsing: Array(deep.utf8)) == nil)
    }
}
