internal import OutlayCore

/// Reads the rules of policies, in the order they are written.
struct PolicyRuleReader {
    private let log: DiagnosticLog
    private let resources: Resources
    private let spellings: Spellings
    private let vocabulary: PolicyVocabulary
    private let registry: Registry

    init(log: DiagnosticLog, resources: Resources, spellings: Spellings) {
        self.log = log
        self.resources = resources
        self.spellings = spellings
        vocabulary = PolicyVocabulary(resources.tags)
        registry = Registry(resources)
    }

    private enum Action: String, CaseIterable {
        case deny, warn, shadow
        case requireApproval = "require_approval"
        case set
    }

    private static let effects: [String: PolicyRule.Effect] = [
        "deny": .deny, "require_approval": .requireApproval, "warn": .warn, "shadow": .shadow,
    ]

    static let keys = ["require", "allow", "set", "deny", "require_approval", "warn", "shadow", "rules"]

    /// The rules of a policy.
    func rules(of fields: Fields) -> [PolicyRule] {
        fields.inWrittenOrder(Self.keys).flatMap { key -> [PolicyRule] in
            switch key {
            case "require":
                let dimensions = required(key, fields)
                return dimensions.isEmpty ? [] : [PolicyRule(.require(dimensions))]
            case "allow": return allowed(key, fields).map { PolicyRule($0) }
            case "set": return setters(fields)
            case "rules":
                guard let node = fields.node(key) else { return [] }
                return fields.list(node, "'rules' of \(fields.subject)").flatMap { item(of: fields, $0) }
            default: return conditioned(key, Self.effects[key] ?? .deny, fields)
            }
        }
    }

    /// `deny: 'CONDITION'`, `deny: { when, message }` or a list of these.
    private func conditioned(_ key: String, _ effect: PolicyRule.Effect, _ fields: Fields) -> [PolicyRule] {
        nodes(key, fields).compactMap { node in
            if case .text(let text) = node.content {
                return condition(text, at: node.place, key, fields.subject).map { PolicyRule(.when($0), effect) }
            }
            guard let item = Fields(node, "a rule in '\(key)' of \(fields.subject)", log) else { return nil }
            let test = when(item)
            let message = item.value("message", Self.message)
            item.finish()
            if test == nil, !item.has("when"), !item.has("condition") {
                log.error("\(item.subject) needs 'when'", at: item.place)
            }
            return test.map { PolicyRule(.when($0), effect, message: message) }
        }
    }

    /// `set: { cost_center: 4711 }`, or `set: { when, tags }` or a list of these.
    private func setters(_ fields: Fields) -> [PolicyRule] {
        nodes("set", fields).compactMap { node in
            guard let item = Fields(node, "a rule in 'set' of \(fields.subject)", log) else { return nil }
            guard item.has("when") || item.has("condition") || item.has("tags") else {
                guard case .mapping(let entries) = node.content else { return nil }
                return PolicyRule(.always, .set(tags(entries, fields)))
            }
            let test = when(item)
            let set = tags(item.mapping("tags"), item)
            item.finish()
            if set.isEmpty { log.error("\(item.subject) needs 'tags' to set", at: item.place) }
            guard item.has("when") || item.has("condition") else { return PolicyRule(.always, .set(set)) }
            return test.map { PolicyRule(.when($0), .set(set)) }
        }
    }

    /// One entry of `rules`: a test, what happens, and what is said.
    private func item(of policy: Fields, _ node: ConfigNode) -> [PolicyRule] {
        guard let fields = Fields(node, "a rule of \(policy.subject)", log) else { return [] }
        let action = fields.value("action", ValueText.choice(Action.self))
        let message = fields.value("message", Self.message)
        var tests: [PolicyRule.Test] = []
        for key in ["require", "required_tags"] where fields.has(key) {
            let dimensions = required(key, fields)
            if !dimensions.isEmpty { tests.append(.require(dimensions)) }
        }
        for key in ["allow", "allowed_values"] where fields.has(key) { tests += allowed(key, fields) }
        if let condition = when(fields) { tests.append(.when(condition)) }
        let kinds = [["require", "required_tags"], ["allow", "allowed_values"], ["when", "condition"]]
        let written = kinds.count { $0.contains(where: fields.has) }
        var effect = PolicyRule.Effect.deny
        switch action {
        case .set:
            let set = tags(fields.mapping("tags"), fields)
            if set.isEmpty { log.error("\(fields.subject) needs 'tags' to set", at: fields.place) }
            effect = .set(set)
            if written == 0 { tests = [.always] }
        case .warn: effect = .warn
        case .shadow: effect = .shadow
        case .requireApproval: effect = .requireApproval
        case .deny, nil: break
        }
        _ = kinds.joined().map(fields.node)
        fields.finish()
        if written > 1 || written == 0 && action != .set {
            log.error("\(fields.subject) needs exactly one of 'when', 'require' and 'allow'", at: fields.place)
        }
        return tests.map { PolicyRule($0, effect, message: message) }
    }

    private func nodes(_ key: String, _ fields: Fields) -> [ConfigNode] {
        guard let node = fields.node(key) else { return [] }
        if case .list(let items) = node.content { return items }
        return [node]
    }

    /// The condition under `when`, which other products call `condition`.
    private func when(_ fields: Fields) -> PolicyCondition? {
        for key in ["when", "condition"] {
            guard let node = fields.node(key) else { continue }
            guard case .text(let text) = node.content else {
                log.error(
                    "'\(key)' of \(fields.subject) must be a condition in quotes, not \(node.kind)",
                    at: node.place
                )
                continue
            }
            return condition(text, at: node.place, key, fields.subject)
        }
        return nil
    }

