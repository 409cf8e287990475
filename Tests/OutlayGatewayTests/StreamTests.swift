import OutlayCore
import OutlayGateway
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    private let asked = [
        Chat.delta("Hel", usage: #","usage":null"#), Chat.delta("lo", usage: #","usage":null"#), Chat.finish,
        Chat.usage,
        Chat.done,
    ]
    private let direct = Chat.delta("Hel") + Chat.delta("lo") + Chat.finish + Chat.done

    @Test func `a stream passes byte for byte and is metered while it passes`() async throws {
        let chunks = [Chat.delta("Hel"), Chat.delta("lo"), Chat.finish, Chat.usage, Chat.done]
        let request = Chat.streamRequest.replacing(
            #""stream":true"#,
            with: #""stream":true,"stream_options":{"include_usage":true}"#
        )
        try await Harness.run(script: { _ in [.send(eventStream(chunks))] }) { gateway in
            let answer = try await gateway.call(post(Chat.path, request))
            #expect(answer.text == chunks.joined())
            #expect(answer["content-type"] == "text/event-stream")
            #expect(answer["x-outlay-call-id"]?.hasPrefix("call_") ?? false)
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.metering.quality == .exact)
            #expect(event.metering.total == [.input: 10, .output: 5])
            #expect(event.outcome.isStream)
            #expect(event.outcome.timeToFirstTokenMicroseconds != nil)
            #expect(gateway.upstream.requests.first?.text == request)
        }
    }

    @Test func `usage that the client did not ask for is asked for and taken out again`() async throws {
        let chunks = asked
        let expected = direct
        try await Harness.run(script: { _ in [.send(eventStream(chunks))] }) { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.streamRequest))
            #expect(answer.text == expected)
            #expect(gateway.upstream.requests.first?.text.contains(#""include_usage":true"#) ?? false)
            #expect(await gateway.book.settled(1).first?.metering.quality == .exact)
        }
    }

    @Test func `an upstream that does not know include_usage is asked once more without`() async throws {
        let refusal = #"{"error":{"message":"Unknown parameter: stream_options"}}"#
        let chunks = [Chat.delta("Hello"), Chat.finish, Chat.done]
        try await Harness.run(script: { request in
            request.index == 0 ? [.send(json(refusal, status: "400 Bad Request"))] : [.send(eventStream(chunks))]
        }) { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.streamRequest))
            #expect(answer.text == chunks.joined())
            #expect(gateway.upstream.requests.map { $0.text.contains("include_usage") } == [true, false])
            let events = await gateway.book.settled(2)
            #expect(events.map(\.metering.quality) == [.unbilled, .estimated])
            #expect(events[1].id.id == events[0].id.id + "#2")
        }
    }

    @Test func `a stream without usage is estimated from its characters`() async throws {
        let chunks = [Chat.delta("Hello, world"), Chat.finish, Chat.done]
        try await Harness.run(script: { _ in [.send(eventStream(chunks))] }) { gateway in
            _ = try await gateway.call(post(Chat.path, Chat.streamRequest))
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.metering.quality == .estimated)
            #expect(event.metering.method == "characters/4")
            #expect(event.metering.total[.output] == 3)
            #expect(event.outcome.ending == .completed)
        }
    }

    @Test func `a client that leaves ends the call where that ends the bill`() async throws {
        let never = Latch()
        try await Harness.run(script: { _ in
            [.send(eventStream([Chat.delta("Hello, world")], isEnded: false)), .wait(never)]
        }) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.streamRequest))
            await peer.received("Hello, world")
            peer.close()
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.outcome.ending == .clientGone)
            #expect(event.metering.quality == .estimated)
            #expect(event.metering.total[.output] == 3)
        }
    }

    @Test func `a client that leaves a provider who bills on is outlived by its call`() async throws {
        let left = Latch()
        let rest = chunk(Chat.usage) + chunk(Chat.done) + "0\r\n\r\n"
        try await Harness.run(
            { $0.provider = "groq" },
            script: { _ in
                [.send(eventStream([Chat.delta("Hello")], isEnded: false)), .wait(left), .send(rest)]
            }
        ) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.streamRequest))
            await peer.received("Hello")
            peer.close()
            while gateway.metrics.counts.drains == 0 { await Task.yield() }
            left.open()
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.outcome.ending == .clientGone)
            #expect(event.metering.quality == .exact)
            #expect(event.metering.total == [.input: 10, .output: 5])
            #expect(gateway.metrics.counts.drains == 0)
        }
    }

    @Test func `a client that leaves a whole answer is outlived by its call`() async throws {
        let left = Latch()
        try await Harness.run(script: { _ in [.wait(left), .send(json(Chat.answer))] }) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.request))
            await gateway.upstream.received(count: 1)
            peer.close()
            while gateway.metrics.counts.drains == 0 { await Task.yield() }
            left.open()
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.metering.quality == .exact)
            #expect(event.outcome.ending == .clientGone)
        }
    }

    @Test func `no more answers are drained than allowed`() async throws {
        let never = Latch()
        try await Harness.run(
            {
                $0.limits.drainsMax = 0
                $0.provider = "groq"
            },
            script: { _ in [.send(eventStream([Chat.delta("Hello")], isEnded: false)), .wait(never)] }
        ) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.streamRequest))
            await peer.received("Hello")
            peer.close()
            #expect(await gateway.book.settled(1).first?.metering.quality == .estimated)
        }
    }

    @Test func `a client that does not read holds the provider back`() async throws {
        let piece = Chat.delta(String(repeating: "x", count: 60_000))
        let pieces = 200
        let chunks = Array(repeating: piece, count: pieces) + [Chat.usage, Chat.done]
        let request = Chat.streamRequest.replacing(
            #""stream":true"#,
            with: #""stream":true,"stream_options":{"include_usage":true}"#
        )
        try await Harness.run(script: { _ in [.send(eventStream(chunks))] }) { gateway in
            let peer = try await gateway.connect(isReading: false)
            peer.send(post(Chat.path, request))
            await gateway.upstream.received(count: 1)
            let other = try await gateway.connect()
            other.send(get("/nowhere"))
            #expect(await other.answer().status == 404)
            other.close()
            #expect(gateway.book.events.isEmpty, "12 MB were taken from the provider for a client that reads nothing")
            peer.startReading()
            await peer.received(ending: "\r\n0\r\n\r\n")
            let answer = await peer.answer()
            #expect(answer.text.utf8.count == chunks.joined().utf8.count)
            #expect(await gateway.book.settled(1).first?.metering.quality == .exact)
            peer.close()
        }
    }

    @Test func `a client that never reads has left after a while`() async throws {
        let chunks = Array(repeating: Chat.delta(String(repeating: "x", count: 60_000)), count: 400)
        try await Harness.run({ $0.limits.times.clientStall = 50 }, script: { _ in [.send(eventStream(chunks))] }) {
            gateway in
            let peer = try await gateway.connect(isReading: false)
            peer.send(post(Chat.path, Chat.streamRequest))
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.outcome.ending == .clientGone)
            #expect(event.metering.quality == .estimated)
            peer.close()
        }
    }

    @Test func `in strict mode the last bytes wait for the ledger`() async throws {
        try await Harness.run(
            { $0.isStrict = true },
            script: { request in
                [
                    .send(
                        request.index == 0 ? json(Chat.answer) : eventStream([Chat.delta("Hi"), Chat.usage, Chat.done])
                    )
                ]
            }
        ) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.request))
            _ = await gateway.book.settled(1)
            #expect(peer.received.isEmpty)
            gateway.book.commit()
            #expect(await peer.answer().text == Chat.answer)
            peer.send(post(Chat.path, Chat.streamRequest))
            _ = await gateway.book.settled(2)
            #expect(!peer.text.hasSuffix("0\r\n\r\n"))
            gateway.book.commit()
            #expect(await peer.answer().text == Chat.delta("Hi") + Chat.done)
            peer.close()
        }
    }
}
