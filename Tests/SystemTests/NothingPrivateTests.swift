import Foundation
import Glibc
import OutlayTestKit
import Testing

extension Promises {
    /// Prompts, completions and keys leave no trace, wherever one looks.
    @Suite struct NothingPrivateTests {
        private static let prompt = "canary-prompt-5d41402abc"
        private static let completion = "canary-completion-7c6a180b36"
        private static let failure = "canary-failure-1f0e3dad99"

        private static let answer = #"""
            {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":
            "assistant","content":"\#(completion)"}}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}
            """#

        private static var recordings: [String: [String: Any]] {
            [
                "whole": ["type": "application/json", "body": answer],
                "broken": ["type": "application/json", "body": #"{"choices":[{"content":"\#(completion)"#],
                "cut": ["type": "text/event-stream", "body": "data: {\"choices\":\"\(completion)\"}\n\n", "cut": true],
                "failed": ["type": "application/json", "status": 400, "body": #"{"error":{"message":"\#(failure)"}}"#],
                "page": ["type": "text/html", "status": 500, "body": "<h1>\(failure)</h1>"],
            ]
        }

        @Test(.timeLimit(.minutes(1)))
        func `nothing private: prompts, completions and keys are nowhere on disk or in the log`() async throws {
            let scratch = try Scratch()
            let json = try JSONSerialization.data(withJSONObject: Self.recordings)
            try scratch.write(String(decoding: json, as: UTF8.self), to: "recordings.json")
            let file = scratch.path("recordings.json")
            let installation = try await Installation.withProvider(script: "replay_upstream.py", [file], in: scratch)
            let key = try await installation.makeKey("private")
            for recording in Self.recordings.keys.sorted() + ["unheard-of"] {
                try Self.call(installation, key: key, recording: recording)
            }
            let report = try await installation.spend(by: "model")
            #expect(report.total.calls >= Self.recordings.count)
            let secrets = [
                Self.prompt, Self.completion, Self.failure, String(key.suffix(24)), Installation.providerKey,
            ]
            try installation.expectNowhere(secrets)
            installation.server.signal(SIGKILL)
            await installation.server.end()
            try installation.expectNowhere(secrets)
        }

        @Test(.timeLimit(.minutes(1)))
        func `nothing private: content inside telemetry is nowhere on disk or in the log, not even in debug`()
            async throws
        {
            let installation = try await Installation.withSandbox(environment: ["OUTLAY_LOG_LEVEL": "debug"])
            let names = Repository.folders(in: "Tests/Fixtures/otlp").filter { !$0.hasPrefix("_") }
            let keys = try installation.makeKeys(names)
            let json = try JSONEncoder().encode(keys)
            let list = try installation.scratch.write(String(decoding: json, as: UTF8.self), to: "keys.json")
            let folder = Repository.root.appending(path: "Tests/Fixtures/otlp").path()
            let spoken = try await installation.script("otlp_private.py", installation.otlpHTTP, folder, list)
            let told = try spoken.decoded(as: ToldContent.self)
            #expect(told.refused.isEmpty, "\(told.refused)")
            #expect(told.canaries > 1000)
            try await installation.flushTelemetry()
            #expect(try await installation.spendEver(by: "model").total.calls >= 50)
            try installation.expectNowhere([told.canary])
            installation.server.signal(SIGKILL)
            await installation.server.end()
            try installation.expectNowhere([told.canary])
            #expect(installation.server.log.contains(#""level":"info""#))
            print("Content: \(told.canaries) texts in \(told.requests) requests, none on disk or in the log")
        }

        /// What `otlp_private.py` sent.
        private struct ToldContent: Decodable {
            var canary: String
            var canaries: Int
            var requests: Int
            /// Requests that were answered otherwise than they should.
            var refused: [String]
        }

        private static func call(_ installation: Installation, key: String, recording: String) throws {
            let replay = ("x-replay", recording)
            let body = #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"\#(prompt)"}]}"#
            _ = try installation.call("/openai/v1/chat/completions", key: key, headers: [replay], body: body)
            let broken = #"{"model":"gpt-4o-mini","model":"\#(prompt)","messages":["\#(prompt)"#
            _ = try installation.call("/openai/v1/chat/completions", key: key, headers: [replay], body: broken)
            let gemini = HTTP.Request(
                path: "/gemini/v1beta/models/gemini-2.5-flash:generateContent?key=\(key)",
                headers: [(name: "content-type", value: "application/json"), (name: "x-replay", value: recording)],
                body: #"{"contents":[{"role":"user","parts":[{"text":"\#(prompt)"}]}]}"#
            )
            _ = try HTTP.exchange(gemini, with: installation.gateway)
            let wrong = installation.request("/openai/v1/chat/completions", key: "sk-\(failure)", body: body)
            #expect(try HTTP.exchange(wrong, with: installation.gateway).status == 401)
        }
    }
}

extension Installation {
    /// Looks through every file of the data folder and everything the server said.
    func expectNowhere(_ secrets: [String]) throws {
        let files = scratch.files(below: "data")
        #expect(files.count > 3)
        for file in files {
            let bytes = try Data(contentsOf: file)
            for secret in secrets where bytes.range(of: Data(secret.utf8)) != nil {
                Issue.record("\(file.lastPathComponent) holds '\(secret)'")
            }
        }
        for secret in secrets where server.log.contains(secret) {
            Issue.record("the log holds '\(secret)'")
        }
    }
}
