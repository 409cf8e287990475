import Foundation
import Logging
import NIOCore
import NIOPosix
import OutlayCore
import Testing

@testable import OutlaySandbox

/// A raw HTTP client: one request, everything that came back until the connection closed.
struct RawClient {
    let port: Int

    func send(_ text: String) async throws -> String {
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = try await ClientBootstrap(group: group)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ByteBuffer()
            do {
                for try await part in inbound { answer.writeImmutableBuffer(part) }
            } catch {
                answer.writeString("<reset>")
            }
            return String(buffer: answer)
        }
    }

    func post(_ path: String, _ body: some StringProtocol, _ headers: [(String, String)] = []) async throws -> String {
        let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        return try await send(
            "POST \(path) HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\(lines)"
                + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }
}

@Suite struct LiveTests {
    /// Runs `body` against a sandbox of its own.
    private func with(
        _ options: Sandbox.Options = Sandbox.Options(),
        _ body: (Sandbox, RawClient) async throws -> Void
    ) async throws {
        let sandbox = try await Sandbox.start(options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await body(sandbox, RawClient(port: sandbox.port))
            await sandbox.stop()
        } catch {
            await sandbox.stop()
            throw error
        }
    }

    @Test func `a call is answered with the provider's headers and stands on the bill`() async throws {
        try await with { sandbox, client in
            let answer = try await client.post(
                "/v1/chat/completions",
                Ask.chat,
                [Ask.exact, ("x-client-request-id", "mine")]
            )
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("x-request-id: req_sbx"))
            let entry = try #require(sandbox.bill.entries.first)
            #expect(entry.usage == [.input: 4000, .cacheRead: 800, .output: 10])
            #expect(entry.model == "gpt-6-luna" && entry.clientRequestID == "mine")
            #expect(entry.state == .completed)
            #expect(answer.contains(try #require(entry.responseID)))
        }
    }

    @Test func `the bill adds up, is served and can be emptied`() async throws {
        try await with { sandbox, client in
            for count in 1...20 {
                let usage = ("x-sandbox-usage", "input=\(count),output=1")
                _ = try await client.post("/v1/messages", Ask.messages, Ask.anthropic + [usage])
            }
            _ = try await client.post("/v1/messages", Ask.messages, [("x-sandbox-fault", "status=529")])
            #expect(sandbox.bill.total == [.input: 210, .output: 20])
            let bill = try await client.send("GET /sandbox/bill?entries=false HTTP/1.1\r\nconnection: close\r\n\r\n")
            #expect(bill.contains(#""calls":20,"dropped":0,"usage":{"input":210,"output":20}"#))
            _ = try await client.send("DELETE /sandbox/bill HTTP/1.1\r\nconnection: close\r\n\r\n")
            #expect(sandbox.bill.entries.isEmpty)
        }
    }

    @Test func `a stream cut on the way is billed as far as it went`() async throws {
        try await with { sandbox, client in
            let fault = [("x-sandbox-fault", "truncate=4"), ("x-sandbox-usage", "input=100,output=50")]
            let answer = try await client.post("/v1/chat/completions", Ask.chatStream, fault)
            #expect(!answer.contains("[DONE]") && !answer.hasSuffix("0\r\n\r\n"))
            #expect(sandbox.bill.entries.first?.state == .cut)
            #expect(sandbox.bill.total == [.input: 100, .output: 3])
            let google = try await client.post(Ask.geminiStreamPath, Ask.gemini, fault)
            #expect(!google.hasSuffix("]"))
            #expect(sandbox.bill.entries.last?.usage == [.input: 100, .output: 50])
        }
    }

    @Test func `connections break as the fault says`() async throws {
        try await with { _, client in
            let ask = { (fault: String) in
                try await client.post("/v1/messages", Ask.messages, [("x-sandbox-fault", fault)])
            }
            #expect(try await ask("reset-before-headers") == "<reset>")
            #expect(try await ask("close-before-headers").isEmpty)
            let reset = try await ask("reset-after-headers")
            #expect(reset.hasSuffix("<reset>"))
            let short = try await ask("wrong-length")
            let promised = try #require(short.split(separator: "content-length: ").last?.prefix { $0.isNumber })
            let body = try #require(short.split(separator: "\r\n\r\n").last)
            #expect(Int(promised) == body.utf8.count + 100)
        }
    }

    @Test func `an early refusal does not wait for the body`() async throws {
        try await with { _, client in
            let answer = try await client.send(
                "POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n"
                    + "x-sandbox-fault: early-4xx\r\n\r\n{"
            )
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        }
    }

    @Test func `a client that waits is told to go on`() async throws {
        try await with { _, client in
            let answer = try await client.post("/v1/messages", Ask.messages, [("expect", "100-continue")])
            #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n"))
            #expect(answer.contains("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `a key can be required`() async throws {
        var options = Sandbox.Options()
        options.requiredKey = "secret"
        try await with(options) { sandbox, client in
            let without = try await client.post("/v1/messages", Ask.messages, [("x-api-key", "wrong")])
            #expect(without.hasPrefix("HTTP/1.1 401"))
            for header in [("authorization", "Bearer secret"), ("x-api-key", "secret"), ("x-goog-api-key", "secret")] {
                #expect(try await client.post("/v1/messages", Ask.messages, [header]).hasPrefix("HTTP/1.1 200"))
            }
            #expect(sandbox.bill.entries.count == 3)
        }
    }

    @Test func `what was served is on file before it ends`() async throws {
        var options = Sandbox.Options()
        let path = FileManager.default.temporaryDirectory.path + "/outlay-sandbox-\(UUID().uuidString).jsonl"
        options.recordPath = path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for _ in 0..<2 {
            try await with(options) { _, client in _ = try await client.post("/v1/responses", Ask.responses) }
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let states = lines.compactMap { JSON(parsing: Array($0.utf8))?.text("state") }
        #expect(states == ["open", "completed", "open", "completed"])
    }

    @Test func `a long stream reaches a slow reader whole`() async throws {
        try await with { sandbox, client in
            let answer = try await client.post(
                "/v1/chat/completions",
                Ask.chatStream,
                [("x-sandbox-usage", "input=1,output=5000"), ("x-sandbox-tokens-per-chunk", "5")]
            )
            #expect(answer.split(separator: "data: ").count == 1005)
            #expect(sandbox.bill.entries.first?.state == .completed)
        }
    }

    @Test func `speed is as directed`() async throws {
        try await with { _, client in
            let speed = [
                ("x-sandbox-first-token-ms", "40"), ("x-sandbox-token-ms", "10"), ("x-sandbox-usage", "output=4"),
            ]
            let elapsed = try await ContinuousClock().measure {
                _ = try await client.post("/v1/chat/completions", Ask.chatStream, speed)
            }
            #expect(elapsed >= .milliseconds(70))
        }
    }
}
