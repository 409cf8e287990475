extension CostEvent {
    /// This event booked as *unmetered*: it stays on the queue of calls to look at, and blocks no others.
    package var withoutAmounts: CostEvent {
        var event = self
        event.metering.parts = []
        event.metering.quality = .unmetered
        event.metering.flags.append("unbookable")
        event.rating = Rating(lines: [], state: .unpriced, version: rating.version)
        return event
    }
}
