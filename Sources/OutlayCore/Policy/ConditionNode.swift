/// How two values are compared.
enum Comparison: String, Hashable, Sendable {
    case equal = "=="
    case unequal = "!="
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="

    func holds(_ left: Int128, _ right: Int128) -> Bool {
        switch self {
        case .equal: left == right
        case .unequal: left != right
        case .below: left < right
        case .atMost: left <= right
        case .above: left > right
        case .atLeast: left >= right
        }
    }

    /// The same with the sides exchanged: `3 < x` is `x > 3`.
    var turned: Comparison {
        switch self {
        case .equal, .unequal: self
        case .below: .above
        case .atMost: .atLeast
        case .above: .below
        case .atLeast: .atMost
        }
    }
}

/// What a condition can measure, each as a whole number.
enum PolicyQuantity: String, Hashable, Sendable, CaseIterable {
    /// In picodollars; unknown where the model has no price.
    case estimatedCost = "estimated_cost"
    case promptTokens = "prompt_tokens"
    /// Unknown where the call sets no bound.
    case maxOutputTokens = "max_output_tokens"
    /// 0 to 23, in the policy's zone.
    case hour
    /// 1 is Monday, 7 is Sunday.
    case weekday
    /// Days since 1970-01-01.
    case date

    /// Whether calls may come without it.
    var canBeUnknown: Bool {
        switch self {
        case .estimatedCost, .promptTokens, .maxOutputTokens: true
        case .hour, .weekday, .date: false
        }
    }

    static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// `value` as conditions and explanations write it.
    func text(_ value: Int128) -> String {
        switch self {
        case .estimatedCost: "$" + Money(picodollars: value).description
        case .promptTokens, .maxOutputTokens, .hour: String(value)
        case .weekday: (1...7).contains(value) ? Self.weekdays[Int(value) - 1] : String(value)
        case .date:
            CivilDate(utc: Timestamp(seconds: 0).advanced(bySeconds: Int64(clamping: value) * 86_400)).description
        }
    }
}

/// A condition as a tree, whose tags are named by `Name`: by dimension as it was read, by place in a table to be fast.
///
/// The parser bounds its depth and size, and there are no loops: asking it always ends.
indirect enum ConditionNode<Name: Hashable & Sendable>: Hashable, Sendable {
    case constant(Bool)
    /// The tag has this value; absent is the empty text.
    case equals(Name, String)
    case same(Name, Name)
    case among(Name, [String])
    case matches(Name, [ValuePattern])
    case isKnown(PolicyQuantity)
    case compare(PolicyQuantity, Comparison, Int128)
    case relate(PolicyQuantity, Comparison, PolicyQuantity)
    case measuresAmong(PolicyQuantity, [Int128])
    case all([ConditionNode])
    case any([ConditionNode])
    case not(ConditionNode)

    /// The same tree with other names.
    func mapped<Other>(_ name: (Name) -> Other) -> ConditionNode<Other> {
        switch self {
        case .constant(let value): .constant(value)
        case .equals(let tag, let value): .equals(name(tag), value)
        case .same(let left, let right): .same(name(left), name(right))
        case .among(let tag, let values): .among(name(tag), values)
        case .matches(let tag, let patterns): .matches(name(tag), patterns)
        case .isKnown(let quantity): .isKnown(quantity)
        case .compare(let quantity, let comparison, let value): .compare(quantity, comparison, value)
        case .relate(let left, let comparison, let right): .relate(left, comparison, right)
        case .measuresAmong(let quantity, let values): .measuresAmong(quantity, values)
        case .all(let nodes): .all(nodes.map { $0.mapped(name) })
        case .any(let nodes): .any(nodes.map { $0.mapped(name) })
        case .not(let node): .not(node.mapped(name))
        }
    }

    /// Calls back for every tag and quantity, in the order they are written.
    func forEachOperand(_ tag: (Name) -> Void, _ quantity: (PolicyQuantity) -> Void) {
        switch self {
        case .constant: break
        case .equals(let name, _), .among(let name, _), .matches(let name, _): tag(name)
        case .same(let left, let right):
            tag(left)
            tag(right)
        case .isKnown(let measured), .compare(let measured, _, _), .measuresAmong(let measured, _): quantity(measured)
        case .relate(let left, _, let right):
            quantity(left)
            quantity(right)
        case .all(let nodes), .any(let nodes): for node in nodes { node.forEachOperand(tag, quantity) }
        case .not(let node): node.forEachOperand(tag, quantity)
        }
    }
}

extension ConditionNode where Name == Int {
    /// Whether it holds; `nil` when that depends on a quantity that is not known.
    ///
    /// Three-valued logic (Kleene): what is known decides where it can, so `has(x) && x > 5` is never unknown.
    func holds(_ facts: inout PolicyFacts, zone: Int) -> Bool? {
        switch self {
        case .constant(let value): return value
        case .equals(let tag, let value): return facts.value(tag) == value
        case .same(let left, let right): return facts.value(left) == facts.value(right)
        case .among(let tag, let values): return values.contains(facts.value(tag))
        case .matches(let tag, let patterns):
            let value = facts.value(tag)
            return patterns.contains { $0.matches(value) }
        case .isKnown(let quantity): return facts.quantity(quantity, zone: zone) != nil
        case .compare(let quantity, let comparison, let value):
            return facts.quantity(quantity, zone: zone).map { comparison.holds($0, value) }
        case .relate(let left, let comparison, let right):
            guard let left = facts.quantity(left, zone: zone), let right = facts.quantity(right, zone: zone)
            else { return nil }
            return comparison.holds(left, right)
        case .measuresAmong(let quantity, let values):
            return facts.quantity(quantity, zone: zone).map(values.contains)
        case .all(let nodes): return Self.fold(nodes, &facts, zone, decisive: false)
        case .any(let nodes): return Self.fold(nodes, &facts, zone, decisive: true)
        case .not(let node): return node.holds(&facts, zone: zone).map { !$0 }
        }
    }

    /// The `decisive` answer of one node decides; otherwise one unknown answer makes all unknown.
    private static func fold(_ nodes: [Self], _ facts: inout PolicyFacts, _ zone: Int, decisive: Bool) -> Bool? {
        var isUnknown = false
        let nodes = nodes.span
        for index in nodes.indices {
            guard let answer = nodes[index].holds(&facts, zone: zone) else { isUnknown = true; continue }
            if answer == decisive { return decisive }
        }
        return isUnknown ? nil : !decisive
    }
}
