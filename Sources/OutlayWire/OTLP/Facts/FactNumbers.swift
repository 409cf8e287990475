import OutlayCore

/// Reads counts and amounts, whatever type an exporter gave them.
///
/// What cannot be a count is left out and named in ``flags``: nothing foreign traps or becomes negative.
struct FactNumbers {
    private(set) var flags: [String] = []

    mutating func flag(_ word: String) {
        if !flags.contains(word) { flags.append(word) }
    }

    /// A count of tokens; `nil` where there is none, or none that can be believed.
    mutating func count(_ value: AttributeValue?, max: Int64 = UsageReport.countMax) -> Int64? {
        switch value {
        case .integer(let number): take(number < 0 ? .negative : .value(number, isExact: true), max)
        case .double(let number) where !number.isFinite: refuse("invalid_count")
        case .double(let number) where number >= 0 && number < 1e15 && number == number.rounded():
            take(.value(Int64(number), isExact: true), max)
        case .double(let number): take(CountText.parse("\(number)"), max)
        case .string(let text): take(CountText.parse(text), max)
        case .bool, nil: nil
        }
    }

    /// An amount in dollars, from the shortest text of a number or from text, rounded half to even.
    mutating func dollars(_ value: AttributeValue?, scale: Int = 0) -> Money? {
        let text: String
        switch value {
        case .double(let number): text = "\(number)"
        case .integer(let number): text = "\(number)"
        case .string(let string): text = string
        case .bool, nil: return nil
        }
        guard let money = Money(reported: text, scale: scale), money >= .zero else {
            flag("invalid_cost")
            return nil
        }
        return money
    }

    private mutating func take(_ parsed: CountText.Parsed, _ max: Int64) -> Int64? {
        switch parsed {
        case .none: return refuse("invalid_count")
        case .negative: return refuse("negative_count")
        case .huge: return refuse("huge_count")
        case .value(let count, let isExact):
            if !isExact { flag("fractional_count") }
            return count <= max ? count : refuse("huge_count")
        }
    }

    private mutating func refuse(_ word: String) -> Int64? {
        flag(word)
        return nil
    }
}
