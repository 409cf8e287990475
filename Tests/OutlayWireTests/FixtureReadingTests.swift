import OutlayCore
import OutlayWire
import Testing

/// A body under `Tests/Fixtures` and what it is billed by.
struct FixtureCase: CustomTestStringConvertible, Sendable {
    let file: String
    let provider: String
    let api: String
    let quantities: [String: Int64]
    var model: String?
    var id: String?
    var characters = 0

    var testDescription: String { file }

    var answer: Answer {
        let type =
            switch file.split(separator: ".").last {
            case "sse": "text/event-stream; charset=utf-8"
            case "ndjson": "application/x-ndjson"
            default: "application/json"
            }
        return Answer(provider: provider, api: api, dialect: .openaiCompatible, contentType: type)
    }

    static let all: [FixtureCase] = [
        FixtureCase(
            file: "openai/responses-web-search.sse",
            provider: "openai",
            api: "responses",
            quantities: [
                "input": 3100, "cache_read": 1000, "cache_write_30m": 500, "cache_write_12h": 400, "output": 250,
                "web_search": 1, "container": 1, "input(image_gen)": 50, "input_image(image_gen)": 10,
                "output_image(image_gen)": 400,
            ],
            model: "gpt-6.1-sol",
            id: "resp_68",
            characters: 12
        ),
        FixtureCase(
            file: "anthropic/messages-iterations.json",
            provider: "anthropic",
            api: "messages",
            quantities: [
                "input": 2000, "output": 300, "web_search": 2, "input(advisor)": 900, "output(advisor)": 200,
                "cache_write_5m(advisor)": 50,
            ],
            model: "claude-sonnet-5-5",
            id: "msg_4",
            characters: 10
        ),
        FixtureCase(
            file: "gemini/generate-array.json",
            provider: "google",
            api: "generateContent",
            quantities: ["input": 100, "output": 70, "web_search": 3],
            model: "gemini-3.8-flash",
            id: "g1",
            characters: 4
        ),
        FixtureCase(
            file: "gemini/generate-grounded.json",
            provider: "google",
            api: "generateContent",
            quantities: ["input": 60, "input_image": 40, "output": 20, "web_search": 1],
            model: "gemini-2.5-flash",
            id: "g2",
            characters: 1
        ),
        FixtureCase(
            file: "gemini/interaction.json",
            provider: "google",
            api: "interactions",
            quantities: ["input": 310, "input_audio": 300, "cache_read": 400, "output": 75],
            model: "gemini-3.8-flash",
            id: "int_1",
            characters: 5
        ),
        FixtureCase(
            file: "compatible/groq.sse",
            provider: "groq",
            api: "chat.completions",
            quantities: ["input": 6, "cache_read": 4, "output": 2],
            model: "openai/gpt-oss-120b",
            id: "chatcmpl-g",
            characters: 2
        ),
        FixtureCase(
            file: "compatible/vllm-running.sse",
            provider: "house",
            api: "chat.completions",
            quantities: ["input": 8, "output": 3],
            model: "house-model",
            id: "v",
            characters: 8
        ),
        FixtureCase(
            file: "compatible/ollama.ndjson",
            provider: "ollama",
            api: "ollama",
            quantities: ["input": 26, "output": 298],
            model: "llama3.2",
            characters: 5
        ),
        FixtureCase(
            file: "compatible/openrouter.json",
            provider: "openrouter",
            api: "chat.completions",
            quantities: ["input": 100, "output": 20],
            model: "anthropic/claude-sonnet-5.5",
            id: "gen-1",
            characters: 2
        ),
        FixtureCase(
            file: "compatible/cohere.sse",
            provider: "cohere",
            api: "chat",
            quantities: ["input": 3, "output": 7],
            id: "co_1",
            characters: 5
        ),
        FixtureCase(
            file: "compatible/converse.json",
            provider: "aws",
            api: "bedrock.converse",
            quantities: ["input": 30, "output": 10, "cache_write_5m": 5],
            model: "anthropic.claude-haiku-5-5",
            characters: 5
        ),
    ]
}

@Suite struct FixtureReadingTests {
    @Test(arguments: FixtureCase.all)
    func `a recorded answer says what it is billed by, at every split`(_ fixture: FixtureCase) throws {
        let bytes = try Fixture.bytes(fixture.file)
        let reading = fixture.answer.reading(of: bytes)
        #expect(reading.quantities == fixture.quantities)
        #expect(reading.model == fixture.model)
        #expect(reading.responseID == fixture.id)
        #expect(reading.outputCharacters == fixture.characters)
        #expect(reading.hasUsage && reading.isComplete && !reading.isError && !reading.isOutputPartial)
        #expect(reading.flags == [])
        #expect(reading.raw != nil)
        for cut in 0...bytes.count {
            #expect(fixture.answer.reading(of: bytes, cutAt: [cut]) == reading, "cut at \(cut)")
        }
        #expect(fixture.answer.reading(of: bytes, cutAt: Array(0..<bytes.count)) == reading)
    }

