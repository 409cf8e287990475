import Foundation
import Glibc
import Testing

extension Promises {
    /// Kill -9 while telemetry comes in, again and again; what was answered with 200 is never sent again.
    @Suite struct TelemetryCrashTests {
        static let rounds = 20
        static let seed = 20_261_121

        /// What one writer told, all of it acknowledged in the end.
        struct Told: Decodable {
            var records: Int
            var input: Int
            var output: Int
            var requests: Int
            var tries: Int
        }

        @Test(.timeLimit(.minutes(3)))
        func `once: every acknowledged record of telemetry is booked once across twenty kills`() async throws {
            let started = ContinuousClock.now
            let installation = try await Installation.withSandbox()
            let told = try await Self.writeAndKill(installation)
            try await installation.flushTelemetry()
            let report = try await installation.spendEver(by: "team")
            let rows = Dictionary(grouping: report.rows) { $0.tag("team") ?? "" }
            #expect(Set(rows.keys) == Set(told.keys))
            for (writer, told) in told {
                let row = try #require(rows[writer]?.first)
                #expect(row.units("input") == told.input, "\(writer), seed \(Self.seed)")
                #expect(row.units("output") == told.output, "\(writer), seed \(Self.seed)")
                // A counter says nothing of calls.
                let isCounter = !writer.hasPrefix("spans") && !writer.hasPrefix("logs")
                #expect(row.calls == (isCounter ? 0 : told.records), "\(writer), seed \(Self.seed)")
                #expect(told.records > 100)
            }
            let verified = try await installation.verify()
            #expect(verified.differences.isEmpty)
            let records = told.values.reduce(0) { $0 + $1.records }
            let again = told.values.reduce(0) { $0 + $1.tries - $1.requests }
            print(
                """
                Telemetry, kill -9: \(Self.rounds) rounds, seed \(Self.seed): \(records) records acknowledged, \
                \(again) requests sent again, 0 lost, 0 twice, in \(started.duration(to: .now))
                """
            )
        }

        private static func writeAndKill(_ installation: Installation) async throws -> [String: Told] {
            let key = try await installation.makeKey("writers", "--for", "ingest")
            let arguments = [
                Programs.scriptPath("ingest_load.py"), "--otlp-http", installation.otlpHTTP, "--key", key,
                "--seed", "\(seed)", "--now", "\(Int(Date.now.timeIntervalSince1970))",
            ]
            let writers = try Child(Programs.python, arguments, in: installation.scratch)
            for round in 1...rounds {
                try writers.write(line: "kill \(installation.server.pid)")
                let answer = try #require(await writers.line(), "round \(round), seed \(seed): \(writers.log)")
                try #require(answer.hasPrefix("killed"))
                #expect(await installation.server.end() == SIGKILL)
                try await installation.restart()
            }
            try writers.write(line: "settle")
            return try await writers.firstLine(as: [String: Told].self)
        }
    }
}
