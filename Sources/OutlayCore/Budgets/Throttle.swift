/// How much a throttle lets through per minute.
package struct ThrottleRate: Hashable, Sendable {
    package var unit: BudgetUnit
    /// Picodollars, tokens or calls per minute; above 0.
    package var perMinute: Int128

    package init(_ unit: BudgetUnit, perMinute: Int128) {
        self.unit = unit
        self.perMinute = max(1, perMinute)
    }
}

/// The running state of one throttle: a bucket that a minute's worth fills and that drains evenly.
package struct Throttle: Hashable, Sendable {
    package let rate: ThrottleRate
    /// What went in and has not drained yet, times the microseconds of a minute.
    private var level: Int128 = 0
    private var drainedAt: Timestamp

    private static let minute: Int128 = 60_000_000

    package init(_ rate: ThrottleRate, at now: Timestamp) {
        self.rate = rate
        drainedAt = now
    }

    /// Seconds until `amount` may pass, from 1 to 60; `nil` when it may now.
    ///
    /// An amount beyond a whole minute's worth passes when the bucket is empty, so that nothing waits for ever.
    package mutating func wait(for amount: Int128, at now: Timestamp) -> Int? {
        drain(to: now)
        let room = rate.perMinute.multipliedSaturating(by: Self.minute) - level
        let need = min(amount, rate.perMinute).multipliedSaturating(by: Self.minute)
        guard need > room else { return nil }
        let microseconds = (need - room + rate.perMinute - 1) / rate.perMinute
        return Int(min(60, max(1, (microseconds + 999_999) / 1_000_000)))
    }

    /// Lets `amount` pass; a correction may be negative.
    package mutating func take(_ amount: Int128, at now: Timestamp) {
        drain(to: now)
        let (sum, overflow) = level.addingReportingOverflow(amount.multipliedSaturating(by: Self.minute))
        level = overflow ? .max / 2 : max(0, sum)
    }

    private mutating func drain(to now: Timestamp) {
        guard now > drainedAt else { return }
        let (elapsed, _) = now.microseconds.subtractingReportingOverflow(drainedAt.microseconds)
        level = max(0, level - rate.perMinute.multipliedSaturating(by: Int128(elapsed)))
        drainedAt = now
    }
}

extension ThrottleRate {
    /// Reads `30/min`, `2/s`, `100000 tokens/min`, `5 USD/hour`; without a unit it counts calls.
    ///
    /// - Returns: `nil` when it is none of these, or less than one unit per minute.
    package init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        let words = halves[0].split(separator: " ")
        let unit = words.count == 2 ? BudgetUnit(rawValue: String(words[1])) : words.count == 1 ? .calls : nil
        guard let unit, let figure = words.first, let amount = Money(dollars: figure) else { return nil }
        let count = unit == .dollars ? amount.picodollars : amount.picodollars / Money.picodollarsPerDollar
        switch halves[1].drop(while: { $0 == " " }) {
        case "s", "second": self.init(unit, perMinute: count * 60)
        case "min", "minute": self.init(unit, perMinute: count)
        case "h", "hour": self.init(unit, perMinute: count / 60)
        default: return nil
        }
        guard count > 0, perMinute > 0 else { return nil }
    }
}

extension ThrottleRate: CustomStringConvertible {
    /// `30 calls/min`.
    package var description: String { "\(unit.text(perMinute)) \(unit.rawValue)/min" }
}
