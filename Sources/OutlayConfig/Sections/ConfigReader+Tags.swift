internal import OutlayCore

extension ConfigReader {
    /// Reads the mapping that says how claims become tags.
    ///
    /// `tags: { custom, spellings, aliases, values_per_day, rules, tokens }`
    mutating func readTags(_ node: ConfigNode) {
        guard let fields = Fields(node, "tags", log) else { return }
        readCustom(fields)
        readSpellings(fields)
        spellings = Spellings(resources.tags)
        readAliases(fields)
        let limit = fields.value("values_per_day", ValueText.count(1...1_000_000))
        if let limit { resources.tags.valuesPerDayMax = limit }
        if let rules = fields.node("rules") {
            for rule in fields.list(rules, "'rules' of tags") {
                if let fields = Fields(rule, "rule", log) { readRule(fields) }
            }
        }
        readTokens(fields)
        fields.finish()
    }

    private mutating func readCustom(_ fields: Fields) {
        for (name, place) in fields.texts("custom") {
            guard let dimension = Dimension(name) else {
                log.error("custom dimension '\(name)' must be 1 to 64 of a-z, 0-9, '_', '.' and '-'", at: place)
                continue
            }
            if Dimension.intrinsic.contains(dimension) || Dimension.claimable.contains(dimension) {
                log.error("custom dimension '\(name)' is a standard one; leave it out", at: place)
            } else if !resources.tags.custom.contains(dimension) {
                resources.tags.custom.append(dimension)
            }
        }
    }

    /// `squad: team`, or the other way round `team: [squad, crew]`.
    private mutating func readSpellings(_ fields: Fields) {
        let known = Dimension.claimable + resources.tags.custom
        for entry in fields.mapping("spellings") {
            switch entry.value.content {
            case .text(let name): addSpelling(entry.key, name, at: entry.value.place, known)
            case .list(let names):
                for item in names {
                    guard case .text(let spelling) = item.content else {
                        log.error("a spelling of '\(entry.key)' must be text, not \(item.kind)", at: item.place)
                        continue
                    }
                    addSpelling(spelling, entry.key, at: item.place, known)
                }
            default:
                log.error("spelling '\(entry.key)' needs the dimension it means", at: entry.value.place)
            }
        }
    }

