import OutlayGateway
import Testing

/// One address cannot take every connection.
@Suite(.timeLimit(.minutes(1))) struct AddressTests {
    private static func run(
        countsLoopback: Bool,
        _ test: @escaping @Sendable (Harness) async throws -> Void
    ) async throws {
        try await Harness.run {
            $0.limits.connectionsPerAddressMax = 2
            $0.limits.countsLoopback = countsLoopback
        } script: { _ in
            [.send(json(Chat.answer))]
        } test: {
            try await test($0)
        }
    }

    /// A connection that the gateway has accepted: it answered a call.
    private static func open(_ gateway: Harness) async throws -> Peer {
        let peer = try await Peer.connect(port: gateway.port)
        peer.send(post(Chat.path, Chat.request))
        #expect(await peer.answer().status == 200)
        return peer
    }

    @Test func `one connection too many is told so, closed and counted`() async throws {
        try await Self.run(countsLoopback: true) { gateway in
            let held = [try await Self.open(gateway), try await Self.open(gateway)]
            let extra = try await Peer.connect(port: gateway.port)
            extra.send(post(Chat.path, Chat.request))
            let answer = await extra.answer()
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "5")
            #expect(answer["connection"] == "close")
            #expect(answer.text.contains("overloaded"))
            await extra.closed()
            #expect(gateway.upstream.requests.count == 2)
            #expect(gateway.metrics.counts.refusedConnections == 1)
            for peer in held { peer.close() }
        }
    }

    @Test func `a connection that closed makes room for another`() async throws {
        try await Self.run(countsLoopback: true) { gateway in
            let kept = try await Self.open(gateway)
            for _ in 0..<3 {
                let peer = try await Peer.connect(port: gateway.port)
                let request = post(Chat.path, Chat.request, fields: ["Connection: close"])
                peer.send(request)
                #expect(await peer.answer().status == 200)
                await peer.closed()
            }
            kept.close()
        }
    }

    @Test func `connections from this machine are not counted, because a proxy may be behind them`() async throws {
        try await Self.run(countsLoopback: false) { gateway in
            var peers: [Peer] = []
            for _ in 0..<4 { peers.append(try await Self.open(gateway)) }
            #expect(gateway.metrics.counts.refusedConnections == 0)
            for peer in peers { peer.close() }
        }
    }
}
