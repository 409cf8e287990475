/// Which stretches of time a budget counts in, and by whose clock.
package struct BudgetCalendar: Hashable, Sendable {
    package enum Period: Hashable, Sendable {
        /// A cap on each single call.
        case call
        /// A cap on each run (a trace, or what `X-Run` names).
        case run
        case hour, day, week, month, quarter, year
        /// The last so many seconds, at every moment.
        case rolling(seconds: Int64)
    }

    package var period: Period
    /// The IANA name of the zone whose days it counts in.
    package var zone: String
    /// When the fiscal year begins; quarters and months count from it.
    package var fiscalStart: FiscalStart
    /// ISO weekday on which weeks begin: 1 is Monday.
    package var firstWeekday: Int

    /// A month and a day of it, clamped to months that are shorter.
    package struct FiscalStart: Hashable, Sendable {
        package var month: Int
        package var day: Int

        package init(month: Int = 1, day: Int = 1) {
            self.month = month
            self.day = day
        }
    }

    package init(
        _ period: Period,
        zone: String = "UTC",
        fiscalStart: FiscalStart = FiscalStart(),
        firstWeekday: Int = 1
    ) {
        self.period = period
        self.zone = zone
        self.fiscalStart = fiscalStart
        self.firstWeekday = firstWeekday
    }

    /// The window that `instant` counts in.
    ///
    /// Half-open; the windows of one calendar tile time. A rolling budget's ends at `instant`, and grows older with
    /// every moment. Calls and runs have no window of time: theirs is all of it.
    package func window(containing instant: Timestamp, in zone: any Zone) -> Range<Timestamp> {
        switch period {
        case .call, .run: return Timestamp(microseconds: .min)..<Timestamp(microseconds: .max)
        case .rolling(let seconds): return instant.advanced(bySeconds: -seconds)..<instant
        case .hour: return hour(containing: instant, in: zone)
        case .day, .week, .month, .quarter, .year:
            let first = first(of: zone.date(at: instant))
            return zone.start(of: first)..<zone.start(of: next(after: first))
        }
    }

    /// The window before the one that begins at `start`.
    package func window(before start: Timestamp, in zone: any Zone) -> Range<Timestamp> {
        window(containing: Timestamp(microseconds: start.microseconds - 1), in: zone)
    }

    /// Hours count from the start of the day, so that zones of half hours have theirs.
    private func hour(containing instant: Timestamp, in zone: any Zone) -> Range<Timestamp> {
        let date = zone.date(at: instant)
        let start = zone.start(of: date)
        let end = zone.start(of: date.advanced(byDays: 1))
        let hours = (instant.microseconds - start.microseconds) / Self.hour
        let begin = Timestamp(microseconds: start.microseconds + hours * Self.hour)
        return begin..<min(begin.advanced(bySeconds: 3600), max(end, begin))
    }

    private static let hour: Int64 = 3_600_000_000

    /// The first date of the period that holds `date`.
    private func first(of date: CivilDate) -> CivilDate {
        switch period {
        case .week: return date.advanced(byDays: -Int64((date.weekday - firstWeekday + 7) % 7))
        case .month, .quarter, .year:
            let origin = fiscalStart.month - 1
            let index = date.year * 12 + date.month - 1 - origin
            let period = index - ((index % months) + months) % months + origin
            let first = day(inMonth: period)
            return first <= date ? first : day(inMonth: period - months)
        case .call, .run, .hour, .day, .rolling: return date
        }
    }

    private func next(after first: CivilDate) -> CivilDate {
        switch period {
        case .week: first.advanced(byDays: 7)
        case .month, .quarter, .year: day(inMonth: first.year * 12 + first.month - 1 + months)
        case .call, .run, .hour, .day, .rolling: first.advanced(byDays: 1)
        }
    }

    private var months: Int {
        switch period {
        case .quarter: 3
        case .year: 12
        default: 1
        }
    }

    /// The fiscal day in the month with that number, counted from year 0.
    private func day(inMonth index: Int) -> CivilDate {
        let year = min(max(index / 12, 1), 9999)
        let month = (index % 12 + 12) % 12 + 1
        let day = min(fiscalStart.day, CivilDate.daysInMonth(year: year, month: month))
        return CivilDate(year: year, month: month, day: max(1, day)) ?? CivilDate(utc: Timestamp(seconds: 0))
    }
}

extension BudgetCalendar.Period {
    /// `month`, `rolling 30 days`, as files and tables write it.
    package var text: String {
        switch self {
        case .call: "call"
        case .run: "run"
        case .hour: "hour"
        case .day: "day"
        case .week: "week"
        case .month: "month"
        case .quarter: "quarter"
        case .year: "year"
        case .rolling(let seconds):
            switch seconds {
            case let seconds where seconds % 86_400 == 0 && seconds > 86_400: "rolling \(seconds / 86_400) days"
            case let seconds where seconds % 3600 == 0 && seconds > 3600: "rolling \(seconds / 3600) hours"
            default: "rolling \(seconds / 60) minutes"
            }
        }
    }
}

extension BudgetCalendar.Period {
    /// Reads the periods that are one word; `monthly` is `month`.
    package init?(word: some StringProtocol) {
        switch word {
        case "call": self = .call
        case "run", "trace": self = .run
        case "hour", "hourly": self = .hour
        case "day", "daily": self = .day
        case "week", "weekly": self = .week
        case "month", "monthly": self = .month
        case "quarter", "quarterly": self = .quarter
        case "year", "yearly", "annual", "annually": self = .year
        default: return nil
        }
    }
}

extension BudgetCalendar.FiscalStart {
    /// Reads `04-01`; `nil` when that is no day of a leap year.
    package init?(_ text: some StringProtocol) {
        guard let date = CivilDate("2028-\(text)") else { return nil }
        self.init(month: date.month, day: date.day)
    }
}
