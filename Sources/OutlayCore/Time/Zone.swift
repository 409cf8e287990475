/// The civil time of one place: where its days begin.
///
/// Core knows no zone rules; the composition root supplies them. Days need not have 24 hours, and need not
/// begin at midnight (Cairo's summer time starts at 00:00).
package protocol Zone: Sendable {
    /// The IANA name: `Europe/Berlin`.
    var identifier: String { get }
    /// The first instant of `date` there.
    func start(of date: CivilDate) -> Timestamp
    /// The date there at `instant`.
    func date(at instant: Timestamp) -> CivilDate
    /// What the clocks there show at `instant`, in whole seconds since midnight: 0..<86 400.
    func clockSeconds(at instant: Timestamp) -> Int
}

extension Zone {
    /// Seconds since the day began: what clocks show on every day on which they are not changed.
    package func clockSeconds(at instant: Timestamp) -> Int {
        let since = CivilDate.floorDivide(instant.microseconds - start(of: date(at: instant)).microseconds, 1_000_000)
        return Int(min(max(since, 0), 86_399))
    }
}

/// Coordinated universal time, the zone of everything that is stored.
package struct UTC: Zone {
    package let identifier = "UTC"

    package init() {}

    package func start(of date: CivilDate) -> Timestamp { date.startUTC }
    package func date(at instant: Timestamp) -> CivilDate { CivilDate(utc: instant) }
}

extension CivilDate {
    /// This date moved by whole days, clamped to years 1...9999.
    package func advanced(byDays days: Int64) -> CivilDate {
        CivilDate(utc: Timestamp(seconds: 0).advanced(bySeconds: (daysSinceEpoch + days) * 86_400))
    }

    /// The first day of this month, moved by whole months.
    package func firstOfMonth(advancedBy months: Int = 0) -> CivilDate {
        let index = year * 12 + (month - 1) + months
        return CivilDate(year: min(max(index / 12, 1), 9999), month: index % 12 + 1, day: 1) ?? self
    }

    /// The Monday of this date's week (ISO 8601).
    package var firstOfWeek: CivilDate {
        advanced(byDays: Int64(1 - weekday))
    }
}
