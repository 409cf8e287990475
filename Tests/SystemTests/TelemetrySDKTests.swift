import Foundation
import Testing

extension Promises {
    /// Programs with the OpenTelemetry SDK and instrumentations that others wrote.
    @Suite struct TelemetrySDKTests {
        /// One process: what is instrumented, how its telemetry leaves and where its calls go.
        struct Run: Encodable {
            var name: String
            var key: String
            var exportKey: String
            var instruments: [String]
            var exporter: String
            var direct: Bool

            private enum CodingKeys: String, CodingKey {
                case name, key, instruments, exporter, direct
                case exportKey = "export_key"
            }
        }

        /// What is compared: by model, what was booked.
        struct Booked: Equatable {
            var calls: Int
            var usage: [String: Double]
            var costUSD: String?
            var unmetered: Int
        }

        static let everything = ["openllmetry", "openinference", "native"]
        /// Which instrumentations are on together.
        static let instruments = everything.map { [$0] } + [everything]
        static let prompt = "canary-prompt-9b1deb4d"

        @Test(.timeLimit(.minutes(4)))
        func `once: what real instrumentations export and the gateway saw is one call`() async throws {
            let started = ContinuousClock.now
            let installation = try await Installation.withSandbox()
            let runs = try Self.runs(installation)
            try await Self.perform(runs, installation)
            try await installation.flushTelemetry()
            let report = try await installation.spend(by: "key,team,model")
            let alone = Self.booked(report) { $0.tag("key") == "none" }
            #expect(alone.count == 12)
            #expect(alone.values.allSatisfy { $0.unmetered == 0 })
            for run in runs where run.name != "none" && !run.direct {
                let found = Self.booked(report) { [run.name, run.name + "-exports"].contains($0.tag("key")) }
                #expect(found == alone, "\(run.name): \(Self.difference(found, alone))")
                Self.expectTags(report, run)
            }
            for run in runs where run.direct {
                let found = Self.booked(report) { $0.tag("key") == run.name && $0.tag("team") == run.name }
                let expected = Self.told(by: run, of: alone)
                #expect(found == expected, "\(run.name): \(Self.difference(found, expected))")
            }
            #expect(try await installation.verify().differences.isEmpty)
            try installation.expectNowhere([Self.prompt])
            print(
                """
                Instrumentations: \(runs.count - 1) programs of \(Self.everything.count) instrumentations, alone and \
                together, \(report.total.calls) calls, each once, in \(started.duration(to: .now))
                """
            )
        }

        private static func runs(_ installation: Installation) throws -> [Run] {
            var runs = [Run(name: "none", key: "", exportKey: "", instruments: [], exporter: "http", direct: false)]
            for instruments in instruments {
                let name = instruments.count > 1 ? "all" : instruments[0]
                for (suffix, exporter, direct) in [
                    ("http", "http", false), ("grpc", "grpc", false), ("direct", "http", true),
                ] {
                    let run = Run(
                        name: "\(name)-\(suffix)",
                        key: "",
                        exportKey: "",
                        instruments: instruments,
                        exporter: exporter,
                        direct: direct
                    )
                    runs.append(run)
                }
            }
            // Some export with another key of their workspace.
            let foreign = Set(runs.filter { $0.exporter == "grpc" }.map(\.name))
            let keys = try installation.makeKeys(runs.map(\.name) + foreign.map { $0 + "-exports" })
            for index in runs.indices {
                let name = runs[index].name
                runs[index].key = try #require(keys[name])
                runs[index].exportKey = try #require(keys[foreign.contains(name) ? name + "-exports" : name])
            }
            return runs
        }

        private static func perform(_ runs: [Run], _ installation: Installation) async throws {
            let json = try JSONEncoder().encode(runs)
            let list = try installation.scratch.write(String(decoding: json, as: UTF8.self), to: "runs.json")
            let arguments = [
                Programs.scriptPath("telemetry_sdks.py"), "--provider", installation.provider, "--gateway",
                installation.gateway, "--otlp-http", installation.otlpHTTP, "--otlp-grpc",
                String(installation.otlpGRPC.trimmingPrefix("http://")), list,
            ]
            let spoken = try await Spoken.by(Programs.python, arguments, in: installation.scratch)
            let failures = try spoken.decoded(as: [String: [String]].self)
            #expect(failures.count == runs.count)
            for (name, failures) in failures { #expect(failures.isEmpty, "\(name): \(failures)") }
        }

        private static func booked(
            _ report: SpendReport,
            where isWanted: (SpendReport.Row) -> Bool
        ) -> [String: Booked] {
            var booked: [String: Booked] = [:]
            for row in report.rows where isWanted(row) {
                let model = row.tag("model") ?? "(none)"
                var sum = booked[model] ?? Booked(calls: 0, usage: [:], costUSD: "0", unmetered: 0)
                sum.calls += row.calls
                sum.usage.merge(row.usage, uniquingKeysWith: +)
                sum.unmetered += row.unmeteredCalls
                let costs = [sum.costUSD, row.costUSD].compactMap { $0 }.compactMap { Decimal(string: $0) }
                sum.costUSD = "\(costs.reduce(0, +))"
                booked[model] = sum
            }
            return booked
        }

        /// Every call that an instrumentation saw carries the resource's team.
        private static func expectTags(_ report: SpendReport, _ run: Run) {
            let tagged = report.rows.filter { $0.tag("key") == run.name && $0.tag("team") == run.name }
            let models = Set(tagged.compactMap { $0.tag("model") })
            let isAnthropicOnly = run.instruments == ["native"]
            #expect(models.count == (isAnthropicOnly ? 4 : 12), "\(run.name): \(models.sorted())")
        }

        /// What telemetry alone can tell of the same calls.
        private static func told(by run: Run, of alone: [String: Booked]) -> [String: Booked] {
            var told = alone
            if run.instruments == ["native"] { told = told.filter { $0.key.hasPrefix("claude") } }
            // One span around two attempts, of which the provider billed one.
            told["gpt-4.1"]?.calls = 1
            // Nobody asked the provider for the usage of this stream; the gateway did.
            if told["gpt-4.1-mini"] != nil {
                told["gpt-4.1-mini"] = Booked(calls: 1, usage: [:], costUSD: "0", unmetered: 1)
            }
            // OpenInference does not name the model of a call to OpenAI that failed.
            if run.instruments == ["openinference"] { told["(none)"] = told.removeValue(forKey: "gpt-4.1-nano") }
            // A failed call has no id by which two spans side by side would show to be one; it costs nothing.
            if run.instruments == everything { told["claude-sonnet-4-5"]?.calls = 2 }
            // OpenLLMetry adds what Anthropic's first event and its last say of output, but the last is the sum.
            if run.instruments == ["openllmetry"] {
                for (model, rate) in [("claude-opus-4-6", "0.000025"), ("claude-haiku-4-5", "0.000005")] {
                    told[model]?.usage["output", default: 0] += 1
                    let costs = [told[model]?.costUSD, rate].compactMap { $0 }.compactMap { Decimal(string: $0) }
                    told[model]?.costUSD = "\(costs.reduce(0, +))"
                }
            }
            return told
        }

        private static func difference(_ left: [String: Booked], _ right: [String: Booked]) -> String {
            Set(left.keys).union(right.keys).sorted().filter { left[$0] != right[$0] }
                .map {
                    "\($0): \(left[$0].map { "\($0)" } ?? "nothing"), not \(right[$0].map { "\($0)" } ?? "nothing")"
                }
                .joined(separator: "; ")
        }
    }
}
