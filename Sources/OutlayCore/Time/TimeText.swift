/// What people write for a point in time: `2026-11`, `2026-11-20`, `2026-11-20T12:00:00Z`.
package enum TimeText {
    /// The instants that `text` covers in `zone`: a month, a day, or (empty) an instant.
    ///
    /// `--from` takes the lower bound and `--to` the upper one, so `--to 2026-11` includes November.
    ///
    /// - Returns: `nil` when `text` is none of the three.
    package static func span(_ text: some StringProtocol, in zone: some Zone) -> Range<Timestamp>? {
        if let instant = Timestamp(rfc3339: text) { return instant..<instant }
        if let date = CivilDate(text) { return zone.start(of: date)..<zone.start(of: date.advanced(byDays: 1)) }
        guard let first = CivilDate("\(text)-01") else { return nil }
        return zone.start(of: first)..<zone.start(of: first.firstOfMonth(advancedBy: 1))
    }

    /// The span that `--from` and `--to` mean; the current month of `zone` where both are absent.
    package static func span(
        from: String?,
        to: String?,
        in zone: some Zone,
        now: Timestamp
    ) throws(TimeTextError) -> Range<Timestamp> {
        let month = zone.date(at: now).firstOfMonth()
        var lower = zone.start(of: month)
        var upper = zone.start(of: month.firstOfMonth(advancedBy: 1))
        if let from {
            guard let span = span(from, in: zone) else { throw .unreadable(from) }
            lower = span.lowerBound
            if to == nil { upper = max(upper, now) }
        }
        if let to {
            guard let span = span(to, in: zone) else { throw .unreadable(to) }
            upper = span.upperBound
            if from == nil { lower = min(lower, zone.start(of: zone.date(at: upper).firstOfMonth())) }
        }
        // Two instants may be the same; a month that begins where the other one ends was meant the other way round.
        let isInstant = from.flatMap { Timestamp(rfc3339: $0) } != nil && to.flatMap { Timestamp(rfc3339: $0) } != nil
        guard lower < upper || (lower == upper && isInstant) else {
            throw .reversed(from: "\(lower)", to: "\(upper)")
        }
        return lower..<upper
    }
}

package enum TimeTextError: Error, Hashable, CustomStringConvertible {
    case unreadable(String)
    case reversed(from: String, to: String)

    package var description: String {
        switch self {
        case .unreadable(let text):
            "'\(text)' is not a time: write a month (2026-11), a day (2026-11-20) or an instant (2026-11-20T12:00:00Z)"
        case .reversed(let from, let to):
            "there is no time between the beginning (\(from)) and the end (\(to)): swap --from and --to"
        }
    }
}

extension TimeText {
    /// When something ends that people wrote as `2026-12` or `2026-12-24` (both included), an instant, or a span from
    /// now: `90m`, `24h`, `7d`.
    ///
    /// - Returns: `nil` when it is none of these.
    package static func end(_ text: some StringProtocol, in zone: some Zone, now: Timestamp) -> Timestamp? {
        if let span = span(text, in: zone) { return span.upperBound }
        guard let unit = text.last, let count = Int64(String(text.dropLast())), (1...100_000).contains(count) else {
            return nil
        }
        switch unit {
        case "m": return now.advanced(bySeconds: count * 60)
        case "h": return now.advanced(bySeconds: count * 3600)
        case "d": return now.advanced(bySeconds: count * 86_400)
        default: return nil
        }
    }
}
