import Foundation
import OutlayCore
import OutlayWire
import Testing

/// Hand-worked costs of real answers, `Tests/Fixtures/prices/golden.json`.
@Suite struct PricesGoldenTests {
    @Test(arguments: GoldenFile.read().cases)
    func `a hand-worked case costs what it says to the last digit`(golden: GoldenCase) throws {
        let rating = try golden.rated(by: ShippedBook.book)

        #expect(rating.state == .rated)
        #expect(rating.total == Money(dollars: golden.expectedUSD))
    }

    @Test(arguments: GoldenFile.read().cases)
    func `a hand-worked case has the lines it says`(golden: GoldenCase) throws {
        let lines = try golden.rated(by: ShippedBook.book).lines
        let shown = lines.map { line in
            ShownLine(
                unit: line.displayUnit(among: lines),
                quantity: line.displayQuantity,
                perMillion: line.displayRatePerMillion,
                amount: line.amount.description
            )
        }

        let expected = try golden.lines.map(ShownLine.init)
        #expect(Set(shown) == Set(expected))
        #expect(shown.count == golden.lines.count)
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
    init(_ line: GoldenLine) throws {
        let price = try #require(Money(dollars: line.price))
        self.init(
            unit: line.unit,
            quantity: "\(line.quantity)",
            perMillion: Rate(picodollars: price.picodollars, per: Int128(line.per)).dollars(perUnits: 1_000_000),
            amount: try #require(Money(dollars: line.usd)).description
        )
    }
}

struct GoldenFile: Decodable {
    var cases: [GoldenCase]

    static func read() -> GoldenFile {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures/prices/golden.json")
        do {
            return try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: file))
        } catch {
            preconditionFailure("\(file.path()): \(error)")
        }
    }
}

struct GoldenLine: Decodable {
    var unit: String
    var quantity: Int64
    var price: String
    var per: Int64
    var usd: String
}

/// What an answer says about its own price.
struct GoldenResponse: Decodable {
    var usage: Circumstances?

    struct Circumstances: Decodable {
        var speed: String?
        var inferenceGeo: String?

        enum CodingKeys: String, CodingKey {
            case speed
            case inferenceGeo = "inference_geo"
        }
    }
}

struct GoldenCase: Decodable, CustomTestStringConvertible {
    var id: String
    var provider: String
    var api: String
    var model: String
    var at: String
    var context: [String: String]
    var response: GoldenResponse
    var expectedUSD: String
    var lines: [GoldenLine]

    enum CodingKeys: String, CodingKey {
        case id, provider, api, model, at, context, response, lines
        case expectedUSD = "expected_usd"
    }

    var testDescription: String { id }

    /// Rates the usage that the case's lines state, in the circumstances its context and answer state.
    func rated(by book: PriceBook) throws -> Rating {
        var context = RatingContext()
        for field in RatingContext.fields { context[keyPath: field.path] = self.context[field.name] }
        context.speed = response.usage?.speed
        context.inferenceGeo = response.usage?.inferenceGeo
        return book.rate(
            parts,
            provider: provider,
            api: api,
            model: model,
            at: try #require(Timestamp(rfc3339: at)),
            context: context
        )
    }

    private var parts: [UsagePart] {
        var labels: [String?] = []
        var usage: [String?: Usage] = [:]
        for line in lines {
            let pieces = line.unit.split(separator: "(")
            let label = pieces.count > 1 ? String(pieces[1].dropLast()) : nil
            let name = String(pieces[0])
            let unit = UsageUnit(name.hasSuffix("_text") ? String(name.dropLast(5)) : name)
            if !labels.contains(label) { labels.append(label) }
            usage[label, default: .none][unit] += line.quantity * unit.countsPerUnit
        }
        return labels.map { UsagePart(label: $0, usage: usage[$0] ?? .none) }
    }
}