    @Test(arguments: FixtureCase.all)
    func `the shape of an unknown API's usage tells its convention`(_ fixture: FixtureCase) throws {
        let known = ["chat.completions", "responses", "messages", "generateContent"].contains(fixture.api)
        guard known, !["groq"].contains(fixture.provider) else { return }
        var answer = fixture.answer
        answer.api = "other"
        #expect(answer.reading(of: try Fixture.bytes(fixture.file)).quantities == fixture.quantities)
    }

    @Test func `what a response says of tier, speed and geography goes to its context`() throws {
        func context(_ file: String) throws -> RatingContext {
            let fixture = try #require(FixtureCase.all.first { $0.file == file })
            return fixture.answer.reading(of: try Fixture.bytes(file)).context
        }
        #expect(try context("openai/responses-web-search.sse").serviceTier == "priority")
        #expect(try context("anthropic/messages-iterations.json").speed == "fast")
        #expect(try context("anthropic/messages-iterations.json").inferenceGeo == "us")
        #expect(try context("gemini/generate-array.json").serviceTier == "flex")
        #expect(try context("gemini/generate-grounded.json").serviceTier == "flex")
        #expect(try context("compatible/converse.json").serviceTier == "flex")
    }

    @Test func `parts of another model carry its name`() throws {
        let fixture = try #require(FixtureCase.all.first { $0.file == "anthropic/messages-iterations.json" })
        let reading = fixture.answer.reading(of: try Fixture.bytes(fixture.file))
        #expect(reading.parts.map(\.model) == [nil, "claude-opus-5-5", nil])
        #expect(reading.parts.map(\.label) == [nil, "advisor", nil])
    }
}

@Suite struct BrokenAnswerTests {
    @Test func `a stream that ends without usage is estimated, tool arguments counted, padding not`() throws {
        let answer = Answer(contentType: "text/event-stream")
        let reading = answer.reading(of: try Fixture.bytes("openai/chat-tool-calls.sse"))
        #expect(!reading.hasUsage)
        #expect(reading.outputCharacters == 7 + 15)
        #expect(reading.model == "gpt-4o-2024-08-06")
    }

