import OutlayCore
import OutlayGateway
import Synchronization
import Testing

/// What providers do wrong, and what becomes of it (reliability B2).
@Suite(.timeLimit(.minutes(1))) struct FaultTests {
    private func ending(
        _ change: (inout Harness.Setup) -> Void = { _ in },
        request: String = post(Chat.path, Chat.request),
        script: @escaping ChaosUpstream.Script
    ) async throws -> (answer: Answer, event: CostEvent) {
        let result = Box<Ended>()
        try await Harness.run(change, script: script) { gateway in
            let peer = try await gateway.connect()
            peer.send(request)
            let answer = await peer.answer()
            let events = await gateway.book.settled(1)
            #expect(events.count == 1)
            if let event = events.first { result.value = Ended(answer: answer, event: event) }
            peer.close()
        }
        let ended = try #require(result.value)
        return (ended.answer, ended.event)
    }

    private struct Ended: Sendable {
        var answer: Answer
        var event: CostEvent
    }

    @Test func `a provider that refuses connections costs nothing`() async throws {
        try await Harness.run(
            {
                $0.upstreams = {
                    $0.map { upstream in
                        var dead = upstream
                        dead.baseURL = "http://127.0.0.1:1"
                        return dead
                    }
                }
            },
            script: { _ in [] }
        ) { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.request))
            #expect(answer.status == 502)
            #expect(answer.text.contains("upstream_unreachable"))
            #expect(answer["x-outlay-call-id"] != nil)
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.outcome.ending == .unreachable)
            #expect(event.metering.quality == .unbilled)
        }
    }

    @Test func `a reset before the head leaves a call whose bill nobody knows`() async throws {
        let (answer, event) = try await ending { _ in [.reset] }
        #expect(answer.status == 502)
        #expect(event.outcome.ending == .unreachable)
        #expect(event.metering.quality == .indeterminate)
        #expect(event.rating.state == .unpriced)
    }

    @Test func `a reset after the head is a truncated answer`() async throws {
        let (answer, event) = try await ending(request: post(Chat.path, Chat.streamRequest)) { _ in
            [.send(eventStream([Chat.delta("Hello, world")], isEnded: false)), .reset]
        }
        #expect(!answer.isWhole)
        #expect(event.outcome.ending == .truncated)
        #expect(event.metering.quality == .estimated)
    }

    @Test func `a stream that ends without its end is truncated`() async throws {
        let (answer, event) = try await ending(request: post(Chat.path, Chat.streamRequest)) { _ in
            [.send(eventStream([Chat.delta("Hello, world")]))]
        }
        #expect(answer.isWhole)
        #expect(event.outcome.ending == .truncated)
        #expect(event.metering.quality == .estimated)
    }

    @Test func `a JSON answer that stops short reaches the client as it is and is estimated`() async throws {
        let half = String(Chat.answer.prefix(100))
        let (answer, event) = try await ending { _ in
            [.send(json(Chat.answer).replacing(Chat.answer, with: half)), .close]
        }
        #expect(answer.text == half)
        #expect(!answer.isWhole)
        #expect(event.outcome.ending == .truncated)
        #expect(event.metering.quality == .estimated)
    }

    @Test func `a body that is no whole JSON is truncated whatever its length says`() async throws {
        let (answer, event) = try await ending { _ in [.send(json(String(Chat.answer.prefix(100))))] }
        #expect(answer.status == 200)
        #expect(event.outcome.ending == .truncated)
        #expect(event.metering.quality == .estimated)
    }

    @Test(arguments: [
        ("500 Internal Server Error", "text/html", "<h1>Oops</h1>"),
        ("429 Too Many Requests", "application/json", #"{"error":{"message":"slow down"}}"#),
        ("529 Overloaded", "application/json", #"{"type":"error"}"#),
        ("401 Unauthorized", "application/json", #"{"error":{"message":"no"}}"#),
    ])
    func `an error of the provider passes untouched and is not billed`(
        _ error: (status: String, type: String, body: String)
    ) async throws {
        let (answer, event) = try await ending { _ in
            [
                .send(
                    "HTTP/1.1 \(error.status)\r\nContent-Type: \(error.type)\r\nRetry-After: 7\r\n"
                        + "Content-Length: \(error.body.utf8.count)\r\n\r\n\(error.body)"
                )
            ]
        }
        #expect(String(answer.status) == error.status.prefix(3))
        #expect(answer.text == error.body)
        #expect(answer["retry-after"] == "7")
        #expect(event.outcome.ending == .providerError)
        #expect(event.outcome.status == answer.status)
        #expect(event.metering.quality == .unbilled)
        #expect(event.rating.total == .zero)
    }

    @Test func `a prompt that Azure's filter refuses is billed, so it is estimated`() async throws {
        let refusal = #"{"error":{"code":"content_filter","message":"filtered"}}"#
        let (_, event) = try await ending(
            { setup in
                setup.dialect = .azureOpenAI
                setup.provider = "azure"
            },
            request: post("/u/openai/openai/deployments/known/chat/completions", Chat.request)
        ) { _ in
            [.send(json(refusal, status: "400 Bad Request"))]
        }
        #expect(event.metering.quality == .estimated)
        #expect(event.metering.total[.input] > 0)
        #expect(event.metering.total[.output] == 0)
        #expect(event.outcome.ending == .providerError)
    }

    @Test(arguments: ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
    func `a redirect is never followed`(_ status: String) async throws {
        let (answer, event) = try await ending { _ in
            [.send("HTTP/1.1 \(status)\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
        }
        #expect(answer.status == 502)
        #expect(answer.text.contains("upstream_redirect"))
        #expect(event.metering.quality == .unbilled)
        #expect(event.outcome.ending == .providerError)
    }

    @Test func `a compressed answer passes as it is and its usage is read`() async throws {
        let packed = Packed.chatAnswer
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
            + "Content-Length: \(packed.count)\r\n\r\n"
        let (answer, event) = try await ending { _ in [.send(head), .bytes(packed)] }
        #expect(answer.body == packed)
        #expect(answer["content-encoding"] == "gzip")
        #expect(event.metering.quality == .exact)
        #expect(event.metering.total == [.input: 10, .output: 5])
    }

    @Test func `an answer compressed beyond reading is unmetered, not free`() async throws {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\n"
        let (answer, event) = try await ending { _ in [.send(head), .bytes([1, 2, 3])] }
        #expect(answer.body == [1, 2, 3])
        #expect(event.metering.quality == .unmetered)
        #expect(event.rating.state == .unpriced)
    }

    @Test func `a whole answer without usage is estimated`() async throws {
        let body = Chat.answer.replacing(
            #","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}"#,
            with: ""
        )
        let (_, event) = try await ending { _ in [.send(json(body))] }
        #expect(event.metering.quality == .estimated)
        #expect(event.metering.total[.input] > 0)
    }

    @Test func `a provider that does not answer in time leaves a bill nobody knows`() async throws {
        let never = Latch()
        let (answer, event) = try await ending({ $0.limits.times.firstByte = 50 }) { _ in [.wait(never)] }
        #expect(answer.status == 504)
        #expect(answer.text.contains("upstream_timeout"))
        #expect(event.metering.quality == .indeterminate)
    }

    @Test func `a stream that falls silent is cut and estimated`() async throws {
        let never = Latch()
        let (answer, event) = try await ending(
            { $0.limits.times.streamIdle = 50 },
            request: post(Chat.path, Chat.streamRequest)
        ) { _ in
            [.send(eventStream([Chat.delta("Hello, world")], isEnded: false)), .wait(never)]
        }
        #expect(!answer.isWhole)
        #expect(event.outcome.ending == .truncated)
        #expect(event.metering.quality == .estimated)
    }

    @Test func `an error that comes before the whole request was taken reaches the client`() async throws {
        let large = Chat.request.replacing("Hello", with: String(repeating: "y", count: 4_000_000))
        let (answer, event) = try await ending({ $0.isEager = true }, request: post(Chat.path, large)) { _ in
            [.send(json(#"{"error":{"message":"too long"}}"#, status: "413 Payload Too Large"))]
        }
        #expect(answer.status == 413)
        #expect(event.metering.quality == .unbilled)
    }

    @Test func `a pooled connection that died is replaced, and the call is one call`() async throws {
        try await Harness.run(script: { request in
            request.index == 1 ? [.reset] : [.send(json(Chat.answer))]
        }) { gateway in
            let first = try await gateway.call(post(Chat.path, Chat.request))
            let second = try await gateway.call(post(Chat.path, Chat.request))
            #expect([first.status, second.status] == [200, 200])
            #expect(gateway.upstream.connections == 2)
            let events = await gateway.book.settled(2)
            #expect(events.map(\.metering.quality) == [.exact, .exact])
            #expect(gateway.metrics.counts.staleConnections == 1)
        }
    }

    @Test func `an upstream connection is used again`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            for _ in 0..<3 { _ = try await gateway.call(post(Chat.path, Chat.request)) }
            #expect(gateway.upstream.connections == 1)
            #expect(gateway.upstream.requests.count == 3)
        }
    }

    @Test func `a fallback is tried before the first byte, and every attempt is booked`() async throws {
        try await Harness.run(
            {
                $0.upstreams = { upstreams in
                    guard var first = upstreams.first else { return [] }
                    var second = first
                    second.name = "spare"
                    second.baseURL += "/spare"
                    first.fallbacks = ["spare"]
                    return [first, second]
                }
            },
            script: { request in
                request.line.contains("spare")
                    ? [.send(json(Chat.answer))] : [.send(json("{}", status: "503 Service Unavailable"))]
            }
        ) { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.request))
            #expect(answer.status == 200)
            let events = await gateway.book.settled(2)
            let id = try #require(answer["x-outlay-call-id"])
            #expect(events.map(\.id.id) == [id, "\(id)#2"])
            #expect(events.map(\.metering.quality) == [.unbilled, .exact])
            #expect(events.map(\.service.upstream) == ["openai", "spare"])
            #expect(events.map(\.links.attempt) == [1, 2])
            #expect(Set(events.map(\.links.call)).count == 1)
        }
    }
}

/// Takes a value out of a closure that must be sendable.
final class Box<Value: Sendable>: Sendable {
    private let stored = Mutex<Value?>(nil)

    var value: Value? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}
