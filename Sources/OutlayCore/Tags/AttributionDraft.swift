/// An attribution in the making: what is asked first, counts.
struct AttributionDraft {
    let key: KeyRules
    let aliases: ValueAliases
    /// Gives values that Unicode calls equal one spelling.
    private let form: (String) -> String
    private(set) var effective: TagSet = .empty
    private var claimed: TagSet = .empty
    private var origins: [TagOrigin] = []
    private var conflicts: [Dimension] = []

    /// Begins with what the key decides: the workspace and the locked tags.
    init(key: KeyRules, aliases: ValueAliases, form: @escaping (String) -> String) {
        self.key = key
        self.aliases = aliases
        self.form = form
        origins.reserveCapacity(key.tags.count + 4)
        set(.workspace, key.workspace, TagOrigin(.workspace, from: .keyLock, detail: key.name))
        for tag in key.tags where tag.dimension != .workspace && !Dimension.intrinsic.contains(tag.dimension) {
            let value = aliases.resolved(tag.value, of: tag.dimension)
            set(tag.dimension, value, TagOrigin(tag.dimension, from: .keyLock, detail: key.name))
        }
    }

    var attribution: Attribution {
        Attribution(
            workspace: key.workspace,
            key: key.name,
            effective: effective,
            claimed: claimed,
            origins: origins,
            conflicts: conflicts
        )
    }

    /// Hears a caller's claim: it stays as claimed, and counts unless something stronger or the key is against it.
    mutating func consider(_ claim: Claim) {
        let dimension = claim.dimension
        if claimed[dimension] == nil {
            guard claimed.count < TagText.tagsMax else { return flag(dimension) }
            claimed[dimension] = form(claim.value)
        }
        let value = aliases.resolved(claim.value, of: dimension)
        if let counted = effective[dimension] {
            if counted != value { flag(dimension) }
            return
        }
        guard mayCount(dimension, value) else { return flag(dimension) }
        set(dimension, value, TagOrigin(dimension, from: claim.source.origin, detail: claim.detail))
    }

    /// Gives the dimensions that are still open these values, as far as the key allows them.
    mutating func fill(_ tags: TagSet, from source: TagOrigin.Source, detail: String) {
        for tag in tags where effective[tag.dimension] == nil {
            let value = aliases.resolved(tag.value, of: tag.dimension)
            guard mayCount(tag.dimension, value) else { continue }
            set(tag.dimension, value, TagOrigin(tag.dimension, from: source, detail: detail))
        }
    }

    /// Notes that a claim of `dimension` did not count.
    mutating func flag(_ dimension: Dimension) {
        if conflicts.count < TagText.tagsMax, !conflicts.contains(dimension) { conflicts.append(dimension) }
    }

    private func mayCount(_ dimension: Dimension, _ value: String) -> Bool {
        guard effective.count < TagText.tagsMax, !Dimension.intrinsic.contains(dimension) else { return false }
        guard !key.allow.isEmpty, let allowed = key.allow[dimension] else { return true }
        return allowed.contains { $0 == value || aliases.resolved($0, of: dimension) == value }
    }

    private mutating func set(_ dimension: Dimension, _ value: String, _ origin: TagOrigin) {
        effective[dimension] = form(value)
        origins.append(origin)
    }
}

/// Other names of values, undone before anything looks at a value: environment `prod` is `production`.
struct ValueAliases: Hashable, Sendable {
    private let names: [Dimension: [String: String]]

    init(_ names: [Dimension: [String: String]]) {
        self.names = names
    }

    func resolved(_ value: String, of dimension: Dimension) -> String {
        names.isEmpty ? value : names[dimension]?[value] ?? value
    }
}
