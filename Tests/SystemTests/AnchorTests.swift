import Foundation
import Testing

extension Promises {
    /// Nobody rewrites the past unseen: anchors tell of what is gone.
    @Suite struct AnchorTests {
        @Test(.timeLimit(.minutes(1)))
        func `an older database that is put back is found by its anchors`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("any")
            func call() throws {
                let body = #"{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hi"}]}"#
                #expect(try installation.call("/openai/v1/chat/completions", key: key, body: body).status == 200)
            }
            try call()
            await installation.stop()
            let (ledger, kept) = (installation.data + "/ledger.sqlite", installation.scratch.path("kept.sqlite"))
            try FileManager.default.copyItem(atPath: ledger, toPath: kept)
            try await installation.restart()
            try call()
            await installation.stop()
            try await installation.restart()
            #expect(try await installation.verify().differences.isEmpty)

            let file = installation.data + "/anchors.jsonl"
            // The start anchors while it serves already; each look takes as long as a command does.
            while try !String(contentsOfFile: file, encoding: .utf8).contains(#""events":2"#) {
                _ = try await installation.verify()
            }
            let anchors = try String(contentsOfFile: file, encoding: .utf8)
            #expect(installation.server.log.contains("anchored"))
            await installation.stop()
            try FileManager.default.removeItem(atPath: ledger)
            try FileManager.default.copyItem(atPath: kept, toPath: ledger)
            try await installation.restart()
            let found = try await installation.outlay("verify")
            #expect(found.status == 1)
            #expect(found.output.contains(#/there were 2 events at [^ ]+, and now there are 1\n/#), "\(found.output)")

            let forged = anchors.replacingOccurrences(of: #""events":2"#, with: #""events":1"#)
            try forged.write(toFile: file, atomically: true, encoding: .utf8)
            let forgery = try await installation.outlay("verify")
            #expect(forgery.output.contains("was not signed under this master key"), "\(forgery.output)")
        }
    }
}
