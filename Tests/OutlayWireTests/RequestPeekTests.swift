import OutlayCore
import OutlayWire
import Testing

@Suite struct RequestPeekTests {
    private func peek(_ body: String, api: String = "chat.completions") throws(RequestPeekError) -> RequestPeek {
        try RequestPeek(body: Array(body.utf8), dialect: .openai, api: api)
    }

    /// The body with the splice that asks for usage.
    private func asking(_ body: String, api: String = "chat.completions") throws -> String {
        var bytes = Array(body.utf8)
        let splice = try #require(try peek(body, api: api).includeUsageSplice)
        bytes.replaceSubrange(splice.range, with: splice.bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a chat request tells its model, limits, tier and claims`() throws {
        let peek = try peek(
            #"""
            {"model":"gpt-6.1-sol","stream":true,"max_completion_tokens":512,"service_tier":"flex","user":"ada",
             "stream_options":{"include_usage":false,"x":1},"metadata":{"team":"growth","n":3},
             "prompt_cache_options":{"ttl":"12h"},
             "messages":[{"role":"user","content":"Grüße 😀"}]}
            """#
        )
        #expect(peek.model == "gpt-6.1-sol")
        #expect(peek.isStream)
        #expect(peek.maxOutputTokens == 512)
        #expect(peek.includeUsage == false)
        #expect(peek.context.serviceTier == "flex")
        #expect(peek.context.cacheTTL == "12h")
        #expect(peek.user == "ada")
        #expect(peek.metadata.map(\.name) == ["team"] && peek.metadata.map(\.value) == ["growth"])
        #expect(peek.promptCharacters == 7)
    }

    @Test func `tags hide in a user field and in Anthropic's user id`() throws {
        let tags = #""{\"team\":\"growth\"}""#
        for body in [#"{"user":\#(tags)}"#, #"{"metadata":{"user_id":\#(tags)}}"#] {
            let peek = try peek(body)
            #expect(peek.metadata.map(\.value) == ["growth"] && peek.user == nil)
        }
        #expect(try peek(#"{"metadata":{"user_id":"ada"}}"#, api: "messages").user == "ada")
    }

    @Test(arguments: [
        (#"{"messages":[{"role":"user","content":"12345678"}]}"#, 8),
        (#"{"messages":[{"role":"user","content":[{"type":"text","text":"1234"}]}]}"#, 4),
        (#"{"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,AAAA"}},{"text":"12"}]}]}"#, 2),
        (#"{"system":[{"type":"text","text":"123"}],"messages":[{"content":"45"}]}"#, 5),
        (#"{"contents":[{"role":"user","parts":[{"text":"123"},{"inlineData":{"data":"AAAAAA"}}]}]}"#, 3),
        (#"{"input":"12345","instructions":"678","model":"abc"}"#, 8),
        (#"{"input":[{"role":"user","content":[{"type":"input_text","text":"12345"}]}]}"#, 5),
        (#"{"input":["12","34"]}"#, 4),
        (#"{"messages":[{"content":[{"type":"tool_use","id":"t","name":"f","input":{"city":"Bonn"}}]}]}"#, 4),
        (#"{"prompt":"\u00fc\ud83d\ude00\n"}"#, 3),
    ])
    func `the text a model reads is counted, the rest is not`(_ request: (body: String, characters: Int)) throws {
        #expect(try peek(request.body).promptCharacters == request.characters)
    }

    @Test(arguments: [
        (#"{"model":"a","model":"b"}"#, "model"), (#"{"model":"a","mod\u0065l":"b"}"#, "model"),
        (#"{"stream":true,"\u0073tream":false}"#, "stream"), (#"{"max_tokens":1,"max_tokens":2}"#, "max_tokens"),
        (#"{"stream_options":{"include_usage":true,"include_usage":false}}"#, "include_usage"),
        (#"{"n":1,"x":{"n":2},"n":3}"#, "n"),
    ])
    func `a key that decides money must not occur twice`(_ request: (body: String, key: String)) {
        #expect(throws: RequestPeekError.duplicateKey(request.key)) { try peek(request.body) }
    }

    @Test(arguments: [
        "", "[]", "\"x\"", "{", "{}{}", "{\"a\":01}", "{\"a\":}", "{'a':1}", "{\"a\":1,}", "nul",
        String(repeating: "[", count: 100),
        "{\"a\":" + String(repeating: "[", count: 100_000),
    ])
    func `what is no object is malformed`(_ body: String) {
        #expect(throws: RequestPeekError.malformed) { try peek(body) }
    }

    @Test func `no crowd of other keys hides the model`() throws {
        let crowd = (0..<1000).map { "\"k\($0)\":\($0)," }.joined()
        let peek = try peek("{\(crowd)\"metadata\":{\(crowd)\"a\":\"b\"},\"model\":\"m\",\"stream\":true}")
        #expect(peek.model == "m" && peek.isStream)
    }

    @Test func `the same unimportant key twice is the provider's business`() throws {
        #expect(try peek(#"{"temperature":1,"temperature":1,"model":"a"}"#).model == "a")
    }

    @Test(arguments: [
        (#"{"stream":true}"#, #"{"stream_options":{"include_usage":true},"stream":true}"#),
        (
            #"{ "stream" : true, "stream_options":{"step_usage_chunks":4} }"#,
            #"{ "stream" : true, "stream_options":{"include_usage":true,"step_usage_chunks":4} }"#
        ),
        (#"{"stream":true,"stream_options":{}}"#, #"{"stream":true,"stream_options":{"include_usage":true}}"#),
        (#"{"stream":true,"stream_options":null}"#, #"{"stream":true,"stream_options":{"include_usage":true}}"#),
        (
            #"{"stream":true,"stream_options":{"include_usage": false}}"#,
            #"{"stream":true,"stream_options":{"include_usage": true}}"#
        ),
    ])
    func `usage is asked for without touching another byte`(_ request: (sent: String, forwarded: String)) throws {
        #expect(try asking(request.sent) == request.forwarded)
        let forwarded = try peek(request.forwarded)
        #expect(forwarded.includeUsage == true && forwarded.includeUsageSplice == nil)
    }

    @Test func `usage is not asked for where it does not apply`() throws {
        #expect(try peek(#"{"stream":false}"#).includeUsageSplice == nil)
        #expect(try peek(#"{"stream":true}"#, api: "responses").includeUsageSplice == nil)
        #expect(try peek(#"{"stream":true,"stream_options":{"include_usage":true}}"#).includeUsageSplice == nil)
        #expect(try peek(#"{"stream":true,"stream_options":7}"#).includeUsageSplice == nil)
    }

    @Test func `a speech request counts its input`() throws {
        let peek = try peek(#"{"model":"tts-1","input":"Grüße","voice":"alloy"}"#, api: "audio.speech")
        #expect(peek.inputCharacters == 5)
    }

    @Test func `a multipart body names its model in a part`() throws {
        let body = [
            "--x", #"Content-Disposition: form-data; name="file"; filename="a.mp3""#, "", "\u{1}--y", "--x",
            #"Content-Disposition: form-data; name="model""#, "", "whisper-1", "--x--", "",
        ].joined(separator: "\r\n")
        let peek = try RequestPeek(multipart: Array(body.utf8), contentType: "multipart/form-data; boundary=x")
        #expect(peek.model == "whisper-1")
        #expect(throws: RequestPeekError.malformed) {
            try RequestPeek(multipart: Array(body.utf8), contentType: "multipart/form-data")
        }
    }
}
