import OutlayCore
import OutlayGateway
import Synchronization
import Testing

/// Bounds and the end: bodies, slow clients, shutdown.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    @Test func `a body of 32 MiB is forwarded whole`() async throws {
        let limit = 32 * 1024 * 1024
        let padding = String(repeating: "z", count: limit - Chat.request.utf8.count)
        let body = Chat.request.replacing("Hello", with: "Hello" + padding)
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let answer = try await gateway.call(post(Chat.path, body))
            #expect(answer.status == 200)
            #expect(gateway.upstream.requests.first?.body.count == limit)
            #expect(gateway.metrics.counts.bufferedBytes == 0)
        }
    }

    @Test func `a body that says it is larger is refused before it is read`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let head = post(Chat.path, "").replacing("Content-Length: 0", with: "Content-Length: 33554433")
            let answer = try await gateway.call(head)
            #expect(answer.status == 413)
            #expect(answer.text.contains("body_too_large"))
        }
    }

    @Test func `a chunked body that grows larger is refused`() async throws {
        try await Harness.run({ $0.limits.bodyBytesMax = 1000 }, script: { _ in [.send(json(Chat.answer))] }) {
            gateway in
            let head = post(Chat.path, "").replacing("Content-Length: 0", with: "Transfer-Encoding: chunked")
            let answer = try await gateway.call(head + chunk(String(repeating: " ", count: 1001)))
            #expect(answer.status == 413)
            #expect(gateway.metrics.counts.bufferedBytes == 0)
        }
    }

    @Test func `a chunked body is forwarded with its length`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let head = post(Chat.path, "").replacing("Content-Length: 0", with: "Transfer-Encoding: chunked")
            let half = Chat.request.count / 2
            let body = chunk(String(Chat.request.prefix(half))) + chunk(String(Chat.request.dropFirst(half)))
            let answer = try await gateway.call(head + body + "0\r\n\r\n")
            #expect(answer.status == 200)
            #expect(gateway.upstream.requests.first?.text == Chat.request)
            #expect(gateway.upstream.requests.first?["content-length"] == String(Chat.request.count))
        }
    }

    @Test func `all bodies together have a bound`() async throws {
        try await Harness.run({ $0.limits.bodyBytesTotalMax = 10 }, script: { _ in [.send(json(Chat.answer))] }) {
            gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.request))
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "1")
            #expect(gateway.metrics.counts.bufferedBytes == 0)
        }
    }

    @Test func `a head that does not come in time ends the connection`() async throws {
        try await Harness.run({ $0.limits.times.header = 50 }, script: { _ in [] }) { gateway in
            let peer = try await gateway.connect()
            peer.send("GET /v1/models HTTP/1.1\r\nHost:")
            await peer.closed()
            #expect(peer.text.isEmpty || peer.text.hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test func `a body that hardly comes is refused`() async throws {
        try await Harness.run({ $0.limits.times.bodyGrace = 50 }, script: { _ in [] }) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, "").replacing("Content-Length: 0", with: "Content-Length: 100"))
            await peer.closed()
            #expect(peer.text.hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test func `a connection that rests too long is closed`() async throws {
        try await Harness.run({ $0.limits.times.clientIdle = 50 }, script: { _ in [.send(json(Chat.answer))] }) {
            gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.request))
            #expect(await peer.answer().status == 200)
            await peer.closed()
        }
    }

    @Test func `a refused request leaves its connection usable`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.request, key: "olk_wrong"))
            #expect(await peer.answer().status == 401)
            peer.send(post(Chat.path, Chat.request))
            #expect(await peer.answer().status == 200)
            peer.close()
        }
    }

    @Test func `connections have a bound`() async throws {
        try await Harness.run({ $0.limits.connectionsMax = 1 }, script: { _ in [.send(json(Chat.answer))] }) {
            gateway in
            let first = try await gateway.connect()
            first.send(post(Chat.path, Chat.request))
            #expect(await first.answer().status == 200)
            let second = try await gateway.connect()
            await second.closed()
            first.close()
        }
    }

    @Test func `a shutdown lets calls finish and refuses new ones`() async throws {
        let go = Latch()
        try await Harness.run(script: { request in
            request.index == 0 ? [.wait(go), .send(json(Chat.answer))] : [.send(json(Chat.answer))]
        }) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.request))
            await gateway.upstream.received(count: 1)
            let resting = try await gateway.connect()
            resting.send(post(Chat.path, Chat.request, key: nil))
            _ = await resting.answer()
            await gateway.stop()
            await resting.closed()
            go.open()
            let answer = await peer.answer()
            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
            #expect(await gateway.book.settled(1).first?.metering.quality == .exact)
        }
    }

    @Test func `a stream that outlives the shutdown is cut with an error event and booked`() async throws {
        let never = Latch()
        try await Harness.run(
            { $0.limits.times.shutdown = 50 },
            script: { _ in
                [.send(eventStream([Chat.delta("Hello, world")], isEnded: false)), .wait(never)]
            }
        ) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.streamRequest))
            await peer.received("Hello, world")
            await gateway.stop()
            let answer = await peer.answer()
            #expect(answer.isWhole)
            #expect(answer.text.contains("shutting_down"))
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.outcome.ending == .cut)
            #expect(event.metering.quality == .estimated)
        }
    }

    @Test func `a call keeps the configuration it began with`() async throws {
        let go = Latch()
        try await Harness.run(script: { _ in [.wait(go), .send(json(Chat.answer))] }) { gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.request))
            await gateway.upstream.received(count: 1)
            let empty = try Self.emptySnapshot()
            gateway.snapshots.replace(with: empty)
            go.open()
            #expect(await peer.answer().status == 200)
            #expect(await gateway.book.settled(1).first?.rating.state == .rated)
            let next = try await gateway.call(post(Chat.path, Chat.request))
            #expect(next.status == 404)
            peer.close()
        }
    }

    @Test func `a call that ended lets go of everything it held`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let first = Watched(gateway.snapshots.snapshot)
            #expect(try await gateway.call(post(Chat.path, Chat.request)).status == 200)
            gateway.snapshots.replace(with: try Self.emptySnapshot())
            // The next answer comes from the same loop, after everything the first one left to be done there.
            #expect(try await gateway.call(post(Chat.path, Chat.request)).status == 404)
            #expect(first.snapshot == nil)
        }
    }

    private static func emptySnapshot() throws -> GatewaySnapshot {
        try GatewaySnapshot(
            number: 2,
            upstreams: [],
            credentials: [:],
            keys: [],
            tariff: (pricing: FlatPricing(), attributing: PlainAttributing())
        )
    }
}

/// A snapshot that is looked at without being kept.
private struct Watched {
    private(set) weak var snapshot: GatewaySnapshot?

    init(_ snapshot: GatewaySnapshot) {
        self.snapshot = snapshot
    }
}