    @Test func `the worked cut stream is 1000 prompt and 100 output tokens`() throws {
        let golden = try #require(GoldenCase.streams.first { $0.id == "stream-openai-cut" })
        var answer = Answer(contentType: "text/event-stream")
        answer.peek.promptCharacters = Int(try #require(golden.json["request_text_chars"]?.int))
        let reading = answer.reading(of: try #require(golden.json["sse"]?.string), isCut: true)
        let metering = Metering(of: reading, peek: answer.peek, isSuccess: true, ratio: .standard)
        #expect(metering.quality == .estimated)
        #expect(metering.method == "characters/4")
        #expect(metering.parts == [UsagePart(usage: [.input: 1000, .output: 100])])
    }

    @Test func `an Anthropic stream that breaks keeps its prompt and has its output estimated`() throws {
        let answer = Answer(provider: "anthropic", api: "messages", contentType: "text/event-stream")
        let reading = answer.reading(of: try Fixture.bytes("anthropic/messages-overloaded.sse"))
        #expect(reading.isError && reading.hasUsage && reading.isOutputPartial)
        let metering = Metering(of: reading, peek: RequestPeek(), isSuccess: true, ratio: .standard)
        #expect(metering.quality == .estimated)
        #expect(metering.parts == [UsagePart(usage: [.input: 25, .cacheRead: 100, .output: 4])])
    }

    @Test func `a running count that broke off is raised to what was seen`() throws {
        let bytes = try Fixture.bytes("compatible/vllm-running.sse")
        let first = Array(bytes.prefix { $0 != 0x0A }) + Array("\n\n".utf8)
        let reading = Answer(contentType: "text/event-stream").reading(of: first, isCut: true)
        #expect(reading.isOutputPartial)
        #expect(reading.parts == [UsagePart(usage: [.input: 8, .output: 1])])
    }

    @Test func `a body cut behind its usage is exact, before it is estimated`() {
        let body = #"{"id":"x","usage":{"prompt_tokens":3,"completion_tokens":1},"choices":[{"message":{"content":"ab"#
        let reading = Answer().reading(of: body, isCut: true)
        #expect(reading.hasUsage && !reading.isComplete && !reading.isOutputPartial)
        let early = Answer().reading(of: #"{"choices":[{"message":{"content":"abcd"#, isCut: true)
        #expect(!early.hasUsage && early.outputCharacters == 4)
    }

    @Test(arguments: ["<html>502 Bad Gateway</html>", "", "{", "[", "data: {\"a\":", "\u{0}\u{1}", "null", "7"])
    func `what is no answer has no usage`(_ body: String) {
        for type in ["application/json", "text/event-stream", "application/x-ndjson", nil] as [String?] {
            let reading = Answer(contentType: type).reading(of: body)
            #expect(!reading.hasUsage && reading.parts == [])
        }
    }

    @Test func `an error body is an error and unbilled`() {
        let reading = Answer().reading(of: #"{"error":{"message":"no","type":"x"}}"#)
        #expect(reading.isError)
        let metering = Metering(of: reading, peek: RequestPeek(), isSuccess: false, ratio: .standard)
        #expect(metering.quality == .unbilled && metering.parts == [])
    }

    @Test func `a queued background response is unmetered until it is retrieved`() {
        let body = #"{"id":"resp_1","object":"response","status":"queued","error":null,"usage":null,"output":[]}"#
        let reading = Answer(api: "responses").reading(of: body)
        #expect(reading.flags == ["pending"] && !reading.isError)
        let metering = Metering(of: reading, peek: RequestPeek(), isSuccess: true, ratio: .standard)
        #expect(metering.quality == .unmetered)
    }

    @Test func `a data line of ten megabytes costs no memory and hides no usage`() {
        let usage = #""usage":{"input_tokens":5,"output_tokens":2}"#
        let head =
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"output\":["
        var reader = Answer(api: "responses", contentType: "text/event-stream").reader
        reader.read(Array("\(head){\"content\":[{\"text\":\"".utf8))
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        for _ in 0..<10 { reader.read(chunk) }
        reader.read(Array("\"}]}],\(usage)}}\n\n".utf8))
        let reading = reader.finish(isCut: false)
        #expect(reading.parts == [UsagePart(usage: [.input: 5, .output: 2])])
        #expect(reading.isComplete)
    }

    @Test func `usage that comes twice counts once, the last one`() {
        let stream = """
            data: {"usage":{"prompt_tokens":9,"completion_tokens":9},"choices":[]}

            data: {"usage":{"prompt_tokens":3,"completion_tokens":1},"choices":[]}

            data: [DONE]


            """
        let reading = Answer(contentType: "text/event-stream").reading(of: stream)
        #expect(reading.parts == [UsagePart(usage: [.input: 3, .output: 1])])
    }
}

@Suite struct BatchOutputTests {
    private func lines(_ file: String, provider: String, cutAt cuts: [Int] = []) throws -> [BatchLine] {
        var reader = BatchOutputReader(provider: provider)
        var lines: [BatchLine] = []
        let bytes = try Fixture.bytes(file)
        var start = 0
        for cut in cuts + [bytes.count] {
            reader.read(Array(bytes[start..<cut])) { lines.append($0) }
            start = cut
        }
        reader.finish { lines.append($0) }
        return lines
    }

    @Test func `OpenAI's output file is one call a line, failed ones left out`() throws {
        let found = try lines("openai/batch-output.jsonl", provider: "openai")
        #expect(found.map(\.customID) == ["a", "b"])
        #expect(found.map(\.reading.responseID) == ["chatcmpl-1", "resp_1"])
        #expect(found.map(\.reading.context.processing) == ["batch", "batch"])
        #expect(
            found.map(\.reading.quantities) == [
                ["input": 5000, "output": 1000], ["input": 60, "cache_read": 40, "output": 10, "file_search": 1],
            ]
        )
    }

    @Test func `Anthropic bills only what succeeded`() throws {
        let found = try lines("anthropic/batch-results.jsonl", provider: "anthropic")
        #expect(found.map(\.customID) == ["a"])
        #expect(found.map(\.reading.quantities) == [["input": 1000, "cache_write_1h": 4000, "output": 1000]])
    }

    @Test(arguments: ["openai/batch-output.jsonl", "anthropic/batch-results.jsonl"])
    func `any split of the file gives the same lines`(_ file: String) throws {
        let whole = try lines(file, provider: "openai")
        let count = try Fixture.bytes(file).count
        for cut in 0...count { #expect(try lines(file, provider: "openai", cutAt: [cut]) == whole) }
        #expect(try lines(file, provider: "openai", cutAt: Array(0..<count)) == whole)
    }
}
