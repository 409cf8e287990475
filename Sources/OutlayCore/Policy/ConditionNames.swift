/// What stands on one side of a comparison.
enum ConditionOperand: Hashable {
    case tag(Dimension)
    case quantity(PolicyQuantity)
    case text(String)
    case number(String)
    case money(String)
    case date(CivilDate)
}

/// What names mean, and which values they can be compared with.
struct ConditionNames {
    private let vocabulary: PolicyVocabulary

    init(_ vocabulary: PolicyVocabulary) {
        self.vocabulary = vocabulary
    }

    func operand(_ token: ConditionToken) throws(PolicyConditionError) -> ConditionOperand {
        switch token.kind {
        case .word(let word): return try named(word, at: token.position)
        case .text(let text): return .text(text)
        case .number(let digits): return .number(digits)
        case .money(let digits): return .money(digits)
        case .date(let date): return .date(date)
        case .end: throw PolicyConditionError(token.position, "the condition ends where a name or value is missing")
        default: throw PolicyConditionError(token.position, "'\(token.source)' stands where a name or value is missing")
        }
    }

    private func named(_ word: String, at position: Int) throws(PolicyConditionError) -> ConditionOperand {
        let folded = Self.folded(word)
        if folded == "true" || folded == "false" { return .text(folded) }
        if let prefix = Self.prefixes.first(where: { word.lowercased().hasPrefix($0) }) {
            return .tag(try tag(String(word.dropFirst(prefix.count)), at: position + prefix.count))
        }
        if let quantity = Self.quantities[folded] { return .quantity(quantity) }
        if Self.weekday(folded) != nil { return .text(folded) }
        if let dimension = known(word) { return .tag(dimension) }
        let meant = Suggestion.ending(
            for: word,
            among: knownNames + PolicyQuantity.allCases.map(\.rawValue),
            otherwise: "text stands in quotes; a tag of your own is tags.\(word), or listed in tags.custom"
        )
        throw PolicyConditionError(position, "unknown name '\(word)'\(meant)")
    }

    /// The dimension behind `tags.`: any name will do that is not nearly a known one.
    private func tag(_ name: String, at position: Int) throws(PolicyConditionError) -> Dimension {
        if let dimension = known(name) { return dimension }
        guard let dimension = Dimension(name) else {
            throw PolicyConditionError(position, "'\(name)' is no dimension; use a-z, 0-9, '_', '.' and '-'")
        }
        if let meant = Suggestion.nearest(to: name, among: knownNames) {
            throw PolicyConditionError(
                position,
                "unknown dimension '\(name)'; did you mean '\(meant)'? Or list it in tags.custom"
            )
        }
        return dimension
    }

    private func known(_ name: String) -> Dimension? {
        Dimension.intrinsic.first { $0.name == Self.folded(name) } ?? vocabulary.spellings.dimension(named: name)
    }

    private var knownNames: [String] {
        (Dimension.claimable + vocabulary.custom).map(\.name) + Dimension.intrinsic.map(\.name).sorted()
    }

    func comparison(
        _ left: ConditionOperand,
        _ comparison: Comparison,
        _ right: ConditionOperand,
        at position: Int
    ) throws(PolicyConditionError) -> ConditionNode<Dimension> {
        switch (left, right) {
        case (.tag(let left), .tag(let right)):
            try checkEquality(comparison, left.name, at: position)
            return comparison == .equal ? .same(left, right) : .not(.same(left, right))
        case (.quantity(let left), .quantity(let right)):
            guard Self.isComparable(left, right) else {
                throw PolicyConditionError(position, "\(left.rawValue) and \(right.rawValue) are not of one kind")
            }
            return .relate(left, comparison, right)
        case (.tag(let dimension), _):
            try checkEquality(comparison, dimension.name, at: position)
            let equals = ConditionNode.equals(dimension, try value(right, of: dimension, at: position))
            return comparison == .equal ? equals : .not(equals)
        case (.quantity(let quantity), _):
            return .compare(quantity, comparison, try measure(right, of: quantity, at: position))
        case (_, .tag), (_, .quantity): return try self.comparison(right, comparison.turned, left, at: position)
        default:
            throw PolicyConditionError(
                position,
                "this compares two fixed values; one side must be a name, such as team"
            )
        }
    }

