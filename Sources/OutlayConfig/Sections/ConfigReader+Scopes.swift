internal import OutlayCore

extension ConfigReader {
    /// Reads whom something is about; the values of one dimension are alternatives.
    ///
    /// `{ team: growth, environment: [production, "!staging"], model: "gpt-*", customer: "" }`
    mutating func readScope(_ node: ConfigNode, _ what: String, by subject: String) -> Scope {
        guard case .mapping(let entries) = node.content else {
            log.error("\(what) of \(subject) must be a mapping (dimension: value), not \(node.kind)", at: node.place)
            return .everything
        }
        var conditions: [Scope.Condition] = []
        for entry in entries {
            guard let dimension = scopeDimension(entry.key, by: subject, at: entry.keyPlace) else { continue }
            if conditions.contains(where: { $0.dimension == dimension }) {
                log.error(
                    "\(what) of \(subject) has two conditions on '\(dimension)'; list the values",
                    at: entry.keyPlace
                )
            }
            if let condition = readCondition(dimension, entry.value, what, by: subject) { conditions.append(condition) }
        }
        return Scope(conditions)
    }

    /// Reads the values of one condition: a single one or a list.
    mutating func readCondition(
        _ dimension: Dimension,
        _ node: ConfigNode,
        _ what: String,
        by subject: String
    ) -> Scope.Condition? {
        let items: [ConfigNode] = if case .list(let items) = node.content { items } else { [node] }
        var values: [ValuePattern] = []
        for item in items {
            guard case .text(let text) = item.content, let cleaned = TagText.cleaned(text) else {
                log.error(
                    "'\(dimension)' in \(what) of \(subject) needs values; \"\" means that it has none",
                    at: item.place
                )
                continue
            }
            let pattern = ValuePattern(effective(cleaned, of: dimension))
            if dimension == .workspace, !pattern.isNegated, !pattern.text.isEmpty, !pattern.text.contains("*") {
                use("workspace", pattern.text, by: subject, at: item.place)
            }
            checkRegistered(pattern, dimension, by: subject, at: item.place)
            values.append(pattern)
        }
        return values.isEmpty ? nil : Scope.Condition(dimension, values)
    }

    /// Warns of a team, project, cost centre or agent that is not among those of the configuration.
    ///
    /// Calls may have it all the same; most often it is a slip, and the condition then never holds.
    private func checkRegistered(_ pattern: ValuePattern, _ dimension: Dimension, by subject: String, at place: Place) {
        let name = pattern.isNegated ? String(pattern.text.dropFirst()) : pattern.text
        guard Registry.dimensions.contains(dimension), !name.isEmpty, !name.contains("*"), !name.hasPrefix("=") else {
            return
        }
        let known = Registry(resources).values(of: dimension)
        guard !known.isEmpty, !known.contains(name) else { return }
        let ending = Suggestion.ending(for: name, among: known.sorted(), otherwise: "register it, if it exists")
        let what = "\(dimension) '\(Fields.shortened(name))'"
        log.warn("\(subject) names \(what), which is not registered\(ending)", at: place)
    }

    /// `value` as tags have it: aliases are put in place before budgets are matched.
    func effective(_ value: String, of dimension: Dimension) -> String {
        let isNegated = value.hasPrefix("!")
        let body = isNegated ? String(value.dropFirst()) : value
        guard let meant = resources.tags.aliases[dimension]?[body] else { return value }
        return isNegated ? "!" + meant : meant
    }

    /// The dimension that `name` means where spend is told apart; unknown ones are reported.
    func scopeDimension(_ name: String, by subject: String, at place: Place) -> Dimension? {
        if let dimension = spellings.dimension(named: name) { return dimension }
        guard let dimension = Dimension(name) else {
            log.error("'\(Fields.shortened(name))' is no dimension; use a-z, 0-9, '_', '.' and '-'", at: place)
            return nil
        }
        if Dimension.intrinsic.contains(dimension) { return dimension }
        let known = Dimension.claimable + Dimension.intrinsic.sorted() + resources.tags.custom
        let ending = Suggestion.ending(for: name, among: known.map(\.name), otherwise: "list it in tags.custom first")
        log.error("unknown dimension '\(name)' in \(subject)\(ending)", at: place)
        return nil
    }
}
