import OutlayCore
import OutlayWire
import Testing

/// One worked case of `golden.json`: an answer and the quantities it is billed by.
struct GoldenCase: CustomTestStringConvertible, Sendable {
    let id: String
    let json: JSONValue

    var testDescription: String { id }

    static let all: [GoldenCase] = load("cases")
    static let streams: [GoldenCase] = load("streams")

    private static func load(_ list: String) -> [GoldenCase] {
        let cases = (try? Fixture.json("prices/golden.json"))?[list]?.array ?? []
        return cases.map { GoldenCase(id: $0["id"]?.string ?? "?", json: $0) }
    }

    var answer: Answer {
        var answer = Answer(provider: json["provider"]?.string ?? "", api: json["api"]?.string ?? "")
        answer.peek.model = json["model"]?.string
        // The one case whose quantity is in the request: its worked line says how long the input was.
        if answer.api == "audio.speech" { answer.peek.inputCharacters = 1200 }
        return answer
    }

    /// The quantities of the worked lines by unit and label; text needs no name of its own.
    var quantities: [String: Int64] {
        var quantities: [String: Int64] = [:]
        for line in json["lines"]?.array ?? [] {
            let name = (line["unit"]?.string ?? "").replacing("_text", with: "")
            quantities[name, default: 0] += line["quantity"]?.int ?? 0
        }
        return quantities
    }
}

extension AnswerReading {
    /// Quantities by unit and label, durations in seconds.
    var quantities: [String: Int64] {
        var quantities: [String: Int64] = [:]
        for part in parts {
            for count in part.usage.counts {
                let name = part.label.map { "\(count.unit)(\($0))" } ?? "\(count.unit)"
                quantities[name, default: 0] += count.count / count.unit.countsPerUnit
            }
        }
        return quantities
    }
}

@Suite struct GoldenTests {
    @Test func `the worked cases are there`() {
        #expect(GoldenCase.all.count >= 50)
        #expect(GoldenCase.streams.count >= 7)
    }

    @Test(arguments: GoldenCase.all)
    func `an answer gives exactly the quantities it is billed by`(_ golden: GoldenCase) throws {
        let response = try #require(golden.json["response"])
        let reading = golden.answer.reading(of: response.bytes)
        #expect(reading.hasUsage)
        #expect(reading.isComplete)
        #expect(!reading.isOutputPartial)
        #expect(reading.flags == [])
        var quantities = reading.quantities
        let billed = golden.quantities
        if golden.json["api"]?.string == "decisions" { quantities["output"] = nil }
        // Cached tokens without a rate of their own are billed as plain input: the price book's rule, not the reader's.
        for unit in ["cache_read", "cache_write_30m"] where billed[unit] == nil {
            if let cached = quantities.removeValue(forKey: unit) { quantities["input", default: 0] += cached }
        }
        #expect(quantities == billed)
    }

    @Test(arguments: GoldenCase.all)
    func `any split of a body gives the same reading`(_ golden: GoldenCase) throws {
        let bytes = try #require(golden.json["response"]).bytes
        let whole = golden.answer.reading(of: bytes)
        for cut in 0...bytes.count {
            #expect(golden.answer.reading(of: bytes, cutAt: [cut]) == whole, "cut at \(cut)")
        }
        #expect(golden.answer.reading(of: bytes, cutAt: Array(0..<bytes.count)) == whole)
    }
}
