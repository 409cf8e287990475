package import OutlayCore

/// What `outlay verify` found: `differences` is empty when every sum agrees.
package struct VerificationAnswer: Codable, Hashable, Sendable {
    package var events: Int64
    package var costUSD: String
    package var differences: [String]
    package var chainHead: String

    private enum CodingKeys: String, CodingKey {
        case events, differences
        case costUSD = "cost_usd"
        case chainHead = "chain_head"
    }

    package init(_ verification: Verification) {
        events = verification.events
        costUSD = verification.effective.description
        differences = verification.differences
        chainHead = verification.chainHead
    }
}
