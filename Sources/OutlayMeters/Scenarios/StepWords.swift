internal import OutlayCore

/// The words of one step, taken one after the other.
struct StepWords {
    private var words: ArraySlice<String>

    init(_ text: String) {
        words = text.split(separator: " ").map(String.init)[...]
    }

    var isEmpty: Bool { words.isEmpty }

    mutating func next() -> String? {
        words.popFirst()
    }

    func peek() -> String? { words.first }

    func mentions(_ word: String) -> Bool { words.contains(word) }

    /// Takes `word` wherever it stands.
    mutating func take(_ word: String) -> Bool {
        guard let index = words.firstIndex(of: word) else { return false }
        words.remove(at: index)
        return true
    }

    mutating func name() throws(ScenarioProblem) -> String {
        guard let name = next() else { throw ScenarioProblem("a name is missing") }
        return name
    }

    var isAtAmount: Bool { words.first.map { Money(dollars: $0) != nil } ?? false }

    var isAtFigure: Bool {
        words.first.map { ["posted", "reserved", "limit", "left", "forecast"].contains($0) } ?? true
    }

    /// The tags among the words (`team=growth`), wherever they stand.
    mutating func tags() throws(ScenarioProblem) -> TagSet {
        var tags = TagSet.empty
        for word in words where word.contains("=") {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let dimension = Dimension(parts[0]) else { throw ScenarioProblem("'\(parts[0])' is no dimension") }
            tags[dimension] = String(parts[1])
        }
        words.removeAll { $0.contains("=") }
        return tags
    }

    /// `12.50`, `300 tokens`, `2 calls`; an amount without a unit is in dollars, or in `unit`.
    mutating func consumption(unit: BudgetUnit = .dollars) throws(ScenarioProblem) -> Consumption {
        guard let text = next(), let money = Money(dollars: text.hasPrefix("$") ? text.dropFirst() : text[...]) else {
            throw ScenarioProblem("an amount is missing; write it as 12.50, 300 tokens or 2 calls")
        }
        var unit = unit
        if let named = peek().flatMap(BudgetUnit.init(rawValue:)) {
            unit = named
            _ = next()
        }
        guard unit != .dollars else { return Consumption(cost: money, tokens: 0, calls: 1) }
        guard let count = Int64(exactly: money.picodollars / Money.picodollarsPerDollar) else {
            throw ScenarioProblem("\(text) \(unit.rawValue) are too many")
        }
        return unit == .tokens
            ? Consumption(cost: .zero, tokens: count, calls: 1) : Consumption(cost: .zero, tokens: 0, calls: count)
    }

    mutating func time() throws(ScenarioProblem) -> Timestamp {
        let text = try name()
        guard let span = TimeText.span(text, in: UTC()) else {
            throw ScenarioProblem("'\(text)' is no time; write 2026-11-20 or 2026-11-20T12:00:00Z")
        }
        return span.lowerBound
    }

    /// The time after `word`, wherever that stands.
    mutating func optionalTime(_ word: String) throws(ScenarioProblem) -> Timestamp? {
        guard let index = words.firstIndex(of: word), index + 1 < words.endIndex else { return nil }
        var rest = StepWords(words[index + 1])
        words.removeSubrange(index...index + 1)
        return try rest.time()
    }

    /// `30s`, `5m`, `2h`, `3d`.
    mutating func seconds() throws(ScenarioProblem) -> Int64 {
        let text = try name()
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count < 1_000_000 else {
            throw ScenarioProblem("'\(text)' is no duration; write 30s, 5m, 2h or 3d")
        }
        return count * unit
    }

    /// Compares what happened with the rest of the words.
    ///
    /// - Parameter otherwise: what is expected where nothing is said.
    func expect(_ found: String, otherwise: String) throws(ScenarioProblem) -> String {
        let wanted = words.isEmpty ? otherwise : words.joined(separator: " ")
        func parts(_ text: String) -> Set<String> {
            Set(text.split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") })
        }
        guard parts(found) == parts(wanted) else {
            let expected = wanted.isEmpty ? "nothing" : wanted
            throw ScenarioProblem("expected \(expected), found \(found.isEmpty ? "nothing" : found)")
        }
        return found
    }
}
