import Foundation
import OutlayTestKit

/// The price cases worked by hand: `Tests/Fixtures/prices/golden.json`.
struct GoldenFile {
    /// A body and what it costs.
    struct Case {
        var id: String
        var provider: String
        var api: String
        var model: String
        var at: String
        var context: [String: String]
        /// The provider's answer as JSON.
        var response: Data
        var expectedUSD: Decimal
        var lines: [Line: Amount]

        /// The answer is a plain file, so only the request says what it costs.
        var isPricedByItsRequest: Bool { response == Data("{}".utf8) }
    }

    /// Lines of one unit at one rate count together.
    struct Line: Hashable {
        var unit: String
        var usdPerMillion: Decimal
    }

    struct Amount: Equatable {
        var quantity: Decimal
        var usd: Decimal
    }

    /// A stream as a provider sent it, and what it costs.
    struct Stream {
        var id: String
        var provider: String
        var text: String
        var expectedUSD: Decimal
        var isEstimated: Bool
        var promptCharacters: Int
    }

    let cases: [Case]
    let streams: [Stream]

    init() throws {
        let bytes = Data(try Repository.text(of: "Tests/Fixtures/prices/golden.json").utf8)
        let root = try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
        cases = try (root["cases"] as? [[String: Any]] ?? []).map { try Case($0) }
        streams = try (root["streams"] as? [[String: Any]] ?? []).map { try Stream($0) }
    }

    /// An exact decimal; never by way of floating point.
    static func decimal(_ text: Any?) throws -> Decimal {
        guard let text = text as? String, let value = Decimal(string: text) else {
            throw Child.Failure(description: "\(text ?? "nothing") is no decimal text")
        }
        return value
    }

    static func text(_ value: Any?) throws -> String {
        guard let text = value as? String else {
            throw Child.Failure(description: "\(value ?? "nothing") is no text")
        }
        return text
    }
}

extension GoldenFile.Case {
    fileprivate init(_ object: [String: Any]) throws {
        id = try GoldenFile.text(object["id"])
        provider = try GoldenFile.text(object["provider"])
        api = try GoldenFile.text(object["api"])
        model = try GoldenFile.text(object["model"])
        at = try GoldenFile.text(object["at"])
        context = object["context"] as? [String: String] ?? [:]
        response = try JSONSerialization.data(withJSONObject: object["response"] ?? [:], options: [.sortedKeys])
        expectedUSD = try GoldenFile.decimal(object["expected_usd"])
        lines = [:]
        for line in object["lines"] as? [[String: Any]] ?? [] {
            let price = try GoldenFile.decimal(line["price"])
            let per = (line["per"] as? NSNumber)?.decimalValue ?? 0
            let unit = try GoldenFile.text(line["unit"])
            let amount = GoldenFile.Amount(
                quantity: (line["quantity"] as? NSNumber)?.decimalValue ?? 0,
                usd: try GoldenFile.decimal(line["usd"])
            )
            lines.add(amount, to: GoldenFile.Line(unit: unit, usdPerMillion: price * 1_000_000 / per))
        }
    }
}

extension GoldenFile.Stream {
    fileprivate init(_ object: [String: Any]) throws {
        id = try GoldenFile.text(object["id"])
        provider = try GoldenFile.text(object["provider"])
        text = try GoldenFile.text(object["sse"])
        expectedUSD = try GoldenFile.decimal(object["expected_usd"])
        isEstimated = try GoldenFile.text(object["quality"]) == "estimated"
        promptCharacters = (object["request_text_chars"] as? NSNumber)?.intValue ?? 14
    }

    /// Whether the stream is one of chat completions, whose usage comes only on demand.
    var isChat: Bool { text.contains("chat.completion.chunk") }

    /// The stream as a caller sees it who did not ask for usage.
    var withoutUsage: String {
        text.components(separatedBy: "\n\n").filter { !$0.contains(#""choices":[]"#) }
            .joined(separator: "\n\n")
            .replacing(#/,"usage":(?:null|\{(?:[^{}]|\{[^{}]*\})*\})/#, with: "")
    }

    var model: String {
        text.firstMatch(of: #/"model(?:Version)?":"([^"]+)"/#).map { String($0.1) } ?? ""
    }
}

extension [GoldenFile.Line: GoldenFile.Amount] {
    mutating func add(_ amount: GoldenFile.Amount, to line: GoldenFile.Line) {
        let sum = self[line] ?? GoldenFile.Amount(quantity: 0, usd: 0)
        self[line] = GoldenFile.Amount(quantity: sum.quantity + amount.quantity, usd: sum.usd + amount.usd)
    }
}

/// `outlay price rate --format json`.
struct RatingReport {
    var totalUSD: Decimal?
    var state: String
    var lines: [GoldenFile.Line: GoldenFile.Amount] = [:]

    init(_ json: String) throws {
        let root = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
        totalUSD = try? GoldenFile.decimal(root["total_usd"])
        state = try GoldenFile.text(root["state"])
        for line in root["lines"] as? [[String: Any]] ?? [] {
            let amount = GoldenFile.Amount(
                quantity: (line["quantity"] as? NSNumber)?.decimalValue ?? 0,
                usd: try GoldenFile.decimal(line["amount_usd"])
            )
            let rate = try GoldenFile.decimal(line["rate_usd_per_million"])
            lines.add(amount, to: GoldenFile.Line(unit: try GoldenFile.text(line["unit"]), usdPerMillion: rate))
        }
    }
}
