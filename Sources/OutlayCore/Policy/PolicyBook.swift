/// All policies of an installation and the registry they refer to; answers for one call at a time.
///
/// Built once per configuration: policies are sorted by workspace, and the tags that rules ask about get a place in a
/// table, so that a call's tags are looked up once.
package struct PolicyBook: Sendable {
    package let policies: [Policy]
    let registry: Registry
    /// Every dimension that a policy asks about; its place is its slot.
    let dimensions: [Dimension]
    /// Where calls keep their values of ``dimensions``.
    private let places: [ValuePlace]
    let zones: [any Zone]
    private let compiled: [CompiledPolicy]
    private let setsTags: Bool
    /// By workspace, the places in ``compiled`` of the policies that may be about it.
    private let byWorkspace: [String: [Int]]

    /// Prepares `policies` for being asked.
    ///
    /// - Parameters:
    ///   - workspaces: the workspaces that calls usually belong to; others are answered as well, a little slower.
    ///   - zone: the zone of an IANA name. A policy whose zone it does not know reads clocks in UTC; configurations
    ///     with such a zone are refused before.
    package init(
        _ policies: [Policy],
        registry: Registry = Registry(),
        workspaces: [String] = [],
        zone: @escaping (String) -> (any Zone)? = { _ in nil }
    ) {
        var compiler = PolicyCompiler(registry: registry, zone: zone)
        let compiled = policies.map { compiler.compiled($0) }
        self.policies = policies
        self.registry = registry
        self.compiled = compiled
        setsTags = compiled.contains { !$0.setters.isEmpty }
        dimensions = compiler.dimensions
        places = dimensions.map(ValuePlace.init)
        zones = compiler.zones
        byWorkspace = Dictionary(
            workspaces.map { name in (name, compiled.indices.filter { compiled[$0].concerns(workspace: name) }) }
        ) { first, _ in first }
    }

    /// The policies and the registry of a configuration.
    package init(_ resources: Resources, zone: @escaping (String) -> (any Zone)?) {
        let workspaces = resources.workspaces.map(\.name) + resources.keys.map(\.workspace) + [Workspace.defaultName]
        self.init(resources.policies, registry: Registry(resources), workspaces: workspaces, zone: zone)
    }

    package var isEmpty: Bool { policies.isEmpty }

    /// Asks every policy about a call, and allocates nothing for rules that do not apply.
    ///
    /// Tags are set first, in order; then every other rule sees them. A rule whose condition depends on something that
    /// is not known (the cost of a model without a price) denies, asks for approval and warns as if it held: not
    /// knowing is no way around a rule. It sets no tags.
    package func decide(_ subject: PolicySubject) -> PolicyVerdict {
        guard !compiled.isEmpty else { return .allow }
        let known = byWorkspace[subject.call.attribution.workspace]
        var facts = PolicyFacts(subject, places, zones)
        var verdict = PolicyVerdict()
        if setsTags { forEach(known) { policy in policy.setTags(&facts, subject, &verdict) } }
        forEach(known) { policy in policy.judge(&facts, &verdict) }
        return verdict
    }

    private func forEach(_ places: [Int]?, _ body: (CompiledPolicy) -> Void) {
        guard let places else { return compiled.forEach(body) }
        let compiled = compiled.span
        for place in places where compiled.indices.contains(place) { body(compiled[place]) }
    }

    /// What every policy and rule made of the call, for people; the verdict is that of ``decide(_:)``.
    package func explain(_ subject: PolicySubject) -> PolicyExplanation {
        var facts = PolicyFacts(subject, places, zones)
        var verdict = PolicyVerdict()
        for policy in compiled { policy.setTags(&facts, subject, &verdict) }
        var lines: [PolicyExplanation.Line] = []
        for (policy, compiled) in zip(policies, compiled) {
            lines += PolicyExplanation.lines(of: policy, compiled, &facts, subject, dimensions)
        }
        return PolicyExplanation(verdict: decide(subject), lines: lines)
    }
}
