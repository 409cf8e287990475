internal import OutlayCore

extension ConfigReader {
    /// Reads policies in our shape and in the one with `rules: [{ condition, action, message }]`.
    ///
    /// `{ name, enforcement, scope, zone, require, allow, set, deny, require_approval, warn, shadow, rules }`
    mutating func readPolicies(_ items: [Fields]) {
        let rules = PolicyRuleReader(log: log, resources: resources, spellings: spellings)
        for fields in items { readPolicy(fields, rules) }
    }

    private mutating func readPolicy(_ fields: Fields, _ reader: PolicyRuleReader) {
        let name = fields.required("name", ValueText.name)
        let enforcement = fields.value("enforcement", ValueText.choice(Policy.Enforcement.self))
        let scope = readPolicyScope(fields, reader)
        let zone = fields.value("zone", ValueText.zone)
        let rules = reader.rules(of: fields)
        fields.finish()
        if rules.isEmpty, !PolicyRuleReader.keys.contains(where: fields.has) {
            log.error("\(fields.subject) has no rules; add 'require', 'allow' or 'deny'", at: fields.place)
        }
        guard let name else { return }
        define("policy", name, at: fields.place)
        resources.policies.append(
            Policy(name: name, enforcement: enforcement ?? .hard, scope: scope, zone: zone ?? "UTC", rules: rules)
        )
    }

    /// Reads the scope: conditions by dimension, or the names of workspaces.
    ///
    /// `{ workspace: platform, environment: [production, "live-*"], team: "!sandbox" }`
    private mutating func readPolicyScope(_ fields: Fields, _ reader: PolicyRuleReader) -> Scope {
        guard let node = fields.node("scope") else { return .everything }
        var conditions: [Scope.Condition] = []
        switch node.content {
        case .text, .list:
            let names = fields.texts("scope")
            for name in names { useWorkspaces(name.text, fields, at: name.place) }
            conditions = [Scope.Condition(.workspace, names.map { ValuePattern($0.text) })]
        default:
            for entry in fields.mapping("scope") {
                guard let dimension = reader.dimension(entry.key, by: fields.subject, at: entry.keyPlace) else {
                    continue
                }
                let values = reader.values(entry.value, "scope", fields)
                if dimension == .workspace {
                    for value in values { useWorkspaces(value.text, fields, at: value.place) }
                }
                let patterns = values.map { ValuePattern(reader.meant($0.text, of: dimension)) }
                conditions.append(Scope.Condition(dimension, patterns))
            }
        }
        return Scope(conditions)
    }

    private mutating func useWorkspaces(_ name: String, _ fields: Fields, at place: Place) {
        guard !name.contains("*"), !name.hasPrefix("!") else { return }
        use("workspace", name, by: fields.subject, at: place)
    }

    /// Reads a list of tags that must be there.
    func readRequired(_ key: String, _ fields: Fields) -> [Dimension] {
        guard fields.node(key) != nil else { return [] }
        let reader = PolicyRuleReader(log: log, resources: resources, spellings: spellings)
        return reader.required(key, fields)
    }

    /// Refuses workspaces without the tags that they or their policies require.
    func checkWorkspaces() {
        let registry = Registry(resources)
        for workspace in resources.workspaces {
            guard let place = place(of: "workspace", workspace.name) else { continue }
            for missing in RequiredTags.missing(from: workspace, policies: resources.policies) {
                let values = registry.values(of: missing.dimension)
                let example = values.contains(workspace.name) ? workspace.name : values.min() ?? "…"
                let by = missing.policy.map { "policy '\(Fields.shortened($0))' requires" } ?? "it requires itself"
                let message =
                    "workspace '\(Fields.shortened(workspace.name))' has no tag '\(missing.dimension)', which \(by); "
                    + "add it, such as tags: { \(missing.dimension): \(example) }"
                if missing.enforcement == .hard { log.error(message, at: place) } else { log.warn(message, at: place) }
            }
        }
    }
}
