import OutlayCore
import OutlayWire
import Testing

/// Hand-worked costs of real answers, `Tests/Fixtures/prices/golden.json`: from the bytes to the amount.
@Suite struct PricesGoldenTests {
    @Test(arguments: GoldenCase.all)
    func `a hand-worked answer costs what it says to the last digit`(_ golden: GoldenCase) throws {
        let rating = try golden.rating(of: golden.answer.reading(of: #require(golden.json["response"]).bytes))

        #expect(rating.state == .rated)
        #expect(rating.total?.description == golden.json["expected_usd"]?.string)
    }

    @Test(arguments: GoldenCase.all)
    func `a hand-worked answer has the lines it says`(_ golden: GoldenCase) throws {
        let lines = try golden.rating(of: golden.answer.reading(of: #require(golden.json["response"]).bytes)).lines
        let shown = lines.map { line in
            ShownLine(
                unit: line.displayUnit(among: lines),
                quantity: line.displayQuantity,
                perMillion: line.displayRatePerMillion,
                amount: line.amount.description
            )
        }

        let expected = try (golden.json["lines"]?.array ?? []).map(ShownLine.init)
        #expect(Set(shown) == Set(expected))
        #expect(shown.count == expected.count)
    }

    @Test(arguments: GoldenCase.streams)
    func `a hand-worked stream costs what it says to the last digit`(_ golden: GoldenCase) throws {
        var answer = golden.answer
        answer.api = answer.api.isEmpty ? golden.apiOfStream : answer.api
        answer.contentType = "text/event-stream"
        answer.peek.promptCharacters = Int(golden.json["request_text_chars"]?.int ?? 0)
        let reading = answer.reading(of: Array((golden.json["sse"]?.string ?? "").utf8))
        let metering = Metering(of: reading, peek: answer.peek, isSuccess: true, ratio: .standard)
        let rating = try golden.rating(of: metering.parts, reading: reading)

        #expect(rating.total?.description == golden.json["expected_usd"]?.string)
        #expect(metering.quality == (golden.json["quality"]?.string == "estimated" ? .estimated : .exact))
    }

    @Test func `the Decisions API bills its input alone, cached or not`() throws {
        let rating = ShippedBook.book.rate(
            [UsagePart(usage: [.input: 3500, .cacheRead: 1000, .cacheWrite30m: 500, .output: 3])],
            provider: "openai",
            api: "decisions",
            model: "gpt-6-luna",
            at: try #require(Timestamp(rfc3339: "2026-11-20T12:00:00Z")),
            context: RatingContext()
        )

        #expect(rating.total == Money(dollars: "0.0005"))
        #expect(rating.lines.map(\.unit) == [.input])
        #expect(rating.state == .rated)
    }
}

/// The book the program ships with.
enum ShippedBook {
    static let contents: BookContents = {
        do {
            return try PriceBookJSON.read(EmbeddedBook.json)
        } catch {
            preconditionFailure("\(error)")
        }
    }()
    static let book = PriceBook(contents)
}

/// A line as the product shows it.
struct ShownLine: Hashable {
    var unit: String
    var quantity: String
    var perMillion: String
    var amount: String
}

extension ShownLine {
    init(_ line: JSONValue) throws {
        let price = try #require(line["price"]?.string.flatMap { Money(dollars: $0) })
        let per = try #require(line["per"]?.int)
        self.init(
            unit: line["unit"]?.string ?? "",
            quantity: "\(line["quantity"]?.int ?? 0)",
            perMillion: Rate(picodollars: price.picodollars, per: Int128(per)).dollars(perUnits: 1_000_000),
            amount: try #require(line["usd"]?.string.flatMap { Money(dollars: $0) }).description
        )
    }
}

extension GoldenCase {
    /// Which API a recorded stream answers, by its shape.
    var apiOfStream: String {
        let sse = json["sse"]?.string ?? ""
        if sse.contains("usageMetadata") { return "generateContent" }
        if sse.contains("message_start") { return "messages" }
        return sse.contains("response.created") ? "responses" : "chat.completions"
    }

    func rating(of reading: AnswerReading) throws -> Rating {
        try rating(of: reading.parts, reading: reading)
    }

    /// Rates `parts` in the circumstances that the case's context and the answer state.
    func rating(of parts: [UsagePart], reading: AnswerReading) throws -> Rating {
        var context = RatingContext()
        for field in RatingContext.fields { context[keyPath: field.path] = json["context"]?[field.name]?.string }
        let at = json["at"]?.string ?? "2026-11-20T12:00:00Z"
        return ShippedBook.book.rate(
            parts,
            provider: json["provider"]?.string ?? "",
            api: json["api"]?.string ?? apiOfStream,
            model: reading.model ?? json["model"]?.string,
            at: try #require(Timestamp(rfc3339: at)),
            context: context.overridden(by: reading.context)
        )
    }
}