    private func checkEquality(_ comparison: Comparison, _ name: String, at position: Int) throws(PolicyConditionError)
    {
        guard comparison != .equal, comparison != .unequal else { return }
        throw PolicyConditionError(
            position,
            "\(name) is text, which has no order; use ==, !=, in or matches instead of \(comparison.rawValue)"
        )
    }

    /// The text that a tag is compared with; the aliases of values are resolved as they are in calls.
    func value(
        _ operand: ConditionOperand,
        of dimension: Dimension,
        at position: Int
    ) throws(PolicyConditionError) -> String {
        switch operand {
        case .text(let text): return vocabulary.aliases.resolved(text, of: dimension)
        case .number(let digits): return vocabulary.aliases.resolved(digits, of: dimension)
        case .money, .date, .quantity:
            throw PolicyConditionError(position, "\(dimension) is text; put what it is compared with in quotes")
        case .tag: throw PolicyConditionError(position, "a list holds values in quotes, not names")
        }
    }

    /// The number that a quantity is compared with.
    func measure(
        _ operand: ConditionOperand,
        of quantity: PolicyQuantity,
        at position: Int
    ) throws(PolicyConditionError) -> Int128 {
        if let value = Self.measured(operand, quantity) { return value }
        throw PolicyConditionError(position, "\(quantity.rawValue) is \(Self.kind(of: quantity))")
    }

    private static func measured(_ operand: ConditionOperand, _ quantity: PolicyQuantity) -> Int128? {
        switch (quantity, operand) {
        case (.estimatedCost, .money(let digits)), (.estimatedCost, .number(let digits)):
            DecimalText.parse(digits, scale: 12)
        case (.promptTokens, .number(let digits)), (.maxOutputTokens, .number(let digits)):
            DecimalText.parse(digits, scale: 0)
        case (.hour, .number(let digits)):
            DecimalText.parse(digits, scale: 0).flatMap { (0...24).contains($0) ? $0 : nil }
        case (.weekday, .text(let name)): weekday(name.lowercased())
        case (.date, .date(let date)): Int128(date.daysSinceEpoch)
        case (.date, .text(let text)): CivilDate(text).map { Int128($0.daysSinceEpoch) }
        default: nil
        }
    }

    /// Says what `quantity` can be compared with.
    private static func kind(of quantity: PolicyQuantity) -> String {
        switch quantity {
        case .estimatedCost: "an amount; compare it with one, such as $0.50 or 0.50 USD"
        case .promptTokens, .maxOutputTokens: "a count; compare it with a whole number, such as 8000"
        case .hour: "an hour; compare it with a whole number from 0 to 24"
        case .weekday: "a day of the week; compare it with mon, tue, wed, thu, fri, sat or sun"
        case .date: "a date; compare it with one, such as 2026-12-31"
        }
    }

    private static func isComparable(_ left: PolicyQuantity, _ right: PolicyQuantity) -> Bool {
        let counts: Set<PolicyQuantity> = [.promptTokens, .maxOutputTokens]
        return left == right || counts.contains(left) && counts.contains(right)
    }

    /// 1 for `mon` and `monday` to 7 for `sun` and `sunday`.
    private static func weekday(_ name: String) -> Int128? {
        let full = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        let index = PolicyQuantity.weekdays.firstIndex(of: name) ?? full.firstIndex(of: name)
        return index.map { Int128($0 + 1) }
    }

    private static func folded(_ name: String) -> String {
        String(
            String.UnicodeScalarView(name.lowercased().unicodeScalars.map { $0 == "-" || $0 == "." ? "_" : $0 })
        )
    }

    private static let prefixes = ["tags.", "tag."]

    private static let quantities: [String: PolicyQuantity] = [
        "estimated_cost": .estimatedCost, "estimated_cost_usd": .estimatedCost, "cost": .estimatedCost,
        "cost_usd": .estimatedCost, "prompt_tokens": .promptTokens, "input_tokens": .promptTokens,
        "max_output_tokens": .maxOutputTokens, "max_tokens": .maxOutputTokens,
        "max_completion_tokens": .maxOutputTokens, "hour": .hour, "weekday": .weekday, "day_of_week": .weekday,
        "date": .date,
    ]
}
