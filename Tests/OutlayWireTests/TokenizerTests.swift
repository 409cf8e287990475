import OutlayCore
import OutlayTestKit
import OutlayWire
import Testing

/// Estimates by a vocabulary: the tokens a model makes of a text.
@Suite struct TokenizerTests {
    /// Every byte, and the merges that make "hello", " world" and "the": enough to count by hand.
    static func vocabulary() throws -> Tokenizer {
        let words = ["he", "ll", "hell", "hello", " w", "or", " wor", "ld", " world", "th", "the", " the", "12", "123"]
        let tokens = (UInt8.min...UInt8.max).map { [$0] } + words.map { Array($0.utf8) }
        let lines = tokens.enumerated().map { "\(base64($1)) \($0)" }
        return try Tokenizer(name: "tiny", ranks: Array(lines.joined(separator: "\n").utf8))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let value = bytes.reduce(0) { $0 << 8 | Int($1) } << (bytes.count % 3 == 0 ? 0 : (3 - bytes.count % 3) * 8)
        let count = (bytes.count + 2) / 3 * 4
        let text = (0..<count).map { digits[(value >> ((count - 1 - $0) * 6)) & 63] }
        let padding = (3 - bytes.count % 3) % 3
        return String(text.dropLast(padding)) + String(repeating: "=", count: padding)
    }

    private static func answer(_ text: String) -> String {
        #"{"model":"m","choices":[{"message":{"content":"\#(text)"},"finish_reason":"stop"}]}"#
    }

    private static func reading(of body: String, split: Int = .max) throws -> AnswerReading {
        var reader = answerReader(
            dialect: .openai,
            provider: "own",
            api: "chat.completions",
            isStream: false,
            contentType: "application/json",
            peek: RequestPeek()
        )
        reader.countTokens(by: try vocabulary())
        let bytes = Array(body.utf8)
        reader.read(Array(bytes.prefix(split)))
        reader.read(Array(bytes.dropFirst(min(split, bytes.count))))
        return reader.finish(isCut: false)
    }

    @Test(arguments: [
        ("", 0), ("hello", 1), ("hello world", 2), ("hellohello", 2), ("helloworld", 4), ("world", 3),
        ("hello  world", 3), ("the the", 2), ("(the", 2), ("((the", 3), ("1234", 2), ("hello 123", 3), ("é", 2),
        ("the\\nthe", 3), ("the\\n\\nthe", 4), ("the\\u0020the", 2), ("the!?", 3), ("the ", 2),
    ])
    func `words are told apart and merged by rank`(_ row: (text: String, tokens: Int64)) throws {
        #expect(try Self.reading(of: Self.answer(row.text)).outputTokens == row.tokens, "\(row.text)")
    }

    @Test func `any split of the bytes counts the same`() throws {
        let body = Self.answer("hello world, the \\u00e9t\\u00e9 123456\\n\\n  the ((hello)) wörld\\t!")
        let whole = try Self.reading(of: body).outputTokens
        for split in 0...body.utf8.count {
            #expect(try Self.reading(of: body, split: split).outputTokens == whole, "split at \(split)")
        }
    }

    @Test func `a word that two pieces of a stream share is one word`() throws {
        var reader = answerReader(
            dialect: .openai,
            provider: "own",
            api: "chat.completions",
            isStream: true,
            contentType: "text/event-stream",
            peek: RequestPeek()
        )
        reader.countTokens(by: try Self.vocabulary())
        for part in ["hel", "lo w", "orld"] {
            reader.read(Array("data: {\"choices\":[{\"delta\":{\"content\":\"\(part)\"}}]}\n\n".utf8))
        }
        #expect(reader.finish(isCut: true).outputTokens == 2)
    }

    @Test func `an answer without usage is counted, prompt and all, and the method names the vocabulary`() throws {
        let tokenizer = try Self.vocabulary()
        let request = Array(
            #"{"model":"m","messages":[{"role":"system","content":"the"},{"role":"user","content":"hello world"}]}"#
                .utf8
        )
        let peek = try RequestPeek(body: request, dialect: .openai, api: "chat.completions")
        let prompt = PromptTokens(by: tokenizer) {
            unsafe RequestPeek.promptTokens(in: request.span.bytes, by: tokenizer)
        }
        let reading = try Self.reading(of: Self.answer("hello the"))
        let metering = Metering(of: reading, peek: peek, isSuccess: true, ratio: .standard, prompt: prompt)
        #expect(metering.quality == .estimated)
        #expect(metering.method == "tokenizer/tiny")
        #expect(metering.total[.input] == 3)
        #expect(metering.total[.output] == 2)
    }

    @Test func `a file in a prompt is no text`() throws {
        let body = Array(#"{"model":"m","messages":[{"content":["the",{"text":"data:image/png;base64,AAAA"}]}]}"#.utf8)
        let tokens = unsafe RequestPeek.promptTokens(in: body.span.bytes, by: try Self.vocabulary())
        #expect(tokens == 1)
    }

    @Test func `what is beyond the bound counts in proportion`() throws {
        let text = String(repeating: "the ", count: 200_000)
        let tokens = try #require(try Self.reading(of: Self.answer(text)).outputTokens)
        #expect((199_990...200_010).contains(tokens))
    }

    @Test(arguments: ["", "aGk=", "aGk= x", "aGk= -1", "a 1", "a*== 1", " 1", "aGk= 99999999999"])
    func `what is no vocabulary is refused`(_ text: String) {
        #expect(throws: Tokenizer.Problem.self) { try Tokenizer(name: "x", ranks: Array(text.utf8)) }
    }
}
