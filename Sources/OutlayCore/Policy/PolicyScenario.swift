/// Calls and what policies must say of them, as plain text: the tests of an organisation's policies.
///
/// Line by line: `call team=growth environment=production` describes a call, and the lines below it say what is
/// expected: `expect deny by cost-tags`. A file may bring policies of its own (`policy`, `require`, `deny` …), which
/// stand after the configured ones. `---` forgets what the file brought; `#` begins a comment.
package struct PolicyScenario: Sendable {
    /// A line that cannot be understood.
    package struct Problem: Hashable, Sendable {
        package let line: Int
        package let message: String
    }

    /// A call of the scenario, the verdict on it and how it differs from what is expected.
    package struct Trial: Hashable, Sendable {
        package let line: Int
        /// The call as it is described.
        package let call: String
        package let explanation: PolicyExplanation
        /// Empty when everything is as expected.
        package let failures: [String]
    }

    package private(set) var trials: [Trial] = []
    package private(set) var problems: [Problem] = []

    /// When calls are made that do not say: Friday, 20 November 2026, noon UTC.
    package static let usualTime = Timestamp(seconds: 1_795_176_000)
    /// The most lines of a scenario.
    package static let linesMax = 10_000

    private let zone: @Sendable (String) -> (any Zone)?
    private let configured: Resources
    private var setting: ScenarioSetting
    private var call: Call?

    private struct Call {
        let line: Int
        let text: String
        var described = DescribedCall(at: PolicyScenario.usualTime)
        var expectations: [ScenarioExpectation] = []
    }

    /// Plays `text` over the policies, keys, agents and workspaces of `resources`.
    package init(
        _ text: String,
        over resources: Resources = Resources(),
        zone: @escaping @Sendable (String) -> (any Zone)?
    ) {
        self.zone = zone
        configured = resources
        setting = ScenarioSetting(resources)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard index < Self.linesMax else {
                problems.append(Problem(line: index + 1, message: "more than \(Self.linesMax) lines; split the file"))
                break
            }
            let line = ScenarioWords.trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            do {
                try play(line, at: index + 1)
            } catch {
                problems.append(Problem(line: index + 1, message: error.message))
            }
        }
        finish()
    }

    private mutating func play(_ line: String, at number: Int) throws(DescribedCall.Problem) {
        let (verb, rest) = ScenarioWords.verb(of: line)
        switch verb {
        case "---":
            finish()
            setting = ScenarioSetting(configured)
        case "call":
            finish()
            var call = Call(line: number, text: line)
            try call.described.describe(try ScenarioWords.words(of: rest), setting.vocabulary)
            self.call = call
        case "locked":
            guard call != nil else { throw DescribedCall.Problem(message: "'locked' stands below a call") }
            try call?.described.lock(try ScenarioWords.words(of: rest), setting.vocabulary)
        case "expect":
            guard call != nil else { throw DescribedCall.Problem(message: "'expect' stands below a call") }
            call?.expectations.append(try ScenarioExpectation(rest))
        default:
            finish()
            try setting.take(verb, rest)
        }
    }

    private mutating func finish() {
        guard let call else { return }
        self.call = nil
        let book = PolicyBook(setting.resources.policies, registry: setting.registry, zone: zone)
        let explanation = book.explain(call.described.subject(setting.resources))
        var failures = call.expectations.compactMap { $0.failure(explanation) }
        if call.expectations.isEmpty { failures = ["nothing is expected of this call; add 'expect allow' below it"] }
        trials.append(Trial(line: call.line, call: call.text, explanation: explanation, failures: failures))
    }
}

/// The policies, aliases and registries that a scenario brings.
private struct ScenarioSetting {
    var resources: Resources
    var registry: Registry
    private(set) var vocabulary: PolicyVocabulary

    init(_ resources: Resources) {
        self.resources = resources
        registry = Registry(resources)
        vocabulary = PolicyVocabulary(resources.tags)
    }

    private static let verbs = [
        "call", "locked", "expect", "policy", "scope", "require", "allow", "deny", "warn", "shadow", "require_approval",
        "set", "message", "registry", "alias", "custom", "workspace",
    ]

