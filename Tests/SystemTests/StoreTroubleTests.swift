import Foundation
import Testing

extension Promises {
    /// While the ledger cannot be written, hard budgets refuse and soft ones go on; nothing is lost.
    @Suite struct StoreTroubleTests {
        private static let chat = "/openai/v1/chat/completions"
        private static let body =
            #"{"model":"gpt-5-mini","max_tokens":100,"messages":[{"role":"user","content":"Hi"}]}"#
        private static let usage = [("x-sandbox-usage", "input=10,output=100")]

        private static let budgets = """
            budgets:
              - { name: strict, scope: { team: strict }, limit: 10 USD, enforcement: hard }
              - { name: lenient, scope: { team: lenient }, limit: 10 USD, enforcement: soft }

            """

        /// How long refusals of calls that nobody can budget may take, in seconds; half of them, for machines are busy.
        private static let refusalMost = 0.1

        @Test(.timeLimit(.minutes(2)))
        func `a ledger that takes nothing in stops calls under hard budgets at once, and no others`() async throws {
            let installation = try await Installation.withSandbox(Self.budgets)
            let strict = try await installation.makeKey("strict", "--tag", "team=strict")
            let lenient = try await installation.makeKey("lenient", "--tag", "team=lenient")
            func call(_ key: String) throws -> HTTP.Answer {
                try installation.call(Self.chat, key: key, headers: Self.usage, body: Self.body)
            }
            #expect(try call(strict).status == 200)
            _ = try await installation.verify()

            let arguments = Programs.script("hold_ledger.py", [installation.data + "/ledger.sqlite"])
            let holder = try Child(Programs.systemPython, arguments, in: installation.scratch)
            #expect(await holder.line() == "held")
            var (passedStrict, passedLenient) = (1, 0)
            // An append begins with the first call, and is slow after a second.
            while case let answer = try call(lenient), answer.status == 200, passedLenient < 5000 {
                passedLenient += 1
                let judged = try call(strict)
                if judged.status == 503 { break }
                passedStrict += 1
            }
            var refusals: [Double] = []
            for _ in 0..<50 {
                let began = ContinuousClock.now
                let refused = try call(strict)
                refusals.append(began.duration(to: .now) / .seconds(1))
                #expect(refused.status == 503)
                #expect(refused.text.contains("ledger_unavailable"))
                #expect(try call(lenient).status == 200)
                passedLenient += 1
            }
            #expect(refusals.sorted()[refusals.count / 2] < Self.refusalMost)
            let forwarded = try ProviderBill(file: installation.bill).calls.count
            #expect(forwarded == passedStrict + passedLenient, "what was refused was not forwarded")

            holder.signal(SIGKILL)
            await holder.end()
            // Each look takes as long as a command does.
            while try call(strict).status == 503 { _ = try await installation.verify() }
            var report = try await installation.spend(by: "team")
            while report.total.calls < passedStrict + passedLenient + 1 {
                report = try await installation.spend(by: "team")
            }
            let calls = Dictionary(report.rows.map { ($0.tag("team") ?? "", $0.calls) }, uniquingKeysWith: +)
            #expect(calls == ["strict": passedStrict + 1, "lenient": passedLenient])
            #expect(try await installation.verify().differences.isEmpty)
            let milliseconds = refusals.sorted().map { Int(($0 * 1000).rounded(.up)) }
            print(
                "ledger held: 50 calls under a hard budget refused, half of them in \(milliseconds[25]) ms, the "
                    + "slowest in \(milliseconds[49]) ms; soft ones booked"
            )
        }

        @Test(.timeLimit(.minutes(2)))
        func `what passed while the ledger took nothing in survives a kill`() async throws {
            let installation = try await Installation.withSandbox(Self.budgets)
            let key = try await installation.makeKey("lenient", "--tag", "team=lenient")
            let arguments = Programs.script("hold_ledger.py", [installation.data + "/ledger.sqlite"])
            let holder = try Child(Programs.systemPython, arguments, in: installation.scratch)
            #expect(await holder.line() == "held")
            for _ in 0..<20 {
                let answer = try installation.call(Self.chat, key: key, headers: Self.usage, body: Self.body)
                #expect(answer.status == 200)
            }
            installation.server.signal(SIGKILL)
            await installation.server.end()
            holder.signal(SIGKILL)
            await holder.end()
            try await installation.restart()
            let total = try await installation.spend(by: "team").total
            #expect(total.calls == 20)
            #expect(total.units("output") == 2000)
            #expect(try await installation.verify().differences.isEmpty)
        }
    }
}
