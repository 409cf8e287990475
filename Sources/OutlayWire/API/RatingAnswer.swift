package import OutlayCore

/// What `outlay price rate` answers.
///
/// Shape: `{"total_usd","lines":[{"unit","quantity","rate_usd_per_million","amount_usd"}],"state"}`.
package struct RatingAnswer: Hashable, Sendable {
    package struct Line: Codable, Hashable, Sendable {
        package var unit: String
        package var quantity: Quantity
        package var rateUSDPerMillion: String
        package var amountUSD: String

        private enum CodingKeys: String, CodingKey {
            case unit, quantity
            case rateUSDPerMillion = "rate_usd_per_million"
            case amountUSD = "amount_usd"
        }
    }

    /// `nil` when nothing could be priced.
    package var totalUSD: String?
    package var lines: [Line]
    package var state: String
    package var priceVersion: String
    /// Units that were consumed and have no rate.
    package var unpricedUnits: [String]
    /// How surely usage is known: `exact`, `estimated`, `unmetered` or `unbilled`.
    package var quality: String
    /// How an estimate was made: `characters/4`.
    package var method: String?
    /// What was odd about the counts, such as `negative_count`.
    package var flags: [String]
    /// The model that served the call, which is the one priced.
    package var model: String?

    package init(_ rating: Rating, metering: Metering, model: String?) {
        totalUSD = rating.total?.description
        lines = rating.lines.map { line in
            let answer = CallAnswer.Line(line)
            return Line(
                unit: line.displayUnit(among: rating.lines),
                quantity: answer.quantity,
                rateUSDPerMillion: answer.rateUSDPerMillion,
                amountUSD: answer.amountUSD
            )
        }
        state = rating.state.rawValue
        priceVersion = rating.version
        unpricedUnits = rating.unpriced.map(\.name)
        quality = metering.quality.rawValue
        method = metering.method
        flags = metering.flags
        self.model = model
    }
}

extension RatingAnswer: Encodable {
    private enum CodingKeys: String, CodingKey {
        case lines, state, quality, method, flags, model
        case totalUSD = "total_usd"
        case priceVersion = "price_version"
        case unpricedUnits = "unpriced_units"
    }

    /// Written by hand because an unknown total is `null`, not an absent member.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(totalUSD, forKey: .totalUSD)
        try container.encode(lines, forKey: .lines)
        try container.encode(state, forKey: .state)
        try container.encode(priceVersion, forKey: .priceVersion)
        try container.encode(unpricedUnits, forKey: .unpricedUnits)
        try container.encode(quality, forKey: .quality)
        try container.encodeIfPresent(method, forKey: .method)
        try container.encode(flags, forKey: .flags)
        try container.encode(model, forKey: .model)
    }
}
