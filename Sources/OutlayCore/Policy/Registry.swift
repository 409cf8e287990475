/// A team of the organisation, as policies know it.
package struct Team: Hashable, Sendable {
    package var name: String
    /// Other names, which mean this team wherever a call is tagged with them.
    package var aliases: [String]
    /// Who answers for it: a name or an address.
    package var lead: String?
    package var costCenter: String?
    package var projects: [String]

    package init(
        name: String,
        aliases: [String] = [],
        lead: String? = nil,
        costCenter: String? = nil,
        projects: [String] = []
    ) {
        self.name = name
        self.aliases = aliases
        self.lead = lead
        self.costCenter = costCenter
        self.projects = projects
    }
}

/// The values that are known to exist: of teams, projects, cost centres and agents.
package struct Registry: Hashable, Sendable {
    private var known: [Dimension: Set<String>]

    /// The dimensions that have a registry.
    package static let dimensions: [Dimension] = [.team, .project, .costCenter, .agent]

    package init(_ values: [Dimension: Set<String>] = [:]) {
        known = values
    }

    package init(_ resources: Resources) {
        self.init(teams: resources.teams, agents: resources.agents)
    }

    package init(teams: [Team], agents: [Agent] = []) {
        known = [:]
        add(teams.map(\.name), to: .team)
        add(teams.flatMap(\.projects), to: .project)
        add(teams.compactMap(\.costCenter), to: .costCenter)
        add(agents.map(\.name), to: .agent)
    }

    package mutating func add(_ values: [String], to dimension: Dimension) {
        if !values.isEmpty { known[dimension, default: []].formUnion(values) }
    }

    /// The values of `dimension`; empty where nothing is registered.
    package func values(of dimension: Dimension) -> Set<String> { known[dimension, default: []] }
}
