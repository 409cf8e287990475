import OutlayCore
import OutlayGateway
import Testing

/// Trailers end at the gateway, both ways; the messages they came with do not suffer.
@Suite(.timeLimit(.minutes(1))) struct TrailerTests {
    private static func chunked(_ body: String, trailers: String) -> String {
        "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\(trailers)\r\n"
    }

    @Test func `an answer's trailers are dropped, its body is whole and metered, and the connection goes on`()
        async throws
    {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
        let answer = head + Self.chunked(Chat.answer, trailers: "X-Sum: abc\r\nSet-Cookie: a=b\r\n")
        try await Harness.run(script: { _ in [.send(answer)] }) { gateway in
            let peer = try await Peer.connect(port: gateway.port)
            for _ in 0..<2 {
                peer.send(post(Chat.path, Chat.request))
                let shown = await peer.answer()
                #expect(shown.status == 200)
                #expect(shown.text == Chat.answer)
                #expect(shown["trailer"] == nil)
                #expect(!shown.head.lowercased().contains("x-sum"))
            }
            #expect(peer.received.isEmpty, "something came behind the answer's end")
            let events = await gateway.book.settled(2)
            #expect(events.map(\.metering.quality) == [.exact, .exact])
            #expect(gateway.upstream.connections == 1)
            peer.close()
        }
    }

    @Test func `a request's trailers are dropped and cannot add a field that a head may not have`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let peer = try await Peer.connect(port: gateway.port)
            let head =
                "POST \(Chat.path) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(Harness.clientKey)\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Team\r\n\r\n"
            peer.send(head + Self.chunked(Chat.request, trailers: "X-Team: evil\r\nX-Late: 1\r\n"))
            #expect(await peer.answer().status == 200)
            let request = try #require(gateway.upstream.requests.first)
            #expect(request.text == Chat.request)
            #expect(!request.head.lowercased().contains("x-late"))
            #expect(request["trailer"] == nil)
            let events = await gateway.book.settled(1)
            #expect(events.first?.attribution.effective[.team] == "growth")
            peer.close()
        }
    }
}
