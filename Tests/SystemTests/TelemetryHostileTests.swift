import Foundation
import Testing

extension Promises {
    /// What no honest emitter sends is answered as the protocol says, and costs little.
    @Suite struct TelemetryHostileTests {
        struct Answer: Decodable, Equatable {
            var status: Int
            var rejected: Int
            var seconds: Double
            var bytes: Int
        }

        /// Distinct values of one tag; `OUTLAY_VALUES=1000000` for the full size, which takes minutes.
        static let values = ProcessInfo.processInfo.environment["OUTLAY_VALUES"].flatMap { Int($0) } ?? 10_000

        /// Status, and the records that a partial success refuses.
        static let expected: [String: (status: Int, rejected: Int)] = [
            "gzip bomb 1000:1": (413, 0), "gzip bomb in one attribute": (200, 0), "gzip inside gzip": (400, 0),
            "10000 gzip members": (400, 0), "gzip cut short": (400, 0), "gzip with a wrong length": (400, 0),
            "no gzip at all": (400, 0), "body too large": (413, 0), "depth 31": (200, 0), "depth 10000": (400, 0),
            "a million empty resources": (200, 0), "a million empty spans": (400, 0),
            "a million empty attributes": (200, 1), "varint of 11 bytes": (400, 0),
            "length beyond the end": (400, 0), "text that is not UTF-8": (400, 0),
            "unknown fields of 10 MB": (200, 0), "ids of wrong length": (200, 6), "ids of zeros": (200, 2),
            "an id of 64 kB": (200, 0), "a day behind": (200, 0), "a day ahead": (200, 0), "1970": (200, 1),
            "year 9999": (200, 0), "nanosecond overflow": (200, 0), "same id, other content": (200, 0),
            "2**63 tokens": (200, 0), "negative tokens": (200, 0), "JSON depth 600": (400, 0),
            "JSON twice the same key": (400, 0), "JSON of a million keys": (200, 0), "JSON NaN": (400, 0),
            "JSON 1e500": (400, 0), "JSON lone surrogate": (200, 0), "JSON byte order mark": (400, 0),
            "JSON NUL": (400, 0), "JSON empty": (400, 0), "brotli": (415, 0), "text": (415, 0),
        ]
        /// Calls that are taken of them: those of strange times and numbers too, each once.
        static let calls = 10

        @Test(.timeLimit(.minutes(30)))
        func `hostile telemetry: bombs, depth, strange ids, clocks and cardinality`() async throws {
            let started = ContinuousClock.now
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("hostile", "--tag", "team=hostile")
            let before = try installation.server.mostMemory()
            let arguments = [
                "--otlp-http", installation.otlpHTTP, "--key", key, "--values", "\(Self.values)",
                "--now", "\(Int(Date.now.timeIntervalSince1970))",
            ]
            let script = Programs.script("hostile_otlp.py", arguments)
            let spoken = try await Spoken.by(Programs.systemPython, script, in: installation.scratch)
            let answers = try spoken.decoded(as: [String: Answer].self)
            for (name, expected) in Self.expected {
                let answer = try #require(answers[name], "\(name)")
                #expect(answer.status == expected.status && answer.rejected == expected.rejected, "\(name): \(answer)")
            }
            let others = answers.filter { Self.expected[$0.key] == nil }
            #expect(!others.isEmpty && others.allSatisfy { $0.key.hasPrefix("values ") && $0.value.status == 200 })

            let grown = try installation.server.mostMemory() - before
            #expect(grown <= 100 << 20, "memory grew by \(grown >> 20) MiB")
            try Self.expectStillServing(installation, key: key)
            try await Self.expectEveryValue(installation)
            #expect(try await installation.verify().differences.isEmpty)
            print(
                """
                Hostile telemetry: \(Self.expected.count) kinds of requests and \(Self.values) values of one tag, \
                memory grew by \(grown >> 20) MiB, in \(started.duration(to: .now))
                """
            )
        }

        private static func expectStillServing(_ installation: Installation, key: String) throws {
            let body = #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}"#
            #expect(try installation.call("/openai/v1/chat/completions", key: key, body: body).status == 200)
        }

        /// Past its bound of a day a tag leaves the rollups and is asked from the events: nothing becomes "other".
        private static func expectEveryValue(_ installation: Installation) async throws {
            let report = try await installation.spendEver(by: "feature")
            #expect(report.rows.count == values + 1)
            #expect(report.rows.allSatisfy { $0.tag("feature") == nil || $0.calls == 1 })
            #expect(report.total.calls == values + calls + 1)
        }
    }
}

extension Child {
    /// The most memory it has held so far, in bytes.
    fileprivate func mostMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        guard let match = status.firstMatch(of: #/VmHWM:\s+([0-9]+) kB/#), let kilobytes = Int(match.1) else {
            throw Failure(description: "no VmHWM in \(status)")
        }
        return kilobytes * 1024
    }
}