    mutating func take(_ verb: String, _ rest: String) throws(DescribedCall.Problem) {
        switch verb {
        case "policy": try addPolicy(rest)
        case "scope":
            let pairs = try tags(try ScenarioWords.words(of: rest))
            try change { policy in
                policy.scope = Scope(
                    pairs.map { Scope.Condition($0.dimension, ScenarioWords.list($0.value).map(ValuePattern.init)) }
                )
            }
        case "message":
            try change { policy in
                if let last = policy.rules.indices.last { policy.rules[last].message = rest }
            }
        case "require", "allow", "deny", "warn", "shadow", "require_approval", "set":
            let rule = try rule(verb, rest)
            try change { $0.rules.append(rule) }
        case "registry", "alias", "custom", "workspace": try configure(verb, try ScenarioWords.words(of: rest), rest)
        default:
            let ending = Suggestion.ending(
                for: verb,
                among: Self.verbs,
                otherwise: "a line begins with \(Suggestion.listing(Self.verbs))"
            )
            throw DescribedCall.Problem(message: "'\(verb)' is not known\(ending)")
        }
    }

    private mutating func addPolicy(_ rest: String) throws(DescribedCall.Problem) {
        let words = try ScenarioWords.words(of: rest)
        guard let name = words.first else { throw DescribedCall.Problem(message: "a policy needs a name") }
        var policy = Policy(name: name)
        for (index, word) in words.enumerated().dropFirst() {
            if let enforcement = Policy.Enforcement(rawValue: word) { policy.enforcement = enforcement }
            if word == "zone", index + 1 < words.count { policy.zone = words[index + 1] }
        }
        resources.policies.append(policy)
    }

    private mutating func change(_ body: (inout Policy) -> Void) throws(DescribedCall.Problem) {
        guard let last = resources.policies.indices.last else {
            throw DescribedCall.Problem(message: "a rule stands below a line 'policy NAME'")
        }
        body(&resources.policies[last])
    }

    private func rule(_ verb: String, _ rest: String) throws(DescribedCall.Problem) -> PolicyRule {
        switch verb {
        case "require":
            var dimensions: [Dimension] = []
            for name in ScenarioWords.list(rest) { dimensions.append(try dimension(name)) }
            return PolicyRule(.require(dimensions))
        case "allow":
            let (name, values) = ScenarioWords.verb(of: rest)
            return PolicyRule(
                .allow(try dimension(name), values == "registry" ? .registry : .listed(ScenarioWords.list(values)))
            )
        case "set":
            let words = try ScenarioWords.words(of: rest)
            let pairs = words.prefix { $0 != "when" }
            let set = PolicyRule.Effect.set(TagSet(try tags(Array(pairs))))
            guard pairs.count < words.count, let when = rest.firstRange(of: " when ") else {
                return PolicyRule(.always, set)
            }
            return PolicyRule(.when(try condition(String(rest[when.upperBound...]))), set)
        case "warn": return PolicyRule(.when(try condition(rest)), .warn)
        case "shadow": return PolicyRule(.when(try condition(rest)), .shadow)
        case "require_approval": return PolicyRule(.when(try condition(rest)), .requireApproval)
        default: return PolicyRule(.when(try condition(rest)))
        }
    }

    private func condition(_ text: String) throws(DescribedCall.Problem) -> PolicyCondition {
        do {
            return try PolicyCondition(text, vocabulary)
        } catch {
            throw DescribedCall.Problem(message: "at character \(error.position) of the condition: \(error.message)")
        }
    }

    private mutating func configure(
        _ verb: String,
        _ words: [String],
        _ rest: String
    ) throws(DescribedCall.Problem) {
        guard let first = words.first else { throw DescribedCall.Problem(message: "'\(verb)' needs a name") }
        switch verb {
        case "registry":
            registry.add(ScenarioWords.list(ScenarioWords.verb(of: rest).rest), to: try dimension(first))
        case "alias":
            guard words.count == 3 else {
                throw DescribedCall.Problem(message: "write it as 'alias environment prod production'")
            }
            resources.tags.aliases[try dimension(first), default: [:]][words[1]] = words[2]
        case "custom": for word in words { resources.tags.custom.append(try dimension(word)) }
        default:
            resources.workspaces.append(Workspace(name: first, tags: TagSet(try tags(Array(words.dropFirst())))))
        }
        vocabulary = PolicyVocabulary(resources.tags)
    }

    private func tags(_ pairs: [String]) throws(DescribedCall.Problem) -> [Tag] {
        var tags: [Tag] = []
        for pair in pairs {
            guard let equals = pair.firstIndex(of: "=") else {
                throw DescribedCall.Problem(message: "'\(pair)' is no NAME=VALUE, such as team=growth")
            }
            tags.append(Tag(try dimension(String(pair[..<equals])), String(pair[pair.index(after: equals)...])))
        }
        return tags
    }

    private func dimension(_ name: String) throws(DescribedCall.Problem) -> Dimension {
        guard let dimension = vocabulary.spellings.dimension(named: name) ?? Dimension(name) else {
            throw DescribedCall.Problem(message: "'\(name)' is no dimension; use a-z, 0-9, '_', '.' and '-'")
        }
        return dimension
    }
}
