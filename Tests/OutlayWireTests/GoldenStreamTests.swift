import OutlayCore
import OutlayWire
import Testing

@Suite struct GoldenStreamTests {
    private func answer(_ golden: GoldenCase, isStream: Bool = true) -> Answer {
        let provider = golden.json["provider"]?.string ?? ""
        let api =
            switch provider {
            case "anthropic": "messages"
            case "google": "generateContent"
            default: golden.id.contains("responses") ? "responses" : "chat.completions"
            }
        return Answer(
            provider: provider,
            api: api,
            contentType: isStream ? "text/event-stream" : "application/json"
        )
    }

    /// The same usage as one whole answer would report it.
    private func body(_ golden: GoldenCase, _ usage: JSONValue) -> [UInt8] {
        let key = golden.json["provider"]?.string == "google" ? "usageMetadata" : "usage"
        return JSONValue.object([.init(key, usage)]).bytes
    }

    @Test(arguments: GoldenCase.streams)
    func `a stream says what a whole answer with its usage would, at every split`(_ golden: GoldenCase) throws {
        let bytes = Array(try #require(golden.json["sse"]?.string).utf8)
        let usage = try #require(golden.json["expected_usage"])
        let answer = answer(golden)
        let whole = answer.reading(of: bytes)
        if golden.json["quality"]?.string == "reported" {
            let expected = self.answer(golden, isStream: false).reading(of: body(golden, usage))
            #expect(expected.hasUsage)
            #expect(whole.parts == expected.parts)
            #expect(whole.isComplete && !whole.isOutputPartial && !whole.isError)
            #expect(whole.model != nil && whole.responseID != nil)
        } else {
            #expect(!whole.hasUsage && whole.parts.isEmpty && !whole.isComplete)
        }
        for cut in 0...bytes.count {
            #expect(answer.reading(of: bytes, cutAt: [cut]) == whole, "cut at \(cut)")
        }
        #expect(answer.reading(of: bytes, cutAt: Array(0..<bytes.count)) == whole)
    }

    @Test(arguments: GoldenCase.streams)
    func `line ends, comments, pings and unknown events change nothing`(_ golden: GoldenCase) throws {
        let text = try #require(golden.json["sse"]?.string)
        let answer = answer(golden)
        let whole = answer.reading(of: text)
        let noise = ": OPENROUTER PROCESSING\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\nid: 7\nretry: 10\n\n"
        let blocks = text.replacing("\n\n", with: "\n\n" + noise)
        let variants = [
            text.replacing("\n", with: "\r\n"), text.replacing("\n", with: "\r"), "\u{FEFF}" + text,
            noise + text, blocks, blocks.replacing("\n", with: "\r\n"), text.replacing("data: ", with: "data:"),
            String(text.dropLast(2)),
        ]
        for variant in variants {
            #expect(answer.reading(of: variant) == whole)
            let bytes = Array(variant.utf8)
            #expect(answer.reading(of: bytes, cutAt: Array(0..<bytes.count)) == whole)
        }
    }
}
