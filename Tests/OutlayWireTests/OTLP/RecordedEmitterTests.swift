import OutlayCore
import OutlayWire
import Testing

/// What the profiles make of the bodies that real emitters sent.
///
/// The provider's answers were made up, with numbers by which each field is recognised.
@Suite struct RecordedEmitterTests {
    /// What was consumed, in disjoint units.
    enum Truth {
        static let openAI = "cache_read 1024, input 183, output 53"
        static let anthropic = "cache_read 1009, cache_write_1h 206, cache_write_5m 101, input 211, output 59"
        /// From emitters that do not tell for how long was written.
        static let unsplit = "cache_read 1009, cache_write_5m 307, input 211, output 59"
        static let google = "cache_read 1031, input 182, output 80"
    }

    struct Folder: CustomTestStringConvertible {
        let name: String
        let signal: Observation.Signal
        var level = Observation.Level.call
        let lines: [String: Int]

        var testDescription: String { "\(name), \(level)s by \(signal)" }
    }

    static let gpt = "gpt-4o-mini-2024-07-18"
    static let sonnet = "claude-sonnet-4-5-20250929"
    static let native = "anthropic-sdk native anthropic/messages \(sonnet): \(Truth.anthropic)"

    static let folders: [Folder] = [
        Folder(name: "anthropic-sdk-native", signal: .span, lines: [native: 3]),
        Folder(
            name: "claude-code",
            signal: .log,
            lines: ["claude-code leading anthropic/messages \(sonnet): \(Truth.anthropic)": 1]
        ),
        Folder(
            name: "claude-code-traces",
            signal: .span,
            lines: ["claude-code echo anthropic/messages claude-sonnet-4-5: \(Truth.unsplit)": 1]
        ),
        Folder(
            name: "codex",
            signal: .log,
            lines: ["codex leading openai/responses gpt-5.1-codex: \(Truth.openAI)": 1]
        ),
        Folder(name: "codex", signal: .span, lines: ["codex echo unknown/responses ?: \(Truth.openAI)": 1]),
        Folder(
            name: "codex",
            signal: .span,
            level: .aggregate,
            lines: ["codex aggregate openai/responses gpt-5.1-codex: \(Truth.openAI)": 1]
        ),
        Folder(
            name: "dual-instrumented",
            signal: .span,
            lines: [native: 3, "otel-genai leading anthropic/messages \(sonnet): \(Truth.unsplit)": 3]
        ),
        Folder(
            name: "langfuse",
            signal: .span,
            lines: [
                "langfuse leading openai/chat.completions \(gpt): \(Truth.openAI)": 2,
                "langfuse leading anthropic/messages claude-sonnet-4-5: \(Truth.unsplit)": 1,
            ]
        ),
        Folder(name: "openinference", signal: .span, lines: framework("openinference").merging([native: 3]) { $1 }),
        Folder(
            name: "openlit",
            signal: .span,
            lines: [
                // It drops the cached tokens of a stream, and estimates where a stream has no usage.
                "openlit leading openai/chat.completions \(gpt): \(Truth.openAI)": 1,
                "openlit leading openai/chat.completions \(gpt): input 1207, output 53": 1,
                "openlit leading openai/chat.completions \(gpt): input 8, output 8": 1,
                "openlit leading openai/responses \(gpt): \(Truth.openAI)": 2,
                "openlit leading openai/embeddings text-embedding-3-small: input 23": 1,
                "openlit leading anthropic/messages \(sonnet): \(Truth.unsplit)": 3,
                "openlit leading google/generateContent gemini-2.5-flash: \(Truth.google)": 2,
            ]
        ),
        Folder(
            name: "openllmetry",
            signal: .span,
            lines: framework("openllmetry").merging([
                native: 3,
                "openllmetry leading anthropic/messages \(sonnet): \(Truth.unsplit)": 1,
                // In streams it adds the first count of the output to the last.
                "openllmetry leading anthropic/messages \(sonnet): "
                    + Truth.unsplit.replacing("output 59", with: "output 60"): 2,
            ]) { $1 }
        ),
        Folder(name: "otel-genai", signal: .span, lines: framework("otel-genai")),
        Folder(
            name: "pydantic-ai",
            signal: .span,
            lines: [
                native: 2,
                "pydantic-ai leading openai/responses \(gpt): \(Truth.openAI)": 1,
                "pydantic-ai leading openai/chat.completions \(gpt): \(Truth.openAI)": 1,
                "pydantic-ai leading anthropic/messages \(sonnet): \(Truth.anthropic)": 2,
            ]
        ),
        Folder(
            name: "pydantic-ai",
            signal: .span,
            level: .aggregate,
            lines: [
                "pydantic-ai aggregate openai/chat.completions gpt-4o-mini: \(Truth.openAI)": 2,
                "pydantic-ai aggregate anthropic/messages claude-sonnet-4-5: \(Truth.anthropic)": 2,
            ]
        ),
        Folder(
            name: "synthetic-gemini-cli",
            signal: .log,
            lines: [
                "gemini-cli leading google/generateContent gemini-2.5-flash: \(Truth.google)": 1,
                "gemini-cli echo google/generateContent gemini-2.5-flash: input 1213, output 61": 1,
            ]
        ),
        Folder(
            name: "synthetic-openclaw",
            signal: .span,
            lines: [
                "openclaw echo anthropic/messages claude-sonnet-4-5: \(Truth.unsplit)": 2,
                "openclaw echo openai/chat.completions gpt-4o-mini: \(Truth.openAI)": 1,
            ]
        ),
    ]

