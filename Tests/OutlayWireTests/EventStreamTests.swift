import OutlayCore
import OutlayWire
import Testing

/// Bedrock's streams in AWS's own framing.
@Suite struct EventStreamTests {
    private static func answer(_ api: String) -> Answer {
        Answer(
            provider: "bedrock",
            api: api,
            dialect: .openaiCompatible,
            contentType: "application/vnd.amazon.eventstream"
        )
    }

    private static let files: [(file: String, api: String)] = [
        ("converse-stream", "bedrock.converse"), ("invoke-stream", "bedrock.invoke"),
        ("invoke-llama-stream", "bedrock.invoke"), ("converse-throttled", "bedrock.converse"),
    ]

    private static func bytes(_ file: String) throws -> [UInt8] {
        try Fixture.bytes("bedrock/\(file).bin")
    }

    @Test func `a Converse stream says its usage in its last message`() throws {
        let reading = Self.answer("bedrock.converse").reading(of: try Self.bytes("converse-stream"))
        let usage: Usage = [.input: 125, .cacheRead: 30, .cacheWrite1h: 20, .output: 60]
        #expect(reading.parts == [UsagePart(usage: usage)])
        #expect(reading.isComplete && reading.hasUsage && !reading.isError)
        #expect(reading.outputCharacters == 11)
        #expect(reading.context.serviceTier == "flex")
    }

    @Test func `an InvokeModel stream wraps the model's own events`() throws {
        let reading = Self.answer("bedrock.invoke").reading(of: try Self.bytes("invoke-stream"))
        #expect(reading.parts == [UsagePart(usage: [.input: 40, .cacheRead: 10, .output: 12])])
        #expect(reading.model == "claude-sonnet-4-5-20250929")
        #expect(reading.isComplete)
        #expect(reading.outputCharacters == 8)
    }

    @Test func `models without usage of their own have Bedrock's counts`() throws {
        let reading = Self.answer("bedrock.invoke").reading(of: try Self.bytes("invoke-llama-stream"))
        #expect(reading.parts == [UsagePart(usage: [.input: 7, .output: 5])])
        #expect(reading.isComplete)
    }

    @Test func `an exception in a stream is an error, and nothing is billed that did not begin`() throws {
        let reading = Self.answer("bedrock.converse").reading(of: try Self.bytes("converse-throttled"))
        #expect(reading.isError && !reading.hasUsage)
        let metering = Metering(of: reading, peek: RequestPeek(), isSuccess: true, ratio: .standard)
        #expect(metering.quality == .unbilled)
    }

    @Test(arguments: files)
    func `every split of the bytes reads the same`(_ row: (file: String, api: String)) throws {
        let bytes = try Self.bytes(row.file)
        let answer = Self.answer(row.api)
        let whole = answer.reading(of: bytes)
        for cut in 0...bytes.count {
            #expect(answer.reading(of: bytes, cutAt: [cut]) == whole, "cut at \(cut)")
        }
        #expect(answer.reading(of: bytes, cutAt: Array(1..<bytes.count)) == whole, "byte by byte")
    }

    @Test(arguments: files)
    func `a stream that breaks off inside a message is not complete`(
        _ row: (file: String, api: String)
    ) throws {
        let bytes = try Self.bytes(row.file)
        var boundaries: Set<Int> = []
        var start = 0
        while start < bytes.count {
            boundaries.insert(start)
            start += bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        for end in 0..<bytes.count where !boundaries.contains(end) {
            let reading = Self.answer(row.api).reading(of: Array(bytes[..<end]))
            #expect(!reading.isComplete, "cut at \(end)")
        }
    }

    @Test(arguments: files)
    func `a byte that changed on the way is never believed`(_ row: (file: String, api: String)) throws {
        let bytes = try Self.bytes(row.file)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x10
            let reading = Self.answer(row.api).reading(of: changed)
            #expect(!reading.isComplete, "byte \(index)")
            #expect(
                reading.flags.contains("malformed") || !reading.hasUsage || reading.isOutputPartial,
                "byte \(index)"
            )
        }
    }

    @Test func `lengths that lie are refused and never trap`() throws {
        var random = SeededGenerator(state: 11)
        let bytes = try Self.bytes("converse-stream")
        for round in 0..<5000 {
            var changed = bytes
            for _ in 0..<4 {
                let at = Int.random(in: 0..<min(changed.count, 64), using: &random)
                changed[at] = UInt8.random(in: 0...255, using: &random)
            }
            let answer = Self.answer(round % 2 == 0 ? "bedrock.converse" : "bedrock.invoke")
            let cut = Int.random(in: 0...changed.count, using: &random)
            #expect(answer.reading(of: changed, cutAt: [cut]) == answer.reading(of: changed), "round \(round)")
        }
    }

    @Test func `a stored answer is recognised by its first bytes`() throws {
        #expect(answerContentType(of: try Self.bytes("invoke-stream")) == "application/vnd.amazon.eventstream")
        #expect(answerContentType(of: Array("data: {}".utf8)) == "text/event-stream")
        #expect(answerContentType(of: Array("{}".utf8)) == "application/json")
        #expect(answerContentType(of: []) == "application/json")
    }
}
