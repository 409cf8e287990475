import Foundation
import Glibc
import OutlayTestKit
import Testing

extension Promises {
    /// Telemetry of every captured emitter, through every door of a real server.
    @Suite struct TelemetryTests {
        /// How one emitter's requests come in.
        enum Way: String, CaseIterable {
            case inOrder, json, shuffled, twice, grpc, overRestarts

            func key(of emitter: String) -> String { "\(emitter)-\(rawValue)" }
        }

        static let emitters = Repository.folders(in: "Tests/Fixtures/otlp").filter { !$0.hasPrefix("_") }

        @Test(.timeLimit(.minutes(2)))
        func `once: every emitter's requests are its calls, by every door, in any order, twice and over crashes`()
            async throws
        {
            let started = ContinuousClock.now
            let installation = try await Installation.withSandbox()
            let names = Self.emitters.flatMap { emitter in Way.allCases.map { $0.key(of: emitter) } }
            let keys = try installation.makeKeys(names)
            let expected = try Dictionary(uniqueKeysWithValues: Self.emitters.map { ($0, try ExpectedCalls(of: $0)) })
            for emitter in Self.emitters { try Self.post(emitter, keys, to: installation) }
            try await Self.postByGRPC(keys, to: installation)
            let restarts = try await Self.postOverRestarts(keys, to: installation)

            try await installation.flushTelemetry()
            let report = try await installation.spendEver(by: "key")
            let rows = Dictionary(grouping: report.rows) { $0.tag("key") ?? "" }
            for emitter in Self.emitters {
                for way in Way.allCases {
                    let row = try #require(rows[way.key(of: emitter)]?.first, "\(emitter), \(way): nothing is booked")
                    try #require(expected[emitter]).expect(row, "\(emitter), \(way)")
                }
            }
            let verified = try await installation.verify()
            #expect(verified.differences.isEmpty)
            print(
                """
                Telemetry: \(Self.emitters.count) emitters × \(Way.allCases.count) ways, \(restarts) restarts, \
                \(report.total.calls) calls, \(verified.events) events, in \(started.duration(to: .now))
                """
            )
        }

        /// The ways that need nothing but the HTTP receiver.
        private static func post(_ emitter: String, _ keys: [String: String], to installation: Installation) throws {
            var random = SeededGenerator(seed: 11)
            for way in [Way.inOrder, .json, .shuffled, .twice] {
                var bodies = try TelemetryBody.bodies(of: emitter, isJSON: way == .json)
                try #require(!bodies.isEmpty)
                if way == .shuffled { bodies.shuffle(using: &random) }
                if way == .twice { bodies += bodies.reversed() }
                for body in bodies {
                    let key = try #require(keys[way.key(of: emitter)])
                    let answer = try installation.post(body, key: key, isGzip: way == .json)
                    #expect(answer.status == 200 && answer.isFullSuccess, "\(body.path): \(answer.text)")
                }
            }
        }

        /// One exporter's channel for all of them.
        private static func postByGRPC(_ keys: [String: String], to installation: Installation) async throws {
            var lines: [String] = []
            for emitter in emitters {
                let key = try #require(keys[Way.grpc.key(of: emitter)])
                lines += try TelemetryBody.bodies(of: emitter).map { body in
                    "\(body.signal) \(key) \(Repository.root.appending(path: body.path).path())\n"
                }
            }
            let list = try installation.scratch.write(lines.joined(), to: "grpc.txt")
            let target = String(installation.otlpGRPC.trimmingPrefix("http://"))
            let arguments = [Programs.scriptPath("otlp_grpc.py"), target, list]
            let spoken = try await Spoken.by(Programs.python, arguments, in: installation.scratch)
            #expect(spoken.status == 0, "\(spoken.errors)")
            #expect(spoken.output == "\(lines.count)\n", "\(spoken.output)")
        }

        /// One request of each emitter at a time, and between them the server ends: told to, or killed.
        private static func postOverRestarts(
            _ keys: [String: String],
            to installation: Installation
        ) async throws -> Int {
            let requests = try emitters.map { ($0, try TelemetryBody.bodies(of: $0)) }
            let rounds = requests.map(\.1.count).max() ?? 0
            for round in 0..<rounds {
                for (emitter, bodies) in requests where round < bodies.count {
                    let key = try #require(keys[Way.overRestarts.key(of: emitter)])
                    #expect(try installation.post(bodies[round], key: key).status == 200, "\(bodies[round].path)")
                }
                if round.isMultiple(of: 2) {
                    installation.server.signal(SIGKILL)
                    await installation.server.end()
                } else {
                    await installation.stop()
                }
                try await installation.restart()
            }
            return rounds
        }
    }
}

/// `expected.json` of an emitter: the calls behind its telemetry.
private struct ExpectedCalls {
    private struct Tokens: Decodable {
        var input: Int
        var cache_read: Int
        var cache_write: Int
        var output: Int
    }

    private struct File: Decodable {
        var calls: [Tokens]
        var totals: Tokens
        var unmetered_calls: Int
        var calls_known: Bool?
    }

    private var totals: Tokens
    private let calls: Int?
    private let unmetered: Int

    /// Streams whose usage nobody asked the provider for; `expected.json` leaves them out.
    private static let silentStreams = ["openinference": 1, "openllmetry": 1, "otel-genai": 1]

    init(of emitter: String) throws {
        let text = try Repository.text(of: "Tests/Fixtures/otlp/\(emitter)/expected.json")
        let file = try JSONDecoder().decode(File.self, from: Data(text.utf8))
        totals = file.totals
        unmetered = file.unmetered_calls + (Self.silentStreams[emitter] ?? 0)
        calls = file.calls_known ?? true ? file.calls.count + unmetered : nil
        // OpenLIT does not say which tokens of a streamed OpenAI chat came from the cache.
        if emitter == "openlit" {
            totals.input += 1024
            totals.cache_read -= 1024
        }
    }

    func expect(_ row: SpendReport.Row, _ name: String) {
        let written = ["cache_write_5m", "cache_write_1h"].reduce(0) { $0 + row.units($1) }
        #expect(row.units("input") == totals.input, "\(name)")
        #expect(row.units("cache_read") == totals.cache_read, "\(name)")
        #expect(written == totals.cache_write, "\(name)")
        #expect(row.units("output") == totals.output, "\(name)")
        #expect(row.unmeteredCalls == unmetered, "\(name)")
        if let calls { #expect(row.calls == calls, "\(name)") }
    }
}

extension HTTP.Answer {
    /// Nothing was refused: an OTLP answer says no more then.
    fileprivate var isFullSuccess: Bool { body.isEmpty || text == "{}" }
}
