import OutlayCore
import OutlayGateway
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct CallTests {
    @Test func `a JSON call is forwarded, metered, priced and booked once`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer, fields: ["x-request-id: req_1"]))] }) { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.request, fields: ["X-Project: alpha"]))
            #expect(answer.status == 200)
            #expect(answer.text == Chat.answer)
            #expect(answer["x-outlay-cost-usd"] == "0.00002")
            let events = await gateway.book.settled(1)
            let event = try #require(events.first)
            let id = try #require(answer["x-outlay-call-id"])
            #expect(events.count == 1)
            #expect(event.id == EventID(source: "gateway", id: id))
            #expect(event.metering.quality == .exact)
            #expect(event.metering.total == [.input: 10, .output: 5])
            #expect(event.rating.total == Money(dollars: "0.00002"))
            #expect(event.attribution.effective == [.team: "growth", .project: "alpha"])
            #expect(event.service.model == "known-model-1")
            #expect(event.service.requestedModel == "known-model")
            #expect(event.outcome.ending == .completed)
            #expect(event.links.responseID == "chatcmpl-1")
            #expect(event.links.requestID == "req_1")
            #expect(gateway.book.intents.map(\.id) == [event.id])
        }
    }

    @Test func `the provider gets its own key and none of our fields`() async throws {
        let fields = [
            "X-Team: red", "baggage: team=red", "X-Outlay-Tags: a=b", "X-Forwarded-For: 10.0.0.1", "Forwarded: for=x",
            "Connection: keep-alive, X-Secret", "X-Secret: 1", "Accept-Encoding: gzip", "TE: trailers",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "OpenAI-Organization: org-1",
            "User-Agent: sdk/1", "X-Client-Request-Id: c-1",
        ]
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            _ = try await gateway.call(post(Chat.path, Chat.request, fields: fields))
            let request = try #require(gateway.upstream.requests.first)
            #expect(request.line == "POST /v1/chat/completions HTTP/1.1")
            #expect(request.text == Chat.request)
            #expect(request["authorization"] == "Bearer \(Harness.providerKey)")
            #expect(request["host"]?.hasPrefix("127.0.0.1:") ?? false)
            #expect(request["openai-organization"] == "org-1")
            #expect(request["x-client-request-id"] == "c-1")
            for name in [
                "x-team", "baggage", "x-outlay-tags", "x-forwarded-for", "forwarded", "x-secret", "accept-encoding",
                "te", "traceparent", "connection",
            ] {
                #expect(request[name] == nil, "\(name) was forwarded")
            }
            #expect(!request.head.contains(Harness.clientKey))
        }
    }

    @Test func `effective tags are written into the provider's metadata only where the operator asked for it`()
        async throws
    {
        try await Harness.run(
            { setup in
                setup.upstreams = { upstreams in
                    upstreams.map { upstream in
                        var tagging = upstream
                        tagging.writesMetadata = true
                        return tagging
                    }
                }
            },
            script: { _ in [.send(json(Chat.answer))] }
        ) { gateway in
            _ = try await gateway.call(post(Chat.path, Chat.request, fields: ["X-Team: red", "X-Project: alpha"]))
            let request = try #require(gateway.upstream.requests.first)
            #expect(request.text.hasPrefix(#"{"metadata":{"project":"alpha","team":"growth"},"#))
            #expect(request.text.hasSuffix(Chat.request.dropFirst()))
        }
    }

    @Test(arguments: [
        "Authorization: Bearer \(Harness.clientKey)", "x-api-key: \(Harness.clientKey)",
        "x-goog-api-key: \(Harness.clientKey)", "X-Outlay-Key: \(Harness.clientKey)",
    ])
    func `the key is found wherever SDKs put it`(_ field: String) async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.request, fields: [field], key: nil))
            #expect(answer.status == 200)
        }
    }

    @Test func `a key in the query is accepted and taken out of it`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let path = "\(Chat.path)?a=1&key=\(Harness.clientKey)&b=2"
            let answer = try await gateway.call(post(path, Chat.request, key: nil))
            #expect(answer.status == 200)
            #expect(gateway.upstream.requests.first?.line == "POST /v1/chat/completions?a=1&b=2 HTTP/1.1")
        }
    }

    @Test func `in bring-your-own mode the caller's provider key passes untouched`() async throws {
        try await Harness.run(
            {
                $0.upstreams = {
                    $0.map { upstream in
                        var own = upstream
                        own.key = .client
                        return own
                    }
                }
            },
            script: { _ in [.send(json(Chat.answer))] }
        ) { gateway in
            let own = ["X-Outlay-Key: \(Harness.clientKey)", "Authorization: Bearer sk-mine"]
            let answer = try await gateway.call(post(Chat.path, Chat.request, fields: own, key: nil))
            #expect(answer.status == 200)
            #expect(gateway.upstream.requests.first?["authorization"] == "Bearer sk-mine")
            let nameless = try await gateway.call(post(Chat.path, Chat.request, key: "sk-mine"))
            #expect(nameless.status == 401)
            #expect(nameless.text.contains("X-Outlay-Key"))
        }
    }

    @Test func `a free route is booked as a free call`() async throws {
        try await Harness.run(script: { _ in [.send(json(#"{"data":[]}"#))] }) { gateway in
            let answer = try await gateway.call(get("/v1/models"))
            #expect(answer.status == 200)
            #expect(answer["x-outlay-cost-usd"] == "0")
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.metering.quality == .unbilled)
            #expect(event.rating.total == .zero)
            #expect(event.outcome.ending == .completed)
        }
    }

    @Test func `an unknown model is unpriced, and no cost is shown`() async throws {
        let body = Chat.answer.replacing("known-model-1", with: "house-model")
        try await Harness.run(script: { _ in [.send(json(body))] }) { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.request))
            #expect(answer["x-outlay-cost-usd"] == nil)
            let event = try #require(await gateway.book.settled(1).first)
            #expect(event.rating.state == .unpriced)
            #expect(event.metering.total[.input] == 10)
        }
    }

    @Test func `pipelined requests are answered one by one, in order`() async throws {
        try await Harness.run(script: { request in
            [.send(json(Chat.answer.replacing("chatcmpl-1", with: "chatcmpl-\(request.text.count)")))]
        }) { gateway in
            let peer = try await gateway.connect()
            let requests = ["a", "bb", "ccc"].map { Chat.request.replacing("Hello", with: $0) }
            peer.send(requests.map { post(Chat.path, $0) }.joined())
            for request in requests {
                let answer = await peer.answer()
                #expect(answer.text.contains("chatcmpl-\(request.count)\""))
            }
            #expect(await gateway.book.settled(3).count == 3)
            #expect(gateway.upstream.connections == 1)
            peer.close()
        }
    }

    @Test func `a request that waits for 100 Continue is told to go on`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let peer = try await gateway.connect()
            let whole = post(Chat.path, Chat.request, fields: ["Expect: 100-continue"])
            peer.send(String(whole.dropLast(Chat.request.count)))
            let go = await peer.answer()
            #expect(go.status == 100)
            peer.send(Chat.request)
            #expect(await peer.answer().status == 200)
            #expect(gateway.upstream.requests.first?["expect"] == nil)
            peer.close()
        }
    }

    @Test func `an HTTP 1.0 client gets its answer and the end of the connection`() async throws {
        try await Harness.run(script: { _ in [.send(eventStream([Chat.delta("Hi"), Chat.usage, Chat.done]))] }) {
            gateway in
            let peer = try await gateway.connect()
            peer.send(post(Chat.path, Chat.streamRequest).replacing("HTTP/1.1", with: "HTTP/1.0"))
            await peer.closed()
            #expect(!peer.text.lowercased().contains("transfer-encoding"))
            #expect(peer.text.hasSuffix(Chat.done))
        }
    }

    @Test func `HEAD has the head of the answer and no body`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n"
        try await Harness.run(script: { _ in [.send(head)] }) { gateway in
            let peer = try await gateway.connect()
            peer.send(get("/v1/models", method: "HEAD"))
            let answer = await peer.answer(isHead: true)
            #expect(answer.status == 200)
            #expect(answer["content-length"] == "11")
            peer.close()
        }
    }

    @Test func `a call inherits the tags of its trace's first call`() async throws {
        let trace = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            _ = try await gateway.call(post(Chat.path, Chat.request, fields: [trace, "X-Feature: search"]))
            _ = try await gateway.call(post(Chat.path, Chat.request, fields: [trace]))
            let events = await gateway.book.settled(2)
            #expect(events.map { $0.attribution.effective[.feature] } == ["search", "search"])
            #expect(events.map(\.links.traceID) == Array(repeating: "0af7651916cd43dd8448eb211c80319c", count: 2))
            #expect(events.last?.attribution.effective[.run] == "0af7651916cd43dd8448eb211c80319c")
        }
    }

    @Test func `a retry is linked to its first call, and tags that differ are flagged`() async throws {
        try await Harness.run(script: { _ in [.send(json(Chat.answer))] }) { gateway in
            let id = "X-Client-Request-Id: task-1"
            _ = try await gateway.call(post(Chat.path, Chat.request, fields: [id, "X-Feature: search"]))
            let retry = [id, "X-Feature: chat", "x-stainless-retry-count: 1"]
            _ = try await gateway.call(post(Chat.path, Chat.request, fields: retry))
            let events = await gateway.book.settled(2)
            #expect(events.map(\.links.attempt) == [1, 2])
            #expect(events[0].links.call == events[1].links.call)
            #expect(events[0].id != events[1].id)
            #expect(events[1].attribution.conflicts == [.feature])
        }
    }
}
