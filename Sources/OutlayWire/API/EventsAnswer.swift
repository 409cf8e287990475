package import OutlayCore

/// What became of the records of one `POST /api/v1/events`: together as many as were sent.
package struct EventsAnswer: Codable, Hashable, Sendable {
    /// A record that says what an event of another door said before it.
    package struct SameCall: Codable, Hashable, Sendable {
        package var index: Int
        /// The event that was booked: a call's id, or its name at its door.
        package var event: String

        package init(index: Int, event: String) {
            self.index = index
            self.event = event
        }
    }

    /// Booked now.
    package var accepted = 0
    /// Booked before, with the same content.
    package var duplicates = 0
    /// Booked before under the same name with another content, which stays.
    package var conflicts = 0
    /// The places of the conflicts in the request.
    package var conflictIndexes: [Int] = []
    /// Duplicates that the gateway or another door booked.
    package var sameCalls: [SameCall] = []
    /// Accepted without a name or a time: sent again, they would be booked again.
    package var unidentified = 0
    /// Accepted and without a price, ours or a reported one.
    package var unpriced = 0
    /// What was booked of the accepted, in dollars.
    package var costUSD = "0"
    /// What was reported of the accepted.
    package var reportedUSD = "0"
    /// What our own rates say of those of the accepted that they reach.
    package var ratedUSD = "0"
    /// Nothing was booked: only looked at.
    package var isDryRun = false

    private enum CodingKeys: String, CodingKey {
        case accepted, duplicates, conflicts, unidentified, unpriced
        case conflictIndexes = "conflict_indexes"
        case sameCalls = "same_calls"
        case costUSD = "cost_usd"
        case reportedUSD = "reported_usd"
        case ratedUSD = "rated_usd"
        case isDryRun = "dry_run"
    }

    package init() {}

    /// Adds up what was booked.
    package mutating func count(_ events: some Sequence<CostEvent>) {
        var (cost, reported, rated) = (Money.zero, Money.zero, Money.zero)
        for event in events {
            accepted += 1
            cost = cost + Contribution(of: event).effective
            reported = reported + (event.reportedCost ?? .zero)
            switch event.rating.state {
            case .rated where !event.rating.isReported: rated = rated + (event.rating.total ?? .zero)
            case .unpriced: unpriced += 1
            case .rated, .partial: break
            }
        }
        (costUSD, reportedUSD, ratedUSD) = (cost.description, reported.description, rated.description)
    }
}
