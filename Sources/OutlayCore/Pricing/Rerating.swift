extension CostEvent {
    /// The pair of events that prices this one again by `pricing`, or `nil` when nothing about its price changes.
    ///
    /// The first takes this event back exactly, the second stands in its place; both keep its time, so every sum
    /// moves in the period the call was made in. Their identity follows from this event's and the book's version:
    /// the same pair made twice is booked once. `now` is when the correction is learned of.
    package func rerated(by pricing: some Pricing, now: Timestamp) -> [CostEvent]? {
        if case .reversal = kind { return nil }
        guard metering.quality == .exact || metering.quality == .estimated else { return nil }
        let model = service.model ?? service.requestedModel
        var rating = pricing.rate(
            metering.parts,
            provider: service.provider,
            api: service.api,
            model: model,
            at: at,
            context: service.context
        )
        // What the gateway saw itself is priced by the book alone.
        if service.upstream == nil {
            rating = rating.booked(reported: reportedCost, metering: metering, model: model)
        }
        return rating.isSamePrice(as: self.rating) ? nil : corrected(to: rating, named: rating.version, now: now)
    }

    /// The pair of events that replaces this event's rating by `rating`.
    ///
    /// `name` says what the correction follows from; with this event's identity it names the pair.
    package func corrected(to rating: Rating, named name: String, now: Timestamp) -> [CostEvent] {
        let base = id.source == Self.correctionSource ? id.id : "\(id.source):\(id.id)"
        var reversal = self
        reversal.id = EventID(source: Self.correctionSource, id: "\(base)@\(name):reversal")
        reversal.kind = .reversal(of: id)
        reversal.receivedAt = now
        var replacement = self
        replacement.id = EventID(source: Self.correctionSource, id: "\(base)@\(name):replacement")
        replacement.kind = .replacement(of: id)
        replacement.receivedAt = now
        replacement.rating = rating
        return [reversal, replacement]
    }

    /// The source of the events that correct others.
    package static let correctionSource = "rerate"
}

extension Rating {
    /// Whether both come to the same lines and gaps, whatever book they are from.
    package func isSamePrice(as other: Rating) -> Bool {
        state == other.state && lines == other.lines && Set(unpriced) == Set(other.unpriced)
    }
}
