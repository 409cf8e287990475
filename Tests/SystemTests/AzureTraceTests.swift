import Foundation
import OutlayCore
import OutlayTestKit
import Testing

extension Promises {
    /// A real hour of production traffic, call by call.
    @Suite struct AzureTraceTests {
        /// What the trace itself adds up to, for one key of the answer.
        struct Sum: Equatable, CustomStringConvertible {
            var calls = 0
            var input = 0
            var output = 0

            /// At $0.15 and $0.60 per million tokens.
            var cost: Money {
                Money(picodollars: Int128(input) * 150_000 + Int128(output) * 600_000)
            }

            var description: String { "\(calls) calls, \(input) in, \(output) out, $\(cost)" }
        }

        @Test(.timeLimit(.minutes(5)))
        func `exact: a replayed trace adds up to itself by team, hour and minute`() async throws {
            let trace = try Self.trace(rowLimit: Self.rowLimit)
            let installation = try await Installation.withSandbox()
            let keys = (
                code: try await installation.makeKey("code", "--tag", "team=code"),
                conv: try await installation.makeKey("conv", "--tag", "team=conv")
            )
            let folder = Repository.root.appending(path: "Tests/Fixtures/azure").path()
            let replay = try await installation.script(
                "replay_trace.py",
                "--gateway",
                installation.gateway,
                "--rows",
                "\(Self.rowLimit)",
                "\(keys.code)=\(folder)/azure-code.csv",
                "\(keys.conv)=\(folder)/azure-conv.csv"
            )
            #expect(replay.status == 0, "\(replay.errors)")
            print("Azure trace:", replay.output, terminator: "")

            for dimension in ["hour", "minute"] {
                let report = try await installation.spend(by: "team,\(dimension)")
                let booked = Dictionary(
                    uniqueKeysWithValues: report.rows.map {
                        ("\($0.tag("team") ?? "")/\($0.tag(dimension) ?? "")", $0)
                    }
                )
                let expected = trace[dimension] ?? [:]
                #expect(Set(booked.keys) == Set(expected.keys))
                for (key, sum) in expected { Self.expect(booked[key], toEqual: sum, key) }
                Self.expect(report.total, toEqual: Self.total(expected), "total")
            }
            let verified = try await installation.verify()
            #expect(verified.differences.isEmpty)
        }

        /// All rows, unless a smaller number is asked for while working on something else.
        private static let rowLimit =
            ProcessInfo.processInfo.environment["OUTLAY_TRACE_ROWS"].flatMap { Int($0) } ?? 28_185

        private static func expect(_ row: SpendReport.Row?, toEqual sum: Sum, _ key: String) {
            guard let row else {
                Issue.record("\(key) is not in the ledger")
                return
            }
            let booked = Sum(calls: row.calls, input: row.units("input"), output: row.units("output"))
            #expect(booked == sum, "\(key)")
            #expect(row.costUSD == sum.cost.description, "\(key)")
            #expect(row.unpricedCalls + row.estimatedCalls + row.unmeteredCalls == 0, "\(key)")
        }

        private static func total(_ sums: [String: Sum]) -> Sum {
            sums.values.reduce(into: Sum()) { total, sum in
                total.calls += sum.calls
                total.input += sum.input
                total.output += sum.output
            }
        }

        /// The trace's own sums: dimension → "team/value" → sum.
        ///
        /// Hours and minutes count from a file's start.
        private static func trace(rowLimit: Int) throws -> [String: [String: Sum]] {
            var sums: [String: [String: Sum]] = [:]
            var rest = rowLimit
            for team in ["code", "conv"] {
                let lines = try Repository.text(of: "Tests/Fixtures/azure/azure-\(team).csv")
                    .split(whereSeparator: \.isNewline).dropFirst().prefix(rest)
                rest -= lines.count
                let rows = lines.map { $0.split(separator: ",") }
                let start = seconds(rows.first?.first ?? "")
                for row in rows where row.count == 3 {
                    let offset = seconds(row[0]) - start
                    for (dimension, width) in [("hour", 3600), ("minute", 60)] {
                        let value = offset / width
                        let key = "\(team)/\(value < 10 ? "0" : "")\(value)"
                        sums[dimension, default: [:]][key, default: Sum()].calls += 1
                        sums[dimension, default: [:]][key, default: Sum()].input += Int(row[1]) ?? 0
                        sums[dimension, default: [:]][key, default: Sum()].output += Int(row[2]) ?? 0
                    }
                }
            }
            return sums
        }

        /// Whole seconds of the day in `2023-11-16 18:17:03.9799600`.
        private static func seconds(_ text: Substring) -> Int {
            let parts = text.dropFirst(11).prefix(8).split(separator: ":").compactMap { Int($0) }
            return parts.reduce(0) { $0 * 60 + $1 }
        }
    }
}
