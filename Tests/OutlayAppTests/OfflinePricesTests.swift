import OutlayApp
import OutlayWire
import Testing

/// `outlay price rate`: one answer from a file, priced without a server.
@Suite struct OfflinePricesTests {
    private let prices: OfflinePrices

    init() throws {
        prices = try OfflinePrices(configuration: nil)
    }

    private func call(
        _ provider: String = "openai",
        api: String = "chat.completions",
        model: String? = "gpt-4o-mini"
    ) -> OfflinePrices.Call {
        OfflinePrices.Call(provider: provider, api: api, model: model, at: "2026-11-20", context: [])
    }

    private func rate(_ body: String, of call: OfflinePrices.Call) throws -> RatingAnswer {
        try prices.rate(Array(body.utf8), of: call)
    }

    private static let request = #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"12345678"}]}"#

    @Test func `the output of a stream that broke off is estimated, its prompt is as reported`() throws {
        let text = String(repeating: "x", count: 400)
        let body = """
            event: message_start
            data: {"type":"message_start","message":{"model":"claude-opus-5-5","usage":{"input_tokens":25,"output_tokens":1}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\(text)"}}

            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}


            """
        let answer = try rate(body, of: call("anthropic", api: "messages", model: nil))
        #expect(answer.lines.map(\.quantity.description) == ["25", "100"])
        #expect(answer.totalUSD == "0.0021")
        #expect(answer.quality == "estimated" && answer.method == "characters/4")
    }

    @Test func `an answer without usage stays unpriced, unless the request says what was asked`() throws {
        let body = #"{"model":"gpt-4o-mini","choices":[{"message":{"content":"12345678"}}]}"#
        let alone = try rate(body, of: call())
        #expect(alone.totalUSD == nil && alone.state == "unpriced" && alone.quality == "unmetered")
        var asked = call()
        asked.request = Array(Self.request.utf8)
        let estimated = try rate(body, of: asked)
        #expect(estimated.lines.map(\.quantity.description) == ["2", "2"])
        #expect(estimated.state == "rated" && estimated.quality == "estimated")
    }

    @Test func `what is odd about the counts stands beside the price`() throws {
        let body = #"{"model":"gpt-4o-mini","usage":{"prompt_tokens":"1000","completion_tokens":-1}}"#
        let answer = try rate(body, of: call())
        #expect(answer.totalUSD == "0.00015")
        #expect(answer.flags == ["string_count", "negative_count"])
        #expect(try answer.text(as: .table).contains("string_count, negative_count"))
        let csv = try answer.text(as: .csv).split(separator: "\r\n")
        #expect(csv == ["unit,quantity,rate_usd_per_million,amount_usd", "input,1000,0.15,0.00015"])
        #expect(try answer.text(as: .jsonl).split(separator: "\n").count == 1)
        #expect(try answer.text(as: .markdown).contains("| input | 1000 | 0.15 | 0.00015 |"))
    }

    @Test func `a name that the book does not have is told, with what was meant`() throws {
        let body = #"{"usage":{"prompt_tokens":1000,"completion_tokens":1}}"#
        func told(_ call: OfflinePrices.Call) throws -> String? {
            prices.unknownName(in: try rate(body, of: call), of: call)
        }
        #expect(try told(call()) == nil)
        #expect(try told(call("opnai"))?.contains("did you mean 'openai'?") ?? false)
        #expect(try told(call("nobody"))?.contains("known are openai, ") ?? false)
        #expect(try told(call(model: "gpt-4o-mni"))?.contains("did you mean 'gpt-4o-mini'?") ?? false)
        #expect(try told(call(model: nil))?.contains("--model") ?? false)
    }
}
