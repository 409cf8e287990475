/// One event of a call as `outlay explain` shows it: every line's arithmetic and every tag's origin.
package struct CallAnswer: Codable, Hashable, Sendable {
    package struct Line: Codable, Hashable, Sendable {
        package var unit: String
        package var model: String
        package var quantity: Quantity
        package var rateUSDPerMillion: String
        package var listRateUSDPerMillion: String
        package var amountUSD: String

        private enum CodingKeys: String, CodingKey {
            case unit, model, quantity
            case rateUSDPerMillion = "rate_usd_per_million"
            case listRateUSDPerMillion = "list_rate_usd_per_million"
            case amountUSD = "amount_usd"
        }
    }

    package struct TagFact: Codable, Hashable, Sendable {
        package var dimension: String
        package var value: String
        /// Where it came from: `key`, `header`, `trace`.
        package var from: String
        package var detail: String
    }

    package var id: String
    package var source: String
    /// `call`, `reversal of …`, `replacement of …`.
    package var kind: String
    package var at: String
    package var provider: String
    package var api: String
    package var upstream: String?
    package var requestedModel: String?
    package var model: String?
    package var workspace: String
    package var key: String?
    package var tags: [TagFact]
    package var claimed: [String: String]
    package var conflicts: [String]
    package var quality: String
    package var method: String?
    package var flags: [String]
    package var state: String
    package var priceVersion: String
    package var unpricedUnits: [String]
    package var lines: [Line]
    @OrNull package var costUSD: String? = nil
    @OrNull package var listUSD: String? = nil
    package var reportedUSD: String?
    package var outcome: String
    package var status: Int?
    package var latencyMilliseconds: Double?
    package var firstTokenMilliseconds: Double?
    package var attempt: Int
    package var responseID: String?
    package var requestID: String?
    package var traceID: String?
    package var usage: String?
    /// How many calls it stands for: more or fewer than one for what counters said.
    package var calls: Int64
    /// What a cache of the caller's own saved.
    package var avoidedUSD: String?
    /// Which telemetry reported the call, beside what booked it: `claude-code log`.
    package var reports: [String] = []

    private enum CodingKeys: String, CodingKey {
        case id, source, kind, at, provider, api, upstream, model, workspace, key, tags, claimed, conflicts, quality
        case method, flags, state, lines, outcome, status, attempt, usage, calls, reports
        case avoidedUSD = "avoided_usd"
        case requestedModel = "requested_model"
        case priceVersion = "price_version"
        case unpricedUnits = "unpriced_units"
        case costUSD = "cost_usd"
        case listUSD = "list_usd"
        case reportedUSD = "reported_usd"
        case latencyMilliseconds = "latency_ms"
        case firstTokenMilliseconds = "time_to_first_token_ms"
        case responseID = "response_id"
        case requestID = "request_id"
        case traceID = "trace_id"
    }
}
