import OutlayCore
import OutlayWire
import Testing

@Suite struct HostileNumberTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let written: String
        let input: Int64?
        let flags: [String]

        var testDescription: String { written }
    }

    @Test(arguments: [
        Case(written: "0", input: 0, flags: []),
        Case(written: "1000000000", input: 1_000_000_000, flags: []),
        Case(written: "12.0", input: 12, flags: []),
        Case(written: "1.2e1", input: 12, flags: []),
        Case(written: "1E+3", input: 1000, flags: []),
        Case(written: "12.5", input: 13, flags: ["fractional_count"]),
        Case(written: "1e-9999999999999", input: 1, flags: ["fractional_count"]),
        Case(written: "\"12\"", input: 12, flags: ["string_count"]),
        Case(written: "\"twelve\"", input: nil, flags: ["string_count", "invalid_count"]),
        Case(written: "\"1enan\"", input: nil, flags: ["string_count", "invalid_count"]),
        Case(written: "-5", input: 0, flags: ["negative_count"]),
        Case(written: "-0", input: 0, flags: []),
        Case(written: "true", input: nil, flags: ["invalid_count"]),
        Case(written: "[1]", input: nil, flags: ["invalid_count"]),
        Case(written: "{}", input: nil, flags: ["invalid_count"]),
        Case(written: "null", input: nil, flags: ["missing_count"]),
        Case(written: "1000000001", input: nil, flags: ["huge_count"]),
        Case(written: "9223372036854775808", input: nil, flags: ["huge_count"]),
        Case(written: "1e999999999999", input: nil, flags: ["huge_count"]),
        Case(written: String(repeating: "9", count: 400), input: nil, flags: ["huge_count"]),
    ])
    func `a strange count is made a count or left out, and said so`(_ number: Case) {
        let body = #"{"usage":{"prompt_tokens":\#(number.written),"completion_tokens":7}}"#
        let reading = Answer().reading(of: body)
        #expect(reading.flags == number.flags)
        #expect(reading.hasUsage == (number.input != nil))
        if let input = number.input {
            #expect(reading.parts == [UsagePart(usage: [.input: input, .output: 7])])
        } else {
            #expect(reading.parts == [])
        }
    }

    @Test func `more cached than asked is clamped and flagged inconsistent`() {
        let body = #"{"usage":{"prompt_tokens":10,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":30}}}"#
        let reading = Answer().reading(of: body)
        #expect(reading.flags == ["inconsistent"])
        #expect(reading.parts == [UsagePart(usage: [.cacheRead: 30, .output: 1])])
    }

    @Test func `usage whose every count is in quotation marks is read, however it is split`() {
        let body = Array(#"{"usage":{"service":"x1","prompt_tokens":"120","completion_tokens":"-7"}}"#.utf8)
        for cut in 0...body.count {
            let reading = Answer().reading(of: body, cutAt: [cut])
            #expect(reading.parts == [UsagePart(usage: [.input: 120])], "cut at \(cut)")
            #expect(reading.flags == ["string_count", "negative_count"])
        }
        let words = Array(#"{"usage":{"5h":"x1","note":"none"}}"#.utf8)
        for cut in 0...words.count { #expect(!Answer().reading(of: words, cutAt: [cut]).hasUsage) }
    }

    @Test func `a count that is no number makes the call estimated, not a part of it free`() {
        var peek = RequestPeek()
        peek.promptCharacters = 400
        let body =
            #"{"choices":[{"message":{"content":"12345678"}}],"usage":{"prompt_tokens":{},"completion_tokens":2}}"#
        let metering = Metering(of: Answer().reading(of: body), peek: peek, isSuccess: true, ratio: .standard)
        #expect(metering.quality == .estimated)
        #expect(metering.parts == [UsagePart(usage: [.input: 100, .output: 2])])
        #expect(metering.flags == ["invalid_count"])
    }

    @Test func `explicit zeros are usage, an empty object is none`() {
        #expect(Answer().reading(of: #"{"usage":{"prompt_tokens":0,"completion_tokens":0}}"#).hasUsage)
        #expect(!Answer().reading(of: #"{"usage":{}}"#).hasUsage)
        #expect(!Answer().reading(of: #"{"usage":null}"#).hasUsage)
        #expect(!Answer().reading(of: #"{"id":"x"}"#).hasUsage)
    }

    @Test func `a huge count makes the call estimated, not free`() {
        var peek = RequestPeek()
        peek.promptCharacters = 400
        let body = #"{"choices":[{"message":{"content":"12345678"}}],"usage":{"prompt_tokens":1e30}}"#
        let metering = Metering(of: Answer().reading(of: body), peek: peek, isSuccess: true, ratio: .standard)
        #expect(metering.quality == .estimated)
        #expect(metering.parts == [UsagePart(usage: [.input: 100, .output: 2])])
        #expect(metering.flags == ["huge_count"])
    }

    @Test(arguments: [
        ("0.00014999999999999999", "0.00015"), ("1.5e-05", "0.000015"), ("2", "2"), ("1e-13", "0"),
        ("0.0000000000005", "0"), ("0.0000000000015", "0.000000000002"), ("1e2", "100"),
    ])
    func `money a provider computed is read exactly, halves to even`(_ cost: (written: String, dollars: String)) {
        let body = #"{"usage":{"prompt_tokens":1,"completion_tokens":1,"cost":\#(cost.written)}}"#
        #expect(Answer(provider: "openrouter").reading(of: body).reportedCost == Money(dollars: cost.dollars))
    }

    @Test func `xAI's ticks are ten-billionths of a dollar`() {
        let body = #"{"usage":{"prompt_tokens":1,"completion_tokens":1,"cost_in_usd_ticks":71000000}}"#
        #expect(Answer(provider: "xai").reading(of: body).reportedCost == Money(dollars: "0.0071"))
    }
}