    private func condition(_ text: String, at place: Place, _ key: String, _ subject: String) -> PolicyCondition? {
        do {
            let condition = try PolicyCondition(text, vocabulary)
            for dimension in condition.dimensions where !isListed(dimension) {
                log.warn("'\(dimension)' is no standard dimension; list it in tags.custom if it is meant", at: place)
            }
            return condition
        } catch {
            log.error("'\(key)' of \(subject), at character \(error.position): \(error.message)", at: place)
            return nil
        }
    }

    func required(_ key: String, _ fields: Fields) -> [Dimension] {
        var dimensions: [Dimension] = []
        for (name, place) in fields.texts(key) {
            guard let dimension = dimension(name, by: fields.subject, at: place) else { continue }
            if dimension == .workspace || Dimension.intrinsic.contains(dimension) {
                log.error("'\(key)' of \(fields.subject) names '\(name)', which every call has", at: place)
            } else if !dimensions.contains(dimension) {
                dimensions.append(dimension)
            }
        }
        return dimensions
    }

    /// Reads `{ team: registry, environment: [production, staging] }`.
    private func allowed(_ key: String, _ fields: Fields) -> [PolicyRule.Test] {
        fields.mapping(key).compactMap { entry in
            guard let dimension = dimension(entry.key, by: fields.subject, at: entry.keyPlace) else { return nil }
            if case .text("registry") = entry.value.content {
                checkRegistry(of: dimension, fields, at: entry.value.place)
                return .allow(dimension, .registry)
            }
            let values = values(entry.value, key, fields).map { meant($0.text, of: dimension) }
            if values.isEmpty {
                log.error("'\(key)' of \(fields.subject) needs values for '\(dimension)'", at: entry.keyPlace)
            }
            return .allow(dimension, .listed(values))
        }
    }

    private func checkRegistry(of dimension: Dimension, _ fields: Fields, at place: Place) {
        let names = Suggestion.listing(Registry.dimensions.map(\.name))
        if !Registry.dimensions.contains(dimension) {
            log.error("\(fields.subject): there is a registry of \(names), not of \(dimension); list values", at: place)
        } else if registry.values(of: dimension).isEmpty {
            let section = dimension == .agent ? "agents" : "teams"
            log.error("\(fields.subject) would allow no \(dimension): section '\(section)' lists none", at: place)
        }
    }

    private func tags(_ entries: [ConfigNode.Entry], _ fields: Fields) -> TagSet {
        var tags = TagSet.empty
        for entry in entries {
            guard let dimension = dimension(entry.key, by: fields.subject, at: entry.keyPlace) else { continue }
            guard dimension != .workspace, !Dimension.intrinsic.contains(dimension) else {
                log.error("\(fields.subject) sets '\(entry.key)', which every call says itself", at: entry.keyPlace)
                continue
            }
            guard case .text(let text) = entry.value.content,
                let value = fields.read(text, at: entry.value.place, entry.key, ValueText.name)
            else {
                log.error("\(fields.subject) needs one value for '\(entry.key)'", at: entry.value.place)
                continue
            }
            tags[dimension] = vocabulary.resolved(value, of: dimension)
        }
        return tags
    }

    /// A single value, or a list of them.
    func values(_ node: ConfigNode, _ key: String, _ fields: Fields) -> [(text: String, place: Place)] {
        let nodes: [ConfigNode]
        switch node.content {
        case .list(let items): nodes = items
        case .text: nodes = [node]
        case .nothing, .mapping:
            log.error("'\(key)' of \(fields.subject) needs a value or a list of values", at: node.place)
            return []
        }
        return nodes.compactMap { item in
            guard case .text(let text) = item.content else {
                log.error("'\(key)' of \(fields.subject) must list single values, not \(item.kind)", at: item.place)
                return nil
            }
            guard !text.isEmpty else { return ("", item.place) }
            return fields.read(text, at: item.place, key, ValueText.name).map { ($0, item.place) }
        }
    }

    /// The value that counts for `text`, also behind `!`.
    func meant(_ text: String, of dimension: Dimension) -> String {
        guard text.hasPrefix("!") else { return vocabulary.resolved(text, of: dimension) }
        return "!" + vocabulary.resolved(String(text.dropFirst()), of: dimension)
    }

    /// The dimension that `name` means where calls are asked about; names that are nearly one are reported.
    func dimension(_ name: String, by subject: String, at place: Place) -> Dimension? {
        let bare = name.hasPrefix("tags.") ? String(name.dropFirst("tags.".count)) : name
        if let known = spellings.dimension(named: bare) ?? Dimension.intrinsic.first(where: { $0.name == bare }) {
            return known
        }
        guard let dimension = Dimension(bare) else {
            log.error("'\(Fields.shortened(bare))' is no dimension; use a-z, 0-9, '_', '.' and '-'", at: place)
            return nil
        }
        if let meant = Suggestion.nearest(to: bare, among: listed.map(\.name)) {
            let ending = "did you mean '\(meant)'? Or list it in tags.custom"
            log.error("unknown dimension '\(bare)' in \(subject); \(ending)", at: place)
            return nil
        }
        log.warn("'\(bare)' is no standard dimension; list it in tags.custom if it is meant", at: place)
        return dimension
    }

    private var listed: [Dimension] {
        Dimension.claimable + resources.tags.custom + Dimension.intrinsic.sorted()
    }

    private func isListed(_ dimension: Dimension) -> Bool { listed.contains(dimension) }

    /// What callers are told: one line that fits a refusal.
    private static func message(_ text: String) throws(ValueProblem) -> String {
        let isPlain = !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
        guard !text.isEmpty, text.utf8.count <= 500, isPlain else {
            throw ValueProblem("is no message; write one line of at most 500 bytes")
        }
        return text
    }
}
