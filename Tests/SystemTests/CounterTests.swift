import Foundation
import Testing

extension Promises {
    /// Counters add up to what was consumed, whatever happens to the processes that count.
    @Suite struct CounterTests {
        struct Summary: Decodable {
            var points: Int
            var requests: Int
            var seconds: Double
            var truth: [String: Truth]
        }

        /// What an agent consumed; histograms know the calls too, and the others the cost.
        struct Truth: Decodable {
            var input: Int
            var output: Int
            var cacheRead: Int?
            var calls: Int?
            var costUSD: String?

            private enum CodingKeys: String, CodingKey {
                case input, output, calls
                case cacheRead = "cache_read"
                case costUSD = "cost_usd"
            }
        }

        /// Points that each agent sends; `OUTLAY_STEPS=10000` for the full size, which takes minutes.
        static let points = ProcessInfo.processInfo.environment["OUTLAY_STEPS"].flatMap { Int($0) } ?? 1000

        @Test(.timeLimit(.minutes(10)))
        func `the truth: twenty agents' counters over resets, restarts, gaps, duplicates and disorder`() async throws {
            let started = ContinuousClock.now
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("agents", "--for", "ingest")
            let arguments = [
                Programs.scriptPath("counters.py"), "--otlp-http", installation.otlpHTTP, "--key", key, "--seed", "7",
                "--points", "\(Self.points)", "--now", "\(Int(Date.now.timeIntervalSince1970))",
            ]
            let spoken = try await Spoken.by(Programs.python, arguments, in: installation.scratch)
            let summary = try spoken.decoded(as: Summary.self)
            #expect(summary.truth.count == 20)
            #expect(summary.points > 19 * Self.points)
            try await installation.flushTelemetry()
            let report = try await installation.spendEver(by: "team")
            #expect(report.rows.count == summary.truth.count)
            for row in report.rows {
                let agent = row.tag("team") ?? ""
                let truth = try #require(summary.truth[agent])
                #expect(row.units("input") == truth.input, "\(agent)")
                #expect(row.units("output") == truth.output, "\(agent)")
                #expect(row.units("cache_read") == truth.cacheRead ?? 0, "\(agent)")
                if let calls = truth.calls { #expect(row.calls == calls, "\(agent)") }
                if let cost = truth.costUSD {
                    #expect(try GoldenFile.decimal(row.costUSD) == GoldenFile.decimal(cost), "\(agent)")
                }
            }
            let verified = try await installation.verify()
            #expect(verified.differences.isEmpty)
            print(
                """
                Counters: \(summary.truth.count) agents, \(summary.points) points in \(summary.requests) requests, \
                sent in \(summary.seconds) s, \(verified.events) events, every sum exact, \
                in \(started.duration(to: .now))
                """
            )
        }
    }
}
