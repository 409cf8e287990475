package import OutlayCore

/// Joins what a fetch told of a background response to the call that began it, before both are in the ledger.
///
/// Only events that tell of a response cost a look-up, and they are few.
package struct BackgroundResponses: Sendable {
    let ledger: any Ledger

    package init(ledger: any Ledger) {
        self.ledger = ledger
    }

    /// `events`, with each told response in the place of the call that began it.
    package func settled(_ events: [CostEvent]) async throws(LedgerError) -> [CostEvent] {
        guard events.contains(where: { $0.toldResponse != nil }) else { return events }
        var settled: [CostEvent] = []
        for event in events {
            guard let response = event.toldResponse else {
                settled.append(event)
                continue
            }
            // The beginning may be of the same batch; what is in the ledger was there before.
            let history = try await ledger.history(of: response) + settled
            // A response that was told before is joined already, and stays as it was told first.
            let told = history.first { $0.id == event.id } ?? event.joined(to: history)
            settled.append(told)
            settled += told.settlements(of: history)
        }
        return settled
    }
}
