/// How finely a span of time is cut for an answer.
package enum Grain: String, Hashable, Sendable, CaseIterable {
    case hour, day, week, month

    /// The buckets that tile `span` exactly: civil hours, days, weeks (from Monday) or months of `zone`.
    ///
    /// The first and the last bucket are cut to the span. At most `limit` buckets; `nil` when there were more.
    package func buckets(of span: Range<Timestamp>, in zone: some Zone, limit: Int = 20_000) -> [Range<Timestamp>]? {
        var buckets: [Range<Timestamp>] = []
        var date = first(of: zone.date(at: span.lowerBound))
        while true {
            let next = successor(of: date)
            let start = zone.start(of: date)
            guard start < span.upperBound else { return buckets }
            for piece in pieces(of: start..<max(zone.start(of: next), start)) where piece.overlaps(span) {
                guard buckets.count < limit else { return nil }
                buckets.append(piece.clamped(to: span))
            }
            guard next > date else { return buckets }
            date = next
        }
    }

    private func first(of date: CivilDate) -> CivilDate {
        switch self {
        case .hour, .day: date
        case .week: date.firstOfWeek
        case .month: date.firstOfMonth()
        }
    }

    private func successor(of date: CivilDate) -> CivilDate {
        switch self {
        case .hour, .day: date.advanced(byDays: 1)
        case .week: date.advanced(byDays: 7)
        case .month: date.firstOfMonth(advancedBy: 1)
        }
    }

    /// A day as its hours, counted from its start; a day that a half-hour shift cuts ends in a shorter one.
    private func pieces(of range: Range<Timestamp>) -> [Range<Timestamp>] {
        guard self == .hour else { return [range] }
        return stride(from: range.lowerBound.microseconds, to: range.upperBound.microseconds, by: 3_600_000_000).map {
            Timestamp(microseconds: $0)..<min(Timestamp(microseconds: $0 + 3_600_000_000), range.upperBound)
        }
    }
}
