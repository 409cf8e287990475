import Foundation
import Testing

extension Promises {
    /// A disk that is full to the last byte: hard budgets refuse, soft ones go on, and all goes on by itself.
    @Suite struct FullDiskTests {
        private static let body =
            #"{"model":"gpt-5-mini","max_tokens":100,"messages":[{"role":"user","content":"Hi"}]}"#

        private static let budgets = """
            budgets:
              - { name: strict, scope: { team: strict }, limit: 10 USD, enforcement: hard }
              - { name: lenient, scope: { team: lenient }, limit: 10 USD, enforcement: soft }

            """

        private static let refusals = 50

        @Test(.enabled(if: SmallDisk.isPossible, "\(SmallDisk.need)"), .timeLimit(.minutes(3)))
        func `a full disk stops calls under hard budgets at once, loses nothing, and all goes on when there is space`()
            async throws
        {
            let installation = try await Installation.withSandbox(Self.budgets, disk: SmallDisk(megabytes: 96))
            let keys = try await [
                "strict": installation.makeKey("strict", "--tag", "team=strict"),
                "lenient": installation.makeKey("lenient", "--tag", "team=lenient"),
            ]
            var passed = ["strict": 0, "lenient": 0]
            func call(_ team: String) throws -> Int {
                let usage = [("x-sandbox-usage", "input=10,output=100")]
                let status = try installation.call(
                    "/openai/v1/chat/completions",
                    key: keys[team] ?? "",
                    headers: usage,
                    body: Self.body
                ).status
                if status == 200 { passed[team, default: 0] += 1 }
                return status
            }
            #expect(try call("strict") == 200)
            _ = try await installation.verify()
            let process = installation.server.pid

            let filler = installation.data + "/filler"
            let filled = try SmallDisk.fill(filler)
            // What the ledger has allocated takes a few calls more.
            while passed["lenient", default: 0] < 5000, try call("lenient") == 200, try call("strict") == 200 {}
            var times: [Double] = []
            for _ in 0..<Self.refusals {
                let began = ContinuousClock.now
                #expect(try call("strict") == 503)
                times.append(began.duration(to: .now) / .seconds(1))
                #expect(try call("lenient") == 200)
            }
            times.sort()
            #expect(times[times.count / 2] < 0.1)
            let forwarded = passed.values.reduce(0, +)
            let served = try ProviderBill(file: installation.bill).calls.count
            #expect(served == forwarded, "what was refused is not forwarded")
            #expect(try await installation.spend(by: "team").total.calls < forwarded, "the disk was not full")

            try FileManager.default.removeItem(atPath: filler)
            // Each look takes as long as a command does.
            while try call("strict") == 503 { _ = try await installation.verify() }
            #expect(try call("lenient") == 200)
            var report = try await installation.spend(by: "team")
            while report.total.calls < passed.values.reduce(0, +) { report = try await installation.spend(by: "team") }
            let calls = Dictionary(report.rows.map { ($0.tag("team") ?? "", $0.calls) }, uniquingKeysWith: +)
            #expect(calls == passed)
            #expect(report.total.units("output") == passed.values.reduce(0, +) * 100)
            #expect(try await installation.verify().differences.isEmpty)
            #expect(installation.server.pid == process, "it is the same process")
            let milliseconds = times.map { Int(($0 * 1000).rounded(.up)) }
            print(
                "disk full after \(filled >> 20) MiB: \(times.count) calls under a hard budget refused, half in "
                    + "\(milliseconds[milliseconds.count / 2]) ms, the slowest in \(milliseconds.last ?? 0) ms; "
                    + "\(forwarded) calls forwarded and journaled, \(report.total.calls) booked, 0 lost, verify found 0"
            )
        }
    }
}
