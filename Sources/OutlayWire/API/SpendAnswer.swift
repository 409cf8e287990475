package import OutlayCore

/// The answer to a question about spend, as the API and `outlay spend --format json` give it.
///
/// Shape: `{"from","to","zone","rows":[ROW],"total":ROW}`; amounts are decimal strings in dollars, times RFC 3339.
package struct SpendAnswer: Codable, Hashable, Sendable {
    package var from: String
    package var to: String
    package var zone: String
    /// The grouped dimensions in the order they were asked for; with a grain, `start` comes first.
    package var by: [String]
    package var rows: [SpendAnswerRow]
    package var total: SpendAnswerRow

    package init(_ table: SpendTable, span: Range<Timestamp>, zone: String, hasGrain: Bool) {
        from = "\(span.lowerBound)"
        to = "\(span.upperBound)"
        self.zone = zone
        let dimensions = table.query.by.map(\.name)
        by = (hasGrain ? ["start"] : []) + dimensions
        rows = table.rows.map { row in
            var key = Dictionary(uniqueKeysWithValues: zip(dimensions, row.key))
            if hasGrain, table.query.buckets.indices.contains(row.bucket) {
                key["start"] = "\(table.query.buckets[row.bucket].lowerBound)"
            }
            return SpendAnswerRow(key: key, sum: row.sum, folded: row.folded)
        }
        total = SpendAnswerRow(key: [:], sum: table.total)
    }
}

/// One row: what it is about, how many calls, what they consumed and cost.
package struct SpendAnswerRow: Hashable, Sendable {
    /// The value per dimension; an absent tag is `null`, and ``rest`` where rows are added up.
    package var key: [String: String?]
    /// How many rows beyond those that an answer names are added up in this one; absent for all others.
    package var foldedRows: Int?
    package var calls: Int64
    /// Units by name; durations in seconds.
    package var usage: [String: Quantity]
    /// Effective cost; `null` when nothing could be priced.
    package var costUSD: String?
    package var listUSD: String?
    /// Cost that a subscription covers, never part of `cost_usd`.
    package var notionalUSD: String
    package var unpricedCalls: Int64
    package var estimatedCalls: Int64
    package var unmeteredCalls: Int64

    package static let rest = "(rest)"

    package init(key: [String: String?], sum: SpendSum, folded: Int = 0) {
        self.key = folded == 0 ? key : key.mapValues { $0 ?? Self.rest }
        foldedRows = folded == 0 ? nil : folded
        calls = sum.calls
        usage = Dictionary(
            uniqueKeysWithValues: sum.usage.filter { $0.value != 0 && !$0.key.isHeld }.map { unit, count in
                (unit.name, Quantity(count: count, of: unit))
            }
        )
        costUSD = sum.cost?.description
        listUSD = sum.cost == nil ? nil : sum.list.description
        notionalUSD = sum.notional.description
        unpricedCalls = sum.unpricedCalls
        estimatedCalls = sum.estimatedCalls
        unmeteredCalls = sum.unmeteredCalls
    }
}

extension SpendAnswerRow: Codable {
    private enum CodingKeys: String, CodingKey {
        case key, calls, usage
        case foldedRows = "folded_rows"
        case costUSD = "cost_usd"
        case listUSD = "list_usd"
        case notionalUSD = "notional_usd"
        case unpricedCalls = "unpriced_calls"
        case estimatedCalls = "estimated_calls"
        case unmeteredCalls = "unmetered_calls"
    }

    /// Written by hand because an unknown cost is `null`, not an absent member.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(key, forKey: .key)
        try container.encodeIfPresent(foldedRows, forKey: .foldedRows)
        try container.encode(calls, forKey: .calls)
        try container.encode(usage, forKey: .usage)
        try container.encode(costUSD, forKey: .costUSD)
        try container.encode(listUSD, forKey: .listUSD)
        try container.encode(notionalUSD, forKey: .notionalUSD)
        try container.encode(unpricedCalls, forKey: .unpricedCalls)
        try container.encode(estimatedCalls, forKey: .estimatedCalls)
        try container.encode(unmeteredCalls, forKey: .unmeteredCalls)
    }
}

/// How much of a unit, as a JSON number: whole, or with up to three decimals for durations.
package struct Quantity: Codable, Hashable, Sendable {
    /// Thousandths of a unit.
    package var thousandths: Int64

    package init(count: Int64, of unit: UsageUnit) {
        thousandths = count * (1000 / unit.countsPerUnit)
    }

    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer().decode(Double.self) * 1000
        guard let exact = Int64(exactly: value.rounded()) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "out of range"))
        }
        thousandths = exact
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if thousandths % 1000 == 0 {
            try container.encode(thousandths / 1000)
        } else {
            try container.encode(Double(thousandths) / 1000)
        }
    }
}

extension Quantity: CustomStringConvertible {
    package var description: String { DecimalText.format(Int128(thousandths), scale: 3) }
}
