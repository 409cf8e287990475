internal import OutlayCore

extension ConfigReader {
    /// Reads the registry of teams: names, or what is known of each.
    ///
    /// `- growth` or `- { name, lead, cost_center, projects, aliases }`
    mutating func readTeams(_ node: ConfigNode) {
        guard case .list(let items) = node.content else {
            return log.error("section 'teams' must be a list ('- …'), not \(node.kind)", at: node.place)
        }
        var aliases: [(alias: String, place: Place, team: String)] = []
        for item in items {
            guard let team = readTeam(item, &aliases) else { continue }
            define("team", team.name, at: item.place)
            resources.teams.append(team)
        }
        for entry in aliases { addTeamAlias(entry.alias, of: entry.team, at: entry.place) }
    }

    private func readTeam(
        _ node: ConfigNode,
        _ aliases: inout [(alias: String, place: Place, team: String)]
    ) -> Team? {
        if case .text(let text) = node.content {
            do {
                return Team(name: try ValueText.name(text))
            } catch {
                log.error("the name of a team \(error.message)", at: node.place)
                return nil
            }
        }
        guard let fields = Fields(node, "team", log) else { return nil }
        let name = fields.required("name", ValueText.name)
        let others = fields.texts("aliases")
        let team = Team(
            name: name ?? "",
            aliases: others.map(\.text),
            lead: fields.text("lead"),
            costCenter: fields.text("cost_center"),
            projects: fields.texts("projects").map(\.text)
        )
        fields.finish()
        guard let name else { return nil }
        aliases += others.map { ($0.text, $0.place, name) }
        return team
    }

    /// A call tagged with an alias is tagged with the team.
    private mutating func addTeamAlias(_ alias: String, of team: String, at place: Place) {
        if isDefined("team", alias) {
            return log.error("alias '\(alias)' of team '\(team)' is a team itself; keep one", at: place)
        }
        if let other = resources.tags.aliases[.team]?[alias], other != team {
            return log.error("team '\(alias)' means both '\(other)' and '\(team)'", at: place)
        }
        resources.tags.aliases[.team, default: [:]][alias] = team
    }
}
