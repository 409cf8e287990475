/// Gives every tag that policies ask about a slot, and every zone a place.
struct PolicyCompiler {
    private let registry: Registry
    private let zone: (String) -> (any Zone)?
    private(set) var dimensions: [Dimension] = []
    private(set) var zones: [any Zone] = []
    private var slots: [Dimension: Int] = [:]
    private var zonePlaces: [String: Int] = [:]

    init(registry: Registry, zone: @escaping (String) -> (any Zone)?) {
        self.registry = registry
        self.zone = zone
    }

    mutating func compiled(_ policy: Policy) -> CompiledPolicy {
        let place = place(ofZone: policy.zone)
        return CompiledPolicy(
            policy,
            scope: policy.scope.conditions.map { ScopeTest(slot(of: $0.dimension), $0) },
            rules: policy.rules.map { compiled($0, of: policy) },
            zone: place
        )
    }

    private mutating func compiled(_ rule: PolicyRule, of policy: Policy) -> CompiledRule {
        let (test, unknowns) = compiled(rule.test)
        var tags: [CompiledRule.SlottedTag] = []
        if case .set(let set) = rule.effect {
            tags = set.map {
                CompiledRule.SlottedTag(slot: slot(of: $0.dimension), dimension: $0.dimension, value: $0.value)
            }
        }
        return CompiledRule(rule, test, under: policy.enforcement, unknowns: unknowns, tags: tags)
    }

    private mutating func compiled(_ test: PolicyRule.Test) -> (CompiledTest, [PolicyQuantity]) {
        switch test {
        case .require(let dimensions): return (.require(dimensions.map { (slot(of: $0), $0) }), [])
        case .allow(let dimension, .registry):
            return (.allowSet(slot: slot(of: dimension), dimension, registry.values(of: dimension)), [])
        case .allow(let dimension, .listed(let values)):
            let slot = slot(of: dimension)
            guard values.contains(where: { !ValuePattern($0).isPlain }) else {
                return (.allowSet(slot: slot, dimension, Set(values)), [])
            }
            return (.allowPatterns(slot: slot, Scope.Condition(dimension, values.map(ValuePattern.init))), [])
        case .when(let condition):
            for dimension in condition.dimensions { _ = slot(of: dimension) }
            let slots = slots
            // Every dimension of the condition has a slot since the line above.
            let node = condition.root.mapped { slots[$0] ?? 0 }
            return (.when(node), condition.quantities.filter(\.canBeUnknown))
        case .always: return (.always, [])
        }
    }

    private mutating func slot(of dimension: Dimension) -> Int {
        if let known = slots[dimension] { return known }
        let slot = dimensions.count
        dimensions.append(dimension)
        slots[dimension] = slot
        return slot
    }

    private mutating func place(ofZone name: String) -> Int {
        if let known = zonePlaces[name] { return known }
        zones.append(zone(name) ?? UTC())
        zonePlaces[name] = zones.count - 1
        return zones.count - 1
    }
}

extension PolicyRule {
    var isSetter: Bool {
        if case .set = effect { true } else { false }
    }
}
