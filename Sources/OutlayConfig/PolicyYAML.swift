package import OutlayCore

/// Policies as a configuration file writes them, in our own shape.
package enum PolicyYAML {
    /// The section `policies`, which reads back as equal policies.
    package static func text(_ policies: [Policy]) -> String {
        guard !policies.isEmpty else { return "policies: []\n" }
        return "policies:\n" + policies.map(text).joined(separator: "\n")
    }

    private static func text(_ policy: Policy) -> String {
        var lines = ["  - name: \(YAMLText.scalar(policy.name))", "    enforcement: \(policy.enforcement.rawValue)"]
        if !policy.scope.conditions.isEmpty { lines.append("    scope: \(scope(policy.scope))") }
        if policy.zone != "UTC" { lines.append("    zone: \(policy.zone)") }
        lines += sections(policy.rules) ?? general(policy.rules)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func scope(_ scope: Scope) -> String {
        let conditions = scope.conditions.map { condition in
            "\(condition.dimension): \(YAMLText.scalars(condition.values.map(\.text)))"
        }
        return "{ \(conditions.joined(separator: ", ")) }"
    }

    /// `require:`, `deny:` and so on, each once; `nil` where the order or a message of the rules needs a list of rules.
    private static func sections(_ rules: [PolicyRule]) -> [String]? {
        var lines: [String] = []
        var written: Set<String> = []
        var rest = rules[...]
        while let first = rest.first {
            guard let key = key(of: first), written.insert(key).inserted else { return nil }
            let group = rest.prefix { self.key(of: $0) == key }
            rest = rest.dropFirst(group.count)
            guard let section = section(key, Array(group)) else { return nil }
            lines += section
        }
        return lines
    }

    private static func key(of rule: PolicyRule) -> String? {
        switch (rule.test, rule.effect) {
        case (.require, .deny): rule.message == nil ? "require" : nil
        case (.allow, .deny): rule.message == nil ? "allow" : nil
        case (.require, _), (.allow, _): nil
        case (.always, .set), (.when, .set): rule.message == nil ? "set" : nil
        case (.always, _): nil
        case (.when, _): rule.effect.name
        }
    }

    private static func section(_ key: String, _ rules: [PolicyRule]) -> [String]? {
        switch key {
        case "require":
            guard rules.count == 1, let rule = rules.first, case .require(let tags) = rule.test else { return nil }
            return ["    require: [\(tags.map(\.name).joined(separator: ", "))]"]
        case "allow":
            var dimensions: Set<Dimension> = []
            let values = rules.compactMap { rule -> String? in
                guard case .allow(let dimension, let values) = rule.test, dimensions.insert(dimension).inserted else {
                    return nil
                }
                return "\(dimension): \(self.values(values))"
            }
            return values.count == rules.count ? ["    allow: { \(values.joined(separator: ", ")) }"] : nil
        default: return ["    \(key):"] + rules.map { "      - { \(members($0).joined(separator: ", ")) }" }
        }
    }

    /// The list of rules that can say everything.
    private static func general(_ rules: [PolicyRule]) -> [String] {
        ["    rules:"]
            + rules.map { rule in
                var all = members(rule)
                if rule.effect != .deny { all.append("action: \(rule.effect.name)") }
                return "      - { \(all.joined(separator: ", ")) }"
            }
    }

    private static func members(_ rule: PolicyRule) -> [String] {
        var members: [String] = []
        switch rule.test {
        case .require(let tags): members.append("require: [\(tags.map(\.name).joined(separator: ", "))]")
        case .allow(let dimension, let values): members.append("allow: { \(dimension): \(self.values(values)) }")
        case .when(let condition): members.append("when: \(literal(condition.description))")
        case .always: break
        }
        if case .set(let tags) = rule.effect {
            let pairs = tags.map { "\($0.dimension): \(YAMLText.scalar($0.value))" }.joined(separator: ", ")
            members.append("tags: { \(pairs) }")
        }
        if let message = rule.message { members.append("message: \(YAMLText.scalar(message))") }
        return members
    }

    private static func values(_ values: AllowedValues) -> String {
        switch values {
        case .registry: "registry"
        case .listed(let values): YAMLText.list(values.map(YAMLText.scalar))
        }
    }

    /// Single quotes, in which nothing but the quote itself needs care.
    private static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
