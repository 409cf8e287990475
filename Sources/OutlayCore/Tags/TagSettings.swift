/// How claims become tags: spellings, aliases and limits.
package struct TagSettings: Hashable, Sendable {
    /// Further spellings of a dimension, as found in headers, baggage and attributes: `squad` → `team`.
    package var spellings: [String: Dimension]
    /// Value aliases per dimension, applied before policies and budgets: environment `prod` → `production`.
    package var aliases: [Dimension: [String: String]]
    /// Custom dimensions that callers may claim besides the standard ones.
    package var custom: [Dimension]
    /// The most distinct values of a dimension per day that rollups carry.
    package var valuesPerDayMax: Int
    /// Whose signed tokens are believed.
    package var tokens: [TokenIssuer] = []

    package init(
        spellings: [String: Dimension] = [:],
        aliases: [Dimension: [String: String]] = [:],
        custom: [Dimension] = [],
        valuesPerDayMax: Int = 2000
    ) {
        self.spellings = spellings
        self.aliases = aliases
        self.custom = custom
        self.valuesPerDayMax = valuesPerDayMax
    }
}

/// An automatic rule: what a call looks like → the tags it gets, where nothing stronger said otherwise.
package struct TagRule: Hashable, Sendable {
    package enum Condition: Hashable, Sendable {
        /// The request path below the upstream prefix begins with this.
        case pathPrefix(String)
        /// The `Host` header equals this, or ends in it after a leading `*`.
        case host(String)
        /// The effective user is this.
        case user(String)
    }

    package var name: String
    package var condition: Condition
    package var tags: TagSet
    /// When the rule holds; a membership that ends on a date keeps history as it was.
    package var from: Timestamp?
    package var to: Timestamp?

    package init(name: String, condition: Condition, tags: TagSet, from: Timestamp? = nil, to: Timestamp? = nil) {
        self.name = name
        self.condition = condition
        self.tags = tags
        self.from = from
        self.to = to
    }
}
