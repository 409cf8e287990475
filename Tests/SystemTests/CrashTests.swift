import Foundation
import Glibc
import Testing

extension Promises {
    /// Kill -9 under load, again and again, while the provider keeps its own account of what it served.
    @Suite struct CrashTests {
        static let rounds = 20
        static let seed = 20_261_121

        /// How one call went, as the caller saw it.
        struct Witness: Decodable {
            var task: String
            var complete: Bool
            var status: Int?
            /// From the last byte to the next kill; `nil` when none came after it.
            var marginMilliseconds: Double?

            private enum CodingKeys: String, CodingKey {
                case task, complete, status
                case marginMilliseconds = "margin_ms"
            }

            /// The caller has the whole answer, and no kill followed at its heels.
            var isAcknowledged: Bool {
                complete && status == 200 && (marginMilliseconds ?? .infinity) > 50
            }
        }

        @Test(.timeLimit(.minutes(4)))
        func `once: every call the provider saw is booked once across twenty kills`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("load", "--tag", "team=load")
            let witnesses = try await Self.loadAndKill(installation, key: key)

            let bill = try ProviderBill(file: installation.bill)
            let report = try await installation.spend(by: "task")
            let rows = Dictionary(grouping: report.rows) { $0.tag("task") ?? "" }
            Self.expectEachCallOnce(bill, rows)
            Self.expectNothingInvented(bill, rows)
            Self.expectExact(witnesses, bill, rows)
            let verified = try await installation.verify()
            #expect(verified.differences.isEmpty)
            #expect(verified.events == report.total.calls)
            print(Self.summary(bill, report, witnesses))
        }

        /// Runs the load over all rounds and returns what the callers saw.
        private static func loadAndKill(_ installation: Installation, key: String) async throws -> [Witness] {
            let witnesses = installation.scratch.path("witnesses.jsonl")
            let arguments = [
                "--gateway", installation.gateway, "--key", key, "--seed", "\(seed)", "--out", witnesses,
            ]
            let script = Programs.script("load.py", arguments)
            let load = try Child(Programs.systemPython, script, in: installation.scratch)
            for round in 1...rounds {
                try load.write(line: "kill \(installation.server.pid)")
                let answer = try #require(await load.line(), "round \(round), seed \(seed): \(load.log)")
                try #require(answer.hasPrefix("killed"))
                #expect(await installation.server.end() == SIGKILL)
                try await installation.restart()
            }
            try load.write(line: "settle")
            #expect(await load.end() == 0, "\(load.log)")
            return try String(contentsOfFile: witnesses, encoding: .utf8).split(separator: "\n")
                .map { try JSONDecoder().decode(Witness.self, from: Data($0.utf8)) }
        }

        private static func expectEachCallOnce(_ bill: ProviderBill, _ rows: [String: [SpendReport.Row]]) {
            for (task, served) in bill.byClientRequest {
                #expect(served.count == 1, "\(task) reached the provider \(served.count) times")
                let booked = (rows[task] ?? []).reduce(0) { $0 + $1.calls }
                #expect(booked == 1, "\(task) was served once and is booked \(booked) times")
            }
        }

        /// What the provider never saw may only be booked as unknown or as free.
        private static func expectNothingInvented(_ bill: ProviderBill, _ rows: [String: [SpendReport.Row]]) {
            let served = bill.byClientRequest
            for (task, rows) in rows where served[task] == nil {
                for row in rows {
                    #expect(row.costUSD == nil || row.usage.isEmpty, "\(task) was never served but costs something")
                }
            }
        }

        private static func expectExact(
            _ witnesses: [Witness],
            _ bill: ProviderBill,
            _ rows: [String: [SpendReport.Row]]
        ) {
            let served = bill.byClientRequest
            for witness in witnesses where witness.isAcknowledged {
                guard let charged = served[witness.task]?.first, let row = rows[witness.task]?.first else {
                    Issue.record("\(witness.task) was answered but is not on the bill or not in the ledger")
                    continue
                }
                let isExact = row.estimatedCalls + row.unmeteredCalls + row.unpricedCalls == 0
                #expect(isExact, "\(witness.task) was answered and is not exact")
                for unit in ["input", "output"] {
                    #expect(row.units(unit) == charged.units(unit), "\(witness.task): \(unit)")
                }
            }
        }

        private static func summary(_ bill: ProviderBill, _ report: SpendReport, _ witnesses: [Witness]) -> String {
            let total = report.total
            let unknown = total.unmeteredCalls
            let whole = witnesses.filter { $0.complete && $0.status == 200 }
            return """
                Kill -9: \(rounds) rounds, seed \(seed): \(witnesses.count) calls tried, \(bill.calls.count) seen by the \
                provider, \(total.calls) booked (\(total.calls - unknown - total.estimatedCalls) exact, \
                \(total.estimatedCalls) estimated, \(unknown) indeterminate), \
                \(whole.filter(\.isAcknowledged).count) acknowledged and exact, \(whole.count { !$0.isAcknowledged }) \
                answered within 50 ms of a kill
                """
        }
    }
}
