/// A call as people describe it to ask what policies say of it: `team=growth model=gpt-5 estimated_cost=$0.50`.
package struct DescribedCall: Hashable, Sendable {
    /// When it is made.
    package var at: Timestamp
    private var claims: [Tag] = []
    private var locked = TagSet.empty
    private var service = ServiceUse(provider: "", api: "")
    private var key: String?
    private var workspace: String?
    private var estimatedCost: Money?
    private var promptTokens: Int64?
    private var maxOutputTokens: Int64?

    package init(at: Timestamp) {
        self.at = at
    }

    /// What a description says that cannot be understood.
    package struct Problem: Error, Hashable, Sendable {
        package let message: String
    }

    /// Takes `name=value` words: tags, what conditions can measure, `at`, and what the call itself answers.
    package mutating func describe(_ pairs: [String], _ vocabulary: PolicyVocabulary) throws(Problem) {
        for pair in pairs {
            let (name, value) = try Self.split(pair)
            try set(name, value, vocabulary)
        }
    }

    /// Takes `name=value` words as tags that the key locks.
    package mutating func lock(_ pairs: [String], _ vocabulary: PolicyVocabulary) throws(Problem) {
        for pair in pairs {
            let (name, value) = try Self.split(pair)
            locked[try Self.dimension(name, vocabulary)] = value
        }
    }

    private mutating func set(_ name: String, _ value: String, _ vocabulary: PolicyVocabulary) throws(Problem) {
        switch name {
        case "provider": service.provider = value
        case "api": service.api = value
        case "upstream": service.upstream = value
        case "model": service.requestedModel = value
        case "region": service.context.region = value
        case "key": key = value
        case "workspace": workspace = value
        case "at": at = try Self.read(name, value, "an instant, such as 2026-11-20T12:00:00Z", Timestamp.init(rfc3339:))
        case "estimated_cost":
            let digits = value.hasPrefix("$") ? value.dropFirst() : value[...]
            estimatedCost = try Self.read(name, digits, "an amount, such as $0.50") { Money(dollars: $0) }
        case "prompt_tokens": promptTokens = try Self.read(name, value, "a whole number") { Int64($0) }
        case "max_output_tokens": maxOutputTokens = try Self.read(name, value, "a whole number") { Int64($0) }
        default: claims.append(Tag(try Self.dimension(name, vocabulary), value))
        }
    }

    /// What policies are asked: the call with the tags that its key, its agent and its workspace give it.
    package func subject(_ resources: Resources) -> PolicySubject {
        let configured = resources.keys.first { $0.name == key }
        var rules =
            configured ?? KeyRules(name: key ?? "described", workspace: workspace ?? Workspace.defaultName)
        for tag in locked { rules.tags[tag.dimension] = tag.value }
        var claims = Claims()
        for tag in self.claims { claims.add(tag.dimension, tag.value, from: .header) }
        let attribution = AttributionResolver(resources).attribute(claims, key: rules, at: at)
        return PolicySubject(
            call: CallSubject(service: service, attribution: attribution),
            at: at,
            estimatedCost: estimatedCost,
            promptTokens: promptTokens,
            maxOutputTokens: maxOutputTokens
        )
    }

    private static func split(_ pair: String) throws(Problem) -> (name: String, value: String) {
        guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
            throw Problem(message: "'\(pair)' is no NAME=VALUE, such as team=growth")
        }
        return (String(pair[..<equals]), String(pair[pair.index(after: equals)...]))
    }

    private static func dimension(_ name: String, _ vocabulary: PolicyVocabulary) throws(Problem) -> Dimension {
        guard let dimension = vocabulary.spellings.dimension(named: name) ?? Dimension(name) else {
            throw Problem(message: "'\(name)' is no dimension; use a-z, 0-9, '_', '.' and '-'")
        }
        return dimension
    }

    private static func read<Text: StringProtocol, Value>(
        _ name: String,
        _ text: Text,
        _ kind: String,
        _ reading: (Text) -> Value?
    ) throws(Problem) -> Value {
        guard let value = reading(text) else { throw Problem(message: "\(name) '\(text)' is not \(kind)") }
        return value
    }
}
