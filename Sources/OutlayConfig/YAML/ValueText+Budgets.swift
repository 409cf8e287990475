internal import OutlayCore

extension ValueText {
    /// The most of any unit, far beyond what anybody spends: sums of many such amounts still fit.
    private static let amountMax: Int128 = 1_000_000_000_000_000_000

    /// `5000 USD`, `$5000` or `5000`, `2000000 tokens`, `10000 calls`.
    static func limit(_ text: String) throws(ValueProblem) -> BudgetLimit {
        let words = text.split(separator: " ")
        guard words.count == 2, words[1] != "USD" else {
            let amount = try money(text)
            guard amount <= Money.largest else { throw ValueProblem("is more than 10^18 dollars") }
            return BudgetLimit(amount)
        }
        guard let unit = BudgetUnit(rawValue: String(words[1])) else {
            let units = BudgetUnit.allCases.map(\.rawValue)
            let ending = Suggestion.ending(
                for: String(words[1]),
                among: units,
                otherwise: "it can be \(Suggestion.listing(units))"
            )
            throw ValueProblem("has an unknown unit\(ending)")
        }
        return BudgetLimit(unit, try wholeCount(words[0], unit))
    }

    /// An amount in the unit of a limit, which it may leave out: `2000 USD` or `2000`.
    static func amount(in unit: BudgetUnit) -> (String) throws(ValueProblem) -> Int128 {
        { (text: String) throws(ValueProblem) in
            let isBare = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            if isBare, unit != .dollars { return try wholeCount(text[...], unit) }
            let amount = try limit(text)
            guard amount.unit == unit else {
                throw ValueProblem("is in \(amount.unit.rawValue), but the limit is in \(unit.rawValue)")
            }
            return amount.amount
        }
    }

    private static func wholeCount(_ digits: Substring, _ unit: BudgetUnit) throws(ValueProblem) -> Int128 {
        let isWhole = digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isWhole, let count = Int128(digits), count <= amountMax else {
            throw ValueProblem("is no number of \(unit.rawValue); write it as '10000 \(unit.rawValue)'")
        }
        return count
    }

    /// `month`, `monthly`, `rolling 30 days`.
    static func period(_ text: String) throws(ValueProblem) -> BudgetCalendar.Period {
        if let period = BudgetCalendar.Period(word: text) { return period }
        let names = ["hour", "day", "week", "month", "quarter", "year", "call", "run"]
        guard text.hasPrefix("rolling") else {
            let ending = Suggestion.ending(
                for: text,
                among: names + names.dropLast(2).map { $0 == "day" ? "daily" : $0 + "ly" },
                otherwise: "it can be \(names.joined(separator: ", ")) or 'rolling 30 days'"
            )
            throw ValueProblem("is no period\(ending)")
        }
        do {
            return .rolling(seconds: Int64(try seconds(60...366 * 86_400)(String(text.dropFirst("rolling ".count)))))
        } catch {
            throw ValueProblem("is no period; write it as 'rolling 30 days', from 1 minute to 366 days")
        }
    }

    /// A duration such as `30 s`, `10 min`, `24 hours` or `7 days`, within `range`.
    static func seconds(_ range: ClosedRange<Int>) -> (String) throws(ValueProblem) -> Int {
        { (text: String) throws(ValueProblem) in
            let words = text.split(separator: " ")
            guard words.count == 2, words[0].utf8.count < 9, let number = Int(words[0]), number > 0,
                let unit = secondsOfUnit[String(words[1])]
            else { throw ValueProblem("is no duration; write it as '30 s', '10 min', '24 hours' or '7 days'") }
            guard range.contains(number * unit) else {
                throw ValueProblem("is not from \(phrase(range.lowerBound)) to \(phrase(range.upperBound))")
            }
            return number * unit
        }
    }

    private static let secondsOfUnit = [
        "s": 1, "second": 1, "seconds": 1, "min": 60, "minute": 60, "minutes": 60, "h": 3600, "hour": 3600,
        "hours": 3600, "day": 86_400, "days": 86_400, "week": 604_800, "weeks": 604_800,
    ]

    private static func phrase(_ seconds: Int) -> String {
        if seconds >= 86_400 { return "\(seconds / 86_400) days" }
        return seconds >= 60 ? "\(seconds / 60) min" : "\(seconds) s"
    }

    /// The day on which fiscal years begin: `04-01`.
    static func fiscalStart(_ text: String) throws(ValueProblem) -> BudgetCalendar.FiscalStart {
        guard let start = BudgetCalendar.FiscalStart(text) else {
            throw ValueProblem("is no day of a year; write month and day as '04-01'")
        }
        return start
    }

    /// `monday` is 1, as in ISO 8601.
    static func weekday(_ text: String) throws(ValueProblem) -> Int {
        if let index = weekdays.firstIndex(of: text.lowercased()) { return index + 1 }
        let ending = Suggestion.ending(for: text, among: weekdays, otherwise: "write it as 'monday'")
        throw ValueProblem("is no day of the week\(ending)")
    }

    static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// How much is carried over: `true` for all of it, `false`, or a percentage of the limit.
    static func carryOver(_ text: String) throws(ValueProblem) -> CarryOver? {
        if let isOn = try? flag(text) { return isOn ? CarryOver() : nil }
        guard let percent = wholePercent(text, isInParts: false) else {
            throw ValueProblem("is neither true, false nor a whole percentage from 1 to 1000 such as '50 %'")
        }
        return CarryOver(percentMax: percent)
    }

    /// The percentage of a threshold: `80`, `80 %` or `0.8`.
    ///
    /// - Parameter isInParts: whether numbers up to 10 are meant as parts of one, as in a list with `0.8` and `1`.
    static func thresholdPercent(isInParts: Bool) -> (String) throws(ValueProblem) -> Int {
        { (text: String) throws(ValueProblem) in
            guard let percent = wholePercent(text, isInParts: isInParts) else {
                throw ValueProblem("is not a whole percentage from 1 to 1000; write it as 80, '80 %' or 0.8")
            }
            return percent
        }
    }

    /// Whether a percentage is written as a part of one: `0.8`.
    static func isPart(_ text: String) -> Bool {
        text.contains(".") && (DecimalText.parse(text, scale: 4).map { $0 <= 10 * 10_000 } ?? false)
    }

    private static func wholePercent(_ text: String, isInParts: Bool) -> Int? {
        let words = (text.hasSuffix("%") ? text.dropLast() : text[...]).split(separator: " ")
        guard words.count == 1, let number = DecimalText.parse(words[0], scale: 4) else { return nil }
        let one: Int128 = 10_000
        let isPart = !text.hasSuffix("%") && (isPart(text) || isInParts && number <= 10 * one)
        let percent = isPart ? number * 100 : number
        guard percent % one == 0, (1...1000).contains(percent / one) else { return nil }
        return Int(percent / one)
    }

    /// How much passes per minute: `30/min`, `100000 tokens/min`, `5 USD/hour`.
    static func rate(_ text: String) throws(ValueProblem) -> ThrottleRate {
        guard let rate = ThrottleRate(text) else {
            throw ValueProblem("is no rate; write it as '30/min', '100000 tokens/min' or '5 USD/hour'")
        }
        return rate
    }

    /// What is said to people: at most 1000 bytes, lines joined to one.
    static func message(_ text: String) throws(ValueProblem) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !line.isEmpty else { throw ValueProblem("is empty") }
        guard line.utf8.count <= 1000,
            !line.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw ValueProblem("is longer than 1000 bytes or has control characters") }
        return line
    }
}