    /// What instrumentations of both SDKs tell: one stream came without usage.
    static func framework(_ emitter: String) -> [String: Int] {
        [
            "\(emitter) leading openai/chat.completions \(gpt): \(Truth.openAI)": 2,
            "\(emitter) leading openai/chat.completions \(gpt): unmetered": 1,
            "\(emitter) leading openai/responses \(gpt): \(Truth.openAI)": 2,
            "\(emitter) leading openai/embeddings text-embedding-3-small: input 23": 1,
            "\(emitter) leading anthropic/messages \(sonnet): \(Truth.unsplit)": 3,
        ]
    }

    @Test(arguments: folders)
    func `each emitter's reports come to what the provider said`(_ folder: Folder) throws {
        #expect(try FolderReading(folder.name).summary(folder.signal, folder.level) == folder.lines)
    }

    @Test(arguments: Set(folders.map(\.name)).sorted())
    func `protobuf and JSON come to the same, and nothing is refused`(_ name: String) throws {
        let protobuf = try FolderReading(name)
        let json = try FolderReading(name, encoding: .json)
        #expect(!protobuf.observations.isEmpty)
        #expect(protobuf.observations == json.observations)
        #expect(protobuf.points == json.points)
        #expect(protobuf.rejections.isEmpty)
    }

    @Test func `a log tells what a request cost, exactly, and who made it`() throws {
        let call = try #require(try FolderReading("claude-code").observations.first)
        #expect(call.reportedCost == Money(dollars: "0.00343545"))
        #expect(call.names == ["request:req_mock0093"])
        #expect(call.links.requestID == "req_mock0093")
        #expect(call.instance.keys.sorted() == ["service.name", "session.id", "user.id"])
        #expect(call.claims.contains(TelemetryClaim(.team, "marketing", reach: .record, attribute: "team.name")))
        #expect(call.claims.last?.dimension == .run)
        #expect(call.service.context == RatingContext())
        #expect(call.outcome.latencyMicroseconds == 61_000)
        #expect(call.outcome.timeToFirstTokenMicroseconds == 29_000)
    }

    @Test func `a span and a log of one request know each other by its id`() throws {
        let calls = try FolderReading("claude-code-traces").observations.filter { $0.level == .call }
        #expect(calls.map(\.names) == [["request:req_mock0094"], ["request:req_mock0094"]])
        #expect(calls.map(\.place?.trace).allSatisfy { $0 != nil })
    }

    @Test func `the id of an answer is found in an output, and nothing else of it`() throws {
        let calls = try FolderReading("openinference").observations.filter { $0.emitter == "openinference" }
        #expect(calls.compactMap(\.links.responseID).count == 8)
        #expect(calls.first?.names == ["response:chatcmpl-mock0011"])
        #expect(calls.first?.claims.first { $0.dimension == .team }?.value == "marketing")
    }

    @Test func `every span of a trace stays as a step, with its place and its resource's tags`() throws {
        let steps = try FolderReading("codex").observations.filter { $0.level == .step }
        #expect(steps.count == 438)
        #expect(steps.allSatisfy { $0.place != nil && $0.claims.contains { $0.value == "marketing" } })
        #expect(steps.contains { $0.service.requestedModel == "gpt-5.1-codex" && $0.service.provider == "openai" })
    }

    @Test func `a twin finds its log by session and time, and brings the id`() throws {
        let calls = try FolderReading("synthetic-gemini-cli").observations
        let event = "event:sess-gem-1@2026-11-21T01:00:00.000Z"
        #expect(calls.map(\.names) == [[event], ["response:gem-resp-1", event]])
        #expect(
            calls.first?.claims.first
                == TelemetryClaim(.user, "dev@example.com", reach: .record, attribute: "user.email")
        )
    }

    @Test func `metadata in JSON text is a tag without its quotes`() throws {
        let call = try #require(try FolderReading("langfuse").observations.first)
        let claim = TelemetryClaim(.team, "marketing", reach: .record, attribute: "langfuse.trace.metadata.team")
        #expect(call.claims.contains(claim))
    }
}
