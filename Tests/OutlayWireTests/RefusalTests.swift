import OutlayCore
import OutlayWire
import Testing

@Suite struct RefusalTests {
    private var refusal: Refusal {
        var refusal = Refusal(.budgetExceeded, "The budget \"m\" is spent.\nAsk its owner.")
        refusal.details.callID = "call-1"
        refusal.details.budget = "m"
        refusal.details.limitUSD = "5000"
        return refusal
    }

    private func json(_ dialect: Upstream.Dialect) throws -> JSONValue {
        try JSONValue(refusal.body(dialect: dialect))
    }

    @Test(arguments: [Upstream.Dialect.openai, .azureOpenAI, .openaiCompatible])
    func `OpenAI clients get OpenAI's error object`(_ dialect: Upstream.Dialect) throws {
        let error = try #require(try json(dialect)["error"])
        #expect(error["type"]?.string == "insufficient_quota")
        #expect(error["code"]?.string == "budget_exceeded")
        #expect(error["message"]?.string == refusal.message)
        #expect(error["param"] == .null)
        #expect(error["outlay"]?["budget"]?.string == "m")
        #expect(error["outlay"]?["limit_usd"]?.string == "5000")
        #expect(error["outlay"]?["call_id"]?.string == "call-1")
    }

    @Test func `Anthropic clients get Anthropic's`() throws {
        let body = try json(.anthropic)
        #expect(body["type"]?.string == "error")
        #expect(body["request_id"]?.string == "call-1")
        #expect(body["error"]?["type"]?.string == "billing_error")
        #expect(body["error"]?["outlay"]?["budget"]?.string == "m")
    }

    @Test func `Gemini clients get Google's`() throws {
        let error = try #require(try json(.gemini)["error"])
        #expect(error["code"]?.int == 402)
        #expect(error["status"]?.string == "RESOURCE_EXHAUSTED")
        #expect(error["outlay"]?["budget"]?.string == "m")
    }

    @Test(arguments: Upstream.Dialect.allCases)
    func `a budget that counts tokens or calls says how it stands in them`(_ dialect: Upstream.Dialect) throws {
        for unit in [BudgetUnit.tokens, .calls] {
            var refusal = Refusal(.budgetExceeded, "x")
            refusal.details.counts = Refusal.Details.Counts(unit, limit: 100, spent: 60, reserved: 40)
            let outlay = try JSONValue(refusal.body(dialect: dialect))["error"]?["outlay"]
            #expect(outlay?["limit_\(unit.rawValue)"]?.string == "100")
            #expect(outlay?["spent_\(unit.rawValue)"]?.string == "60")
            #expect(outlay?["reserved_\(unit.rawValue)"]?.string == "40")
            #expect(outlay?["limit_usd"] == nil)
        }
    }

    @Test(arguments: RefusalCode.allCases)
    func `a refusal for money or rights is not retried, and every body is JSON`(_ code: RefusalCode) throws {
        let refusal = Refusal(code, "x", retryAfter: 500)
        if [401, 402, 403].contains(refusal.status) { #expect(refusal.shouldRetry == false) }
        #expect((400...599).contains(refusal.status))
        #expect(refusal.retryAfter == 60)
        for dialect in Upstream.Dialect.allCases {
            #expect(try JSONValue(refusal.body(dialect: dialect))["error"] != nil)
        }
    }

    @Test(arguments: [
        (Upstream.Dialect.openai, "chat.completions"), (.openai, "responses"), (.anthropic, "messages"),
        (.gemini, "generateContent"),
    ])
    func `a stream that is cut ends with an error its reader sees`(_ call: (dialect: Upstream.Dialect, api: String)) {
        let event = refusal.finalEvent(dialect: call.dialect, api: call.api)
        let answer = Answer(api: call.api, dialect: call.dialect, contentType: "text/event-stream")
        let cut = Array("data: {\"id\":\"x\",\"cho".utf8)
        #expect(answer.reading(of: event).isError)
        #expect(answer.reading(of: cut + event).isError)
    }
}
