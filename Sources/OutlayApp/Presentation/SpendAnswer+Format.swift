internal import Foundation
internal import OutlayCore
package import OutlayWire

/// The forms in which commands print what they found.
package enum OutputFormat: String, CaseIterable, Sendable {
    case table, json, jsonl, csv, markdown
}

extension SpendAnswer {
    /// This answer in `format`, ending in a line break.
    package func text(as format: OutputFormat) throws -> String {
        switch format {
        case .json: return try JSONText.pretty(self)
        case .jsonl: return try rows.map { try JSONText.line($0) + "\n" }.joined()
        case .table: return table(isExact: false).terminal
        case .csv: return table(isExact: true).csv
        case .markdown: return table(isExact: false).markdown
        }
    }

    /// For people amounts are rounded so that the column adds up to its total; CSV is exact.
    private func table(isExact: Bool) -> TextTable {
        var table = TextTable(
            columns: by.map { TextTable.Column($0) } + [
                TextTable.Column("calls", .right), TextTable.Column("input", .right),
                TextTable.Column("output", .right),
                TextTable.Column("cost_usd", .right), TextTable.Column("unpriced_calls", .right),
                TextTable.Column("estimated_calls", .right), TextTable.Column("unmetered_calls", .right),
            ]
        )
        let shown = Money.displayed(rows.map(\.cost), total: total.cost)
        let costs = isExact ? rows.map { $0.costUSD ?? "" } : shown.rows
        let starts = isExact ? [:] : localStarts
        table.rows = zip(rows, costs).map { row, cost in
            by.map { name in
                guard let value = row.key[name].flatMap({ $0 }) else { return isExact ? "" : "(none)" }
                return name == "start" ? starts[value] ?? value : value
            } + figures(of: row, cost: cost)
        }
        let totalCost = isExact ? total.costUSD ?? "" : shown.total
        table.footer = by.indices.map { $0 == 0 ? "total" : "" } + figures(of: total, cost: totalCost)
        return table
    }

    /// What clocks in the answer's zone showed at the start of each row.
    ///
    /// Its day, or day and time where any row begins within a day. Empty where that would not tell rows apart, as in
    /// the hour that clocks show twice.
    private var localStarts: [String: String] {
        let texts = Set(rows.compactMap { $0.key["start"].flatMap { $0 } })
        let place: any Zone = CivilZone(zone).map { $0 as any Zone } ?? UTC()
        let instants = texts.compactMap { text in Timestamp(rfc3339: text).map { (text, $0) } }
        let isDays = instants.allSatisfy { place.start(of: place.date(at: $0.1)) == $0.1 }
        let shown = instants.map { text, instant in
            (text, "\(place.date(at: instant))" + (isDays ? "" : " " + Self.clock(place.clockSeconds(at: instant))))
        }
        return Set(shown.map(\.1)).count == texts.count ? Dictionary(uniqueKeysWithValues: shown) : [:]
    }

    private static func clock(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return two(seconds / 3600) + ":" + two(seconds / 60 % 60)
    }

    /// Every kind of prompt token counts as input, every kind of answer token as output.
    private func figures(of row: SpendAnswerRow, cost: String) -> [String] {
        func sum(_ prefixes: [String]) -> Int64 {
            row.usage.filter { unit, _ in
                prefixes.contains { unit.hasPrefix($0) } && !unit.hasSuffix("_characters")
            }.values.reduce(0) { $0 + $1.thousandths / 1000 }
        }
        return [
            "\(row.calls)", "\(sum(["input", "cache_"]))", "\(sum(["output"]))", cost, "\(row.unpricedCalls)",
            "\(row.estimatedCalls)", "\(row.unmeteredCalls)",
        ]
    }
}

extension SpendAnswerRow {
    fileprivate var cost: Money? { costUSD.flatMap { Money(dollars: $0) } }
}

/// JSON as every command prints it: members in a fixed order, slashes as they are.
package enum JSONText {
    package static func pretty(_ value: some Encodable) throws -> String {
        try encode(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]) + "\n"
    }

    package static func line(_ value: some Encodable) throws -> String {
        try encode(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func encode(
        _ value: some Encodable,
        _ formatting: JSONEncoder.OutputFormatting
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
