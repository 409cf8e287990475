/// What an organisation demands of its calls: rules with one name, for the calls of one scope.
package struct Policy: Hashable, Sendable {
    package enum Enforcement: String, Hashable, Sendable, CaseIterable {
        /// Rules do what they say.
        case hard
        /// What would deny a call, or ask for approval, warns instead.
        case warn
        /// Nothing happens to calls; what would have happened is recorded.
        case shadow
    }

    package var name: String
    package var enforcement: Enforcement
    /// Whose calls are asked about; by default everybody's.
    package var scope: Scope
    /// The IANA name of the zone in which `hour`, `weekday` and `date` are read.
    package var zone: String
    /// In the order they are written, which is the order of explanations.
    package var rules: [PolicyRule]

    package init(
        name: String,
        enforcement: Enforcement = .hard,
        scope: Scope = .everything,
        zone: String = "UTC",
        rules: [PolicyRule] = []
    ) {
        self.name = name
        self.enforcement = enforcement
        self.scope = scope
        self.zone = zone
        self.rules = rules
    }
}

/// One rule of a policy: what it looks for in a call, and what happens when it is found.
package struct PolicyRule: Hashable, Sendable {
    package enum Test: Hashable, Sendable {
        /// One of these tags is missing.
        case require([Dimension])
        /// The tag is there and has none of these values.
        case allow(Dimension, AllowedValues)
        /// The condition holds.
        case when(PolicyCondition)
        /// Every call.
        case always
    }

    package enum Effect: Hashable, Sendable {
        case deny
        case requireApproval
        case warn
        case shadow
        /// The call gets these tags before any other rule looks at it.
        case set(TagSet)
    }

    package var test: Test
    package var effect: Effect
    /// What a refused caller is told; made from the test where it is `nil`.
    package var message: String?

    package init(_ test: Test, _ effect: Effect = .deny, message: String? = nil) {
        self.test = test
        self.effect = effect
        self.message = message
    }

    /// The rule in a few words, for explanations: `require team, cost_center`.
    package var title: String {
        switch (effect, test) {
        case (_, .require(let dimensions)): "require \(dimensions.map(\.name).joined(separator: ", "))"
        case (_, .allow(let dimension, let values)): "allow \(dimension) \(values)"
        case (.set(let tags), .when(let condition)): "set \(Self.text(tags)) when \(condition)"
        case (.set(let tags), .always): "set \(Self.text(tags))"
        case (_, .when(let condition)): "\(effect.name) when \(condition)"
        case (_, .always): "\(effect.name) always"
        }
    }

    private static func text(_ tags: TagSet) -> String {
        tags.map { "\($0.dimension)=\($0.value)" }.joined(separator: " ")
    }
}

extension PolicyRule.Effect {
    /// As configurations write it.
    package var name: String {
        switch self {
        case .deny: "deny"
        case .requireApproval: "require_approval"
        case .warn: "warn"
        case .shadow: "shadow"
        case .set: "set"
        }
    }

    /// What is left of it under `enforcement`.
    func under(_ enforcement: Policy.Enforcement) -> PolicyRule.Effect {
        switch (enforcement, self) {
        case (.hard, _), (.warn, .warn), (.warn, .shadow), (.warn, .set): self
        case (.warn, .deny), (.warn, .requireApproval): .warn
        case (.shadow, _): .shadow
        }
    }
}

/// The values a tag may have.
package enum AllowedValues: Hashable, Sendable {
    /// Those of the registry: teams, projects, cost centres, agents.
    case registry
    /// These; `*` is any run of characters.
    case listed([String])
}

extension AllowedValues: CustomStringConvertible {
    package var description: String {
        switch self {
        case .registry: "registry"
        case .listed(let values): values.joined(separator: ", ")
        }
    }
}
