internal import OutlayCore

/// Prices booked events again and posts the differences, a thousand events at a time.
///
/// Posting twice is harmless: each pair is named after the event and the book, and the ledger skips what it has.
struct Rerating: Sendable {
    struct Outcome: Sendable {
        var events = 0
        var changed = 0
        /// New amounts minus old ones.
        var amount = Money.zero
    }

    let ledger: any Ledger
    let pricing: PriceBook

    private static let page = 1000

    /// What would change, without changing it.
    func difference(in span: Range<Timestamp>) async throws -> Outcome {
        try await walk(span, now: span.upperBound) { _ in }
    }

    func post(in span: Range<Timestamp>, now: Timestamp) async throws -> Outcome {
        try await walk(span, now: now) { pairs in _ = try await ledger.append(pairs) }
    }

    private func walk(
        _ span: Range<Timestamp>,
        now: Timestamp,
        _ post: ([CostEvent]) async throws -> Void
    ) async throws -> Outcome {
        var outcome = Outcome()
        var last: Int64 = 0
        while true {
            let page = try await ledger.events(in: span, after: last, limit: Self.page)
            guard let end = page.last else { return outcome }
            last = end.sequence
            var pairs: [CostEvent] = []
            for recorded in page where recorded.isInForce {
                outcome.events += 1
                guard let pair = pair(for: recorded.event, now: now) else { continue }
                outcome.changed += 1
                for event in pair { outcome.amount = outcome.amount + Contribution(of: event).effective }
                pairs += pair
            }
            try await post(pairs)
        }
    }
}

extension Rerating {
    /// The correction of `event`, whose volume discount (posted apart) is no difference of price.
    private func pair(for event: CostEvent, now: Timestamp) -> [CostEvent]? {
        var plain = event
        plain.rating.lines.removeAll { $0.unit == VolumePosting.unit }
        guard let rating = plain.rerated(by: pricing, now: now)?.last?.rating else { return nil }
        return event.corrected(to: rating, named: rating.version, now: now)
    }
}

extension RecordedEvent {
    /// Whether it counts today: neither taken back nor itself the taking back of another.
    var isInForce: Bool {
        if case .reversal = event.kind { return false }
        return !isReversed
    }
}
