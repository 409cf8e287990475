import OutlayCore
import OutlayGateway
import Testing

/// Usage that providers tell more than once is booked once.
@Suite(.timeLimit(.minutes(1))) struct OnceTests {
    private let request = #"{"model":"known-model","background":true,"input":"Hello there"}"#
    private let pending =
        #"{"id":"resp_1","object":"response","status":"queued","background":true,"model":"known-model","usage":null}"#
    private let done =
        #"{"id":"resp_1","object":"response","status":"completed","background":true,"model":"known-model","output":[],"#
        + #""usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15}}"#

    @Test func `a background response is booked by its own name, however often it is fetched`() async throws {
        let (pending, done) = (pending, done)
        try await Harness.run(script: { request in [.send(json(request.index == 0 ? pending : done))] }) { gateway in
            _ = try await gateway.call(post("/v1/responses", request))
            _ = try await gateway.call(get("/v1/responses/resp_1"))
            _ = try await gateway.call(get("/v1/responses/resp_1"))
            let events = await gateway.book.settled(5)
            let (own, told) = (events.filter { $0.id.source == "gateway" }, events.filter { $0.id.source != "gateway" })
            #expect(own.map(\.metering.quality) == [.unmetered, .unbilled, .unbilled])
            #expect(own.map(\.id) == gateway.book.intents.map(\.id), "an intent stays open")
            #expect(Set(told.map(\.id)) == [EventID(source: "openai:response", id: "resp_1")])
            #expect(told.map(\.metering.total) == Array(repeating: [.input: 10, .output: 5], count: 2))
            #expect(told.map(\.rating.total) == Array(repeating: Money(dollars: "0.00002"), count: 2))
        }
    }

    @Test func `a background stream closes its own intent and books the response by its name`() async throws {
        let done = done
        let request = request.replacing(#""background""#, with: #""stream":true,"background""#)
        let event = "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":\(done)}\n\n"
        try await Harness.run(script: { _ in [.send(eventStream([event]))] }) { gateway in
            let answer = try await gateway.call(post("/v1/responses", request))
            #expect(answer.text == event)
            let events = await gateway.book.settled(2)
            #expect(events.map(\.id.source) == ["openai:response", "gateway"])
            #expect(events.map(\.metering.quality) == [.exact, .unbilled])
            #expect(gateway.book.intents.map(\.id) == [events[1].id])
        }
    }

    @Test func `a stored response that was booked when it was made costs nothing to fetch`() async throws {
        let body = done.replacing(#""background":true"#, with: #""background":false"#)
        try await Harness.run(script: { _ in [.send(json(body))] }) { gateway in
            let made = #"{"model":"known-model","input":"Hello there"}"#
            _ = try await gateway.call(post("/v1/responses", made))
            let answer = try await gateway.call(get("/v1/responses/resp_1"))
            #expect(answer["x-outlay-cost-usd"] == "0")
            let events = await gateway.book.settled(2)
            #expect(events.map(\.metering.quality) == [.exact, .unbilled])
            #expect(events.map(\.id.source) == ["gateway", "gateway"])
        }
    }

    @Test func `the calls of a batch are booked one by one as their results are fetched`() async throws {
        let lines = [1, 2].map {
            #"{"id":"batch_req_\#($0)","custom_id":"row-\#($0)","response":{"status_code":200,"body":"#
                + Chat.answer + #"},"error":null}"# + "\n"
        }
        try await Harness.run(script: { _ in [.send(json(lines.joined()))] }) { gateway in
            let answer = try await gateway.call(get("/v1/files/file-1/content"))
            #expect(answer.text == lines.joined())
            let events = await gateway.book.settled(3)
            #expect(events.map(\.id.source) == ["openai:batch", "openai:batch", "gateway"])
            #expect(
                events.prefix(2).map(\.id.id) == ["/v1/files/file-1/content:row-1", "/v1/files/file-1/content:row-2"]
            )
            #expect(events.prefix(2).allSatisfy { $0.metering.total == [.input: 10, .output: 5] })
            #expect(events.prefix(2).allSatisfy { $0.service.context.processing == "batch" })
            #expect(events[2].metering.quality == .unbilled)
        }
    }
}