    private mutating func addSpelling(_ spelling: String, _ name: String, at place: Place, _ known: [Dimension]) {
        guard let dimension = known.first(where: { $0.name == name }) else {
            let ending = Suggestion.ending(
                for: name,
                among: known.map(\.name),
                otherwise: "list it under 'custom' first"
            )
            return log.error(
                "spelling '\(Fields.shortened(spelling))' means '\(name)', which is no dimension\(ending)",
                at: place
            )
        }
        guard !spelling.isEmpty, spelling.utf8.count <= 64, spelling.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            return log.error("a spelling must be 1 to 64 printable ASCII characters without spaces", at: place)
        }
        if let other = resources.tags.spellings[spelling], other != dimension {
            return log.error("spelling '\(spelling)' means both '\(other)' and '\(dimension)'", at: place)
        }
        resources.tags.spellings[spelling] = dimension
    }

    /// Reads other names of values, by dimension.
    ///
    /// `environment: { prod: production }`
    private mutating func readAliases(_ fields: Fields) {
        for entry in fields.mapping("aliases") {
            guard let dimension = dimension(entry.key, by: "an alias", at: entry.keyPlace) else { continue }
            guard case .mapping(let names) = entry.value.content else {
                log.error("aliases of '\(entry.key)' must be a mapping ('prod: production')", at: entry.value.place)
                continue
            }
            for name in names { addAlias(name, of: dimension, fields) }
        }
        checkAliasChains(fields)
    }

    private mutating func addAlias(_ entry: ConfigNode.Entry, of dimension: Dimension, _ fields: Fields) {
        guard case .text(let text) = entry.value.content,
            let value = fields.read(text, at: entry.value.place, "aliases", ValueText.name),
            let alias = fields.read(entry.key, at: entry.keyPlace, "aliases", ValueText.name)
        else {
            return log.error("alias '\(Fields.shortened(entry.key))' needs the value it means", at: entry.keyPlace)
        }
        if let other = resources.tags.aliases[dimension]?[alias], other != value {
            return log.error("\(dimension) '\(alias)' means both '\(other)' and '\(value)'", at: entry.keyPlace)
        }
        if alias != value { resources.tags.aliases[dimension, default: [:]][alias] = value }
    }

    private func checkAliasChains(_ fields: Fields) {
        for (dimension, names) in resources.tags.aliases.sorted(by: { $0.key < $1.key }) {
            for (alias, value) in names.sorted(by: { $0.key < $1.key }) where names[value] != nil {
                log.error(
                    "alias '\(alias)' of \(dimension) means '\(value)', which is an alias itself; name the final value",
                    at: fields.place(of: "aliases")
                )
            }
        }
    }

    /// Reads an automatic rule.
    ///
    /// `{ name, path | host | user, tags, from, to }`
    private mutating func readRule(_ fields: Fields) {
        let name = fields.text("name")
        let conditions = [
            fields.text("path").map(TagRule.Condition.pathPrefix), fields.text("host").map(TagRule.Condition.host),
            fields.text("user").map(TagRule.Condition.user),
        ].compactMap(\.self)
        let tags = readTagSet(fields)
        let from = fields.value("from", ValueText.instant)
        let to = fields.value("to", ValueText.instant)
        fields.finish()
        guard conditions.count == 1, let condition = conditions.first else {
            return log.error("\(fields.subject) needs exactly one of 'path', 'host' and 'user'", at: fields.place)
        }
        if case .pathPrefix(let path) = condition, !path.hasPrefix("/") {
            log.error("'path' of \(fields.subject) must begin with '/'", at: fields.place(of: "path"))
        }
        if tags.isEmpty { log.error("\(fields.subject) needs 'tags' to set", at: fields.place) }
        checkOrder(from, to, fields)
        if let name { define("rule", name, at: fields.place) }
        let title = name ?? condition.title
        resources.rules.append(TagRule(name: title, condition: condition, tags: tags, from: from, to: to))
    }

    func checkOrder(_ from: Timestamp?, _ to: Timestamp?, _ fields: Fields) {
        if let from, let to, to <= from {
            log.error("'to' of \(fields.subject) is not after its 'from'", at: fields.place(of: "to"))
        }
    }

    /// The tags under `tags`, and those written directly under the names in `direct`.
    func readTagSet(_ fields: Fields, direct: [Dimension] = []) -> TagSet {
        var tags = TagSet.empty
        for dimension in direct {
            if let value = fields.value(dimension.name, ValueText.name) { tags[dimension] = value }
        }
        for entry in fields.textMapping("tags") {
            guard let dimension = dimension(entry.key, by: fields.subject, at: entry.keyPlace),
                let value = fields.read(entry.text, at: entry.place, "tags", ValueText.name)
            else { continue }
            if tags[dimension] != nil {
                log.error("\(fields.subject) has two values for '\(dimension)'", at: entry.keyPlace)
            }
            tags[dimension] = value
        }
        if tags.count >= TagText.tagsMax {
            log.error("\(fields.subject) has more than \(TagText.tagsMax - 1) tags", at: fields.place(of: "tags"))
        }
        return tags
    }

    /// The dimension that `name` means where tags are set; names that cannot be set are reported.
    func dimension(_ name: String, by subject: String, at place: Place) -> Dimension? {
        if let dimension = spellings.dimension(named: name) {
            guard dimension == .workspace else { return dimension }
            log.error("\(subject) sets the tag 'workspace', which is always the key's workspace", at: place)
            return nil
        }
        guard let dimension = Dimension(name) else {
            log.error("'\(Fields.shortened(name))' is no dimension; use a-z, 0-9, '_', '.' and '-'", at: place)
            return nil
        }
        guard !Dimension.intrinsic.contains(dimension) else {
            log.error("\(subject) sets the tag '\(name)', which every call says itself", at: place)
            return nil
        }
        let names = (Dimension.claimable + resources.tags.custom).map(\.name)
        if let meant = Suggestion.nearest(to: name, among: names) {
            log.error(
                "unknown dimension '\(name)' in \(subject); did you mean '\(meant)'? Or list it in tags.custom",
                at: place
            )
        } else {
            log.warn("'\(name)' is no standard dimension; list it in tags.custom if it is meant", at: place)
        }
        return dimension
    }
}

extension TagRule.Condition {
    /// What a rule without a name is called.
    fileprivate var title: String {
        switch self {
        case .pathPrefix(let path): "path \(path)"
        case .host(let host): "host \(host)"
        case .user(let user): "user \(user)"
        }
    }
}
