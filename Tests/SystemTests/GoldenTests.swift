import Foundation
import Testing

extension Promises {
    /// Every worked price case, through the doors that users have.
    @Suite struct GoldenTests {
        @Test(.timeLimit(.minutes(3)))
        func `exact: outlay price rate gives every worked case to the last digit`() async throws {
            let golden = try GoldenFile()
            try #require(golden.cases.count >= 52)
            let scratch = try Scratch()
            let rated = try await withThrowingTaskGroup(of: (GoldenFile.Case, Spoken).self) { group in
                var waiting = golden.cases[...]
                var done: [(GoldenFile.Case, Spoken)] = []
                for one in waiting.prefix(4) { group.addTask { (one, try await Self.rate(one, in: scratch)) } }
                waiting = waiting.dropFirst(4)
                while let next = try await group.next() {
                    done.append(next)
                    if let one = waiting.popFirst() { group.addTask { (one, try await Self.rate(one, in: scratch)) } }
                }
                return done
            }
            #expect(rated.count == golden.cases.count)
            for (one, spoken) in rated {
                guard spoken.status == 0 else {
                    Issue.record("\(one.id): ended with \(spoken.status): \(spoken.errors)")
                    continue
                }
                let report = try RatingReport(spoken.output)
                if one.isPricedByItsRequest {
                    #expect(report.totalUSD == nil, "\(one.id): the answer alone does not say what it costs")
                    #expect(report.state == "unpriced", "\(one.id)")
                } else {
                    #expect(report.totalUSD == one.expectedUSD, "\(one.id)")
                    #expect(report.lines == one.lines, "\(one.id)")
                    #expect(report.state == "rated", "\(one.id)")
                }
            }
            print("Golden cases: \(rated.count) rated")
        }

        private static func rate(_ one: GoldenFile.Case, in scratch: Scratch) async throws -> Spoken {
            let file = scratch.path("\(one.id).json")
            try one.response.write(to: URL(filePath: file))
            var arguments = ["price", "rate", "--provider", one.provider, "--api", one.api, "--model", one.model]
            arguments += ["--at", one.at, "--response", file, "--format", "json"]
            for (name, value) in one.context { arguments += ["--context", "\(name)=\(value)"] }
            return try await Spoken.by(Programs.outlay, arguments, in: scratch)
        }

        @Test(.timeLimit(.minutes(1)))
        func `exact: speech is priced by the characters of its request`() async throws {
            let cases = try GoldenFile().cases.filter(\.isPricedByItsRequest)
            try #require(cases.map(\.api) == ["audio.speech"])
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("speech")
            for one in cases {
                let characters = NSDecimalNumber(decimal: one.lines.values.first?.quantity ?? 0).intValue
                let text = String(repeating: "ö", count: characters)
                let body = #"{"model":"\#(one.model)","voice":"alloy","input":"\#(text)"}"#
                let answer = try installation.call("/openai/v1/audio/speech", key: key, body: body)
                let events = try await installation.explain(try #require(answer.callID))
                #expect(try events.map { try GoldenFile.decimal($0.costUSD) } == [one.expectedUSD])
            }
        }

        @Test(.timeLimit(.minutes(2)))
        func `exact: every recorded stream is booked at its worked price and passes untouched`() async throws {
            let golden = try GoldenFile()
            try #require(golden.streams.count >= 7)
            let scratch = try Scratch()
            try Self.writeRecordings(golden.streams, to: scratch)
            let recordings = scratch.path("recordings.json")
            let script = "replay_upstream.py"
            let installation = try await Installation.withProvider(script: script, [recordings], in: scratch)
            let key = try await installation.makeKey("golden")
            // Estimates come first, before exact answers teach how many characters a token has.
            for stream in golden.streams.filter(\.isEstimated) + golden.streams.filter({ !$0.isEstimated }) {
                try await Self.expectExact(stream, asksForUsage: true, installation, key: key)
                if stream.isChat { try await Self.expectExact(stream, asksForUsage: false, installation, key: key) }
            }
            let verified = try await installation.verify()
            #expect(verified.differences.isEmpty)
        }

        private static func writeRecordings(_ streams: [GoldenFile.Stream], to scratch: Scratch) throws {
            var recordings: [String: [String: Any]] = [:]
            for stream in streams {
                recordings[stream.id] = [
                    "type": "text/event-stream", "body": stream.text, "cut": stream.isEstimated,
                ]
                if stream.isChat { recordings[stream.id]?["plain"] = stream.withoutUsage }
            }
            let json = try JSONSerialization.data(withJSONObject: recordings)
            try scratch.write(String(decoding: json, as: UTF8.self), to: "recordings.json")
        }

        private static func expectExact(
            _ stream: GoldenFile.Stream,
            asksForUsage: Bool,
            _ installation: Installation,
            key: String
        ) async throws {
            let (path, headers, body) = call(for: stream, asksForUsage: asksForUsage)
            let answer = try installation.call(path, key: key, headers: headers, body: body)
            let name = "\(stream.id), usage \(asksForUsage ? "asked for" : "not asked for")"
            #expect(answer.status == 200, "\(name): \(answer.text)")
            #expect(answer.text == (asksForUsage ? stream.text : stream.withoutUsage), "\(name)")
            let events = try await installation.explain(try #require(answer.callID))
            try #require(events.count == 1, "\(name)")
            #expect(try GoldenFile.decimal(events[0].costUSD) == stream.expectedUSD, "\(name)")
            #expect(events[0].quality == (stream.isEstimated ? "estimated" : "exact"), "\(name)")
        }

        /// The request a program would have made to get this stream.
        private static func call(
            for stream: GoldenFile.Stream,
            asksForUsage: Bool
        ) -> (path: String, headers: [(String, String)], body: String) {
            let text = String(repeating: "x", count: stream.promptCharacters)
            let messages = #""messages":[{"role":"user","content":"\#(text)"}]"#
            let options = asksForUsage ? #","stream_options":{"include_usage":true}"# : ""
            let head = #"{"model":"\#(stream.model)","stream":true"#
            let replay = ("x-replay", stream.id)
            switch stream.provider {
            case "anthropic":
                let version = ("anthropic-version", "2023-06-01")
                return ("/anthropic/v1/messages", [replay, version], #"\#(head),"max_tokens":64,\#(messages)}"#)
            case "google":
                let path = "/gemini/v1beta/models/\(stream.model):streamGenerateContent?alt=sse"
                return (path, [replay], #"{"contents":[{"role":"user","parts":[{"text":"\#(text)"}]}]}"#)
            case "openai" where !stream.isChat:
                return ("/openai/v1/responses", [replay], #"\#(head),"input":"\#(text)"}"#)
            default:
                let upstream = stream.provider == "openai" ? "/openai" : "/u/compatible"
                return ("\(upstream)/v1/chat/completions", [replay], "\(head)\(options),\(messages)}")
            }
        }
    }
}
