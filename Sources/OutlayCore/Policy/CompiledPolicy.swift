/// A policy with its tags resolved to places in a ``PolicyBook``'s table.
///
/// A class, as its rules are, because going through them must not copy them: that is most of what a verdict costs.
final class CompiledPolicy: Sendable {
    let name: String
    let workspaces: Scope.Condition?
    let scope: [ScopeTest]
    let setters: [CompiledRule]
    /// The rules that do not set tags.
    let judges: [CompiledRule]
    /// The place of its zone.
    let zone: Int

    init(_ policy: Policy, scope: [ScopeTest], rules: [CompiledRule], zone: Int) {
        name = policy.name
        workspaces = policy.scope.conditions.first { $0.dimension == .workspace }
        self.scope = scope
        setters = rules.filter(\.isSetter)
        judges = rules.filter { !$0.isSetter }
        self.zone = zone
    }

    /// Whether calls of this workspace may be in the scope.
    func concerns(workspace: String) -> Bool {
        workspaces?.holds(for: workspace) ?? true
    }

    func isAbout(_ facts: PolicyFacts) -> Bool {
        scope.allSatisfy { $0.holds(facts) }
    }

    /// Sets the tags of the rules that certainly apply; a tag that the key locks stays.
    func setTags(_ facts: inout PolicyFacts, _ subject: PolicySubject, _ verdict: inout PolicyVerdict) {
        guard !setters.isEmpty, isAbout(facts) else { return }
        for rule in setters where rule.test.applies(&facts, zone: zone) == true {
            guard case .set = rule.effect else {
                verdict.findings.append(rule.finding(of: name, facts, isCertain: true))
                continue
            }
            for tag in rule.tags where !subject.locks(tag.dimension) {
                facts.set(tag.slot, tag.value)
                verdict.tags.append(PolicyTag(dimension: tag.dimension, value: tag.value, policy: name))
            }
        }
    }

    func judge(_ facts: inout PolicyFacts, _ verdict: inout PolicyVerdict) {
        guard !judges.isEmpty, isAbout(facts) else { return }
        // A span lends its rules, where going through an array would count every reference up and down.
        let judges = judges
        let rules = judges.span
        for index in rules.indices {
            let rule = rules[index]
            let answer = rule.test.applies(&facts, zone: zone)
            if answer == false { continue }
            verdict.findings.append(rule.finding(of: name, facts, isCertain: answer != nil))
        }
    }
}

/// One condition of a scope; most name a single value.
enum ScopeTest: Sendable {
    case equals(Int, String)
    case patterns(Int, Scope.Condition)

    init(_ slot: Int, _ condition: Scope.Condition) {
        if let only = condition.values.first, condition.values.count == 1, only.isPlain {
            self = .equals(slot, only.text)
        } else {
            self = .patterns(slot, condition)
        }
    }

    func holds(_ facts: PolicyFacts) -> Bool {
        switch self {
        case .equals(let slot, let value): facts.value(slot) == value
        case .patterns(let slot, let condition): condition.holds(for: facts.value(slot))
        }
    }
}

final class CompiledRule: Sendable {
    let test: CompiledTest
    /// After the policy's enforcement.
    let effect: PolicyRule.Effect
    let intended: PolicyRule.Effect
    let title: String
    /// Its condition as it is written; empty for rules without one.
    let condition: String
    let message: String?
    /// What its condition measures and may not be known.
    let unknowns: [PolicyQuantity]
    let tags: [SlottedTag]
    let isSetter: Bool

    init(
        _ rule: PolicyRule,
        _ test: CompiledTest,
        under enforcement: Policy.Enforcement,
        unknowns: [PolicyQuantity],
        tags: [SlottedTag]
    ) {
        self.test = test
        effect = rule.effect.under(enforcement)
        intended = rule.effect
        title = rule.title
        condition = if case .when(let condition) = rule.test { condition.description } else { "" }
        message = rule.message
        self.unknowns = unknowns
        self.tags = tags
        isSetter = rule.isSetter
    }

    struct SlottedTag: Sendable {
        let slot: Int
        let dimension: Dimension
        let value: String
    }

    func finding(of policy: String, _ facts: PolicyFacts, isCertain: Bool) -> PolicyFinding {
        var text = message ?? test.message(facts, effect, condition: condition)
        if case .set = intended { text = "this would \(title)" }
        if !isCertain {
            var facts = facts
            let missing = unknowns.filter { facts.quantity($0, zone: 0) == nil }.map(\.rawValue)
            text += " (\(missing.joined(separator: " and ")) is not known, which counts as met)"
        }
        return PolicyFinding(policy: policy, rule: title, effect: effect, intended: intended, message: text)
    }
}

enum CompiledTest: Sendable {
    case require([(slot: Int, dimension: Dimension)])
    case allowSet(slot: Int, Dimension, Set<String>)
    case allowPatterns(slot: Int, Scope.Condition)
    case when(ConditionNode<Int>)
    case always

    /// `nil` when it depends on something that is not known.
    func applies(_ facts: inout PolicyFacts, zone: Int) -> Bool? {
        switch self {
        case .require(let tags): return tags.contains { facts.value($0.slot).isEmpty }
        case .allowSet(let slot, _, let values):
            let value = facts.value(slot)
            return !value.isEmpty && !values.contains(value)
        case .allowPatterns(let slot, let condition):
            let value = facts.value(slot)
            return !value.isEmpty && !condition.holds(for: value)
        case .when(let node): return node.holds(&facts, zone: zone)
        case .always: return true
        }
    }

    /// What a caller is told by a rule without a message of its own.
    func message(_ facts: PolicyFacts, _ effect: PolicyRule.Effect, condition: String) -> String {
        switch self {
        case .require(let tags):
            let missing = tags.filter { facts.value($0.slot).isEmpty }.map(\.dimension)
            let names = missing.map(\.name).joined(separator: " and ")
            let headers = missing.map(Self.header).joined(separator: " and ")
            return "\(names) \(missing.count == 1 ? "is" : "are") missing; send \(headers)"
        case .allowSet(let slot, let dimension, let values):
            return Self.refusal(of: facts.value(slot), dimension, values.sorted())
        case .allowPatterns(let slot, let condition):
            return Self.refusal(of: facts.value(slot), condition.dimension, condition.values.map(\.text))
        case .when:
            return effect == .requireApproval ? "calls with \(condition) need approval" : "the call has \(condition)"
        case .always: return effect == .requireApproval ? "every call needs approval" : "this is said of every call"
        }
    }

    private static func refusal(of value: String, _ dimension: Dimension, _ values: [String]) -> String {
        let listed = values.count <= 10 ? "it can be \(Suggestion.listing(values))" : "it is not registered"
        return "\(dimension) '\(value)' is not allowed"
            + Suggestion.ending(for: value, among: values, otherwise: listed)
    }

    /// `X-Cost-Center`.
    private static func header(of dimension: Dimension) -> String {
        let words = dimension.name.split { $0 == "_" || $0 == "." || $0 == "-" }
        return "X-" + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
    }
}

extension PolicySubject {
    /// Whether the call's key decides this tag.
    func locks(_ dimension: Dimension) -> Bool {
        call.attribution.origins.contains { $0.dimension == dimension && $0.source == .keyLock }
    }
}
