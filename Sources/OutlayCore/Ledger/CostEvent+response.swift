extension CostEvent {
    /// The provider's id of the background response whose usage this event tells; `nil` for every other event.
    package var toldResponse: String? {
        guard case .call = kind, id.source == "\(service.provider):response" else { return nil }
        return id.id
    }

    /// This event as part of the call that began the response, which is in `history`.
    ///
    /// Whoever fetches a response: it belongs to whom and when it was begun by. Where the beginning is not known (it
    /// did not pass here) it stays with the fetch.
    package func joined(to history: [CostEvent]) -> CostEvent {
        guard let beginning = history.first(where: isBeginning) else { return self }
        var joined = self
        joined.at = beginning.at
        joined.attribution = beginning.attribution
        joined.links.call = beginning.links.call
        return joined
    }

    /// The pairs that take back what was unknown or estimated of the call that began the response, in whose place the
    /// response's own event stands.
    ///
    /// Their identity follows from that call's: the same pair made twice is booked once.
    package func settlements(of history: [CostEvent]) -> [CostEvent] {
        let reversed = Set(history.compactMap { if case .reversal(let id) = $0.kind { id } else { nil } })
        return history.filter { isBeginning($0) && !reversed.contains($0.id) }.flatMap { beginning in
            let known = Rating(lines: [], state: .rated, version: beginning.rating.version)
            return beginning.corrected(to: known, named: "response", now: receivedAt).map { event in
                guard case .replacement = event.kind else { return event }
                var settled = event
                settled.metering = Metering(quality: .unbilled, flags: beginning.metering.flags + ["background"])
                settled.reportedCost = nil
                return settled
            }
        }
    }

    /// Whether `event` is the call that began this event's response, or what stands in its place.
    private func isBeginning(_ event: CostEvent) -> Bool {
        if case .reversal = event.kind { return false }
        let isOpen = event.metering.quality == .unmetered || event.metering.quality == .estimated
        return isOpen && event.links.responseID == id.id && event.service.provider == service.provider
            && event.service.upstream != nil
    }
}
