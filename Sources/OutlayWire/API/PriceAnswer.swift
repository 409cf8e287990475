/// The rates of one model at one time, as `outlay price list` shows them.
package struct PriceAnswer: Codable, Hashable, Sendable {
    package var provider: String
    package var model: String
    package var from: String?
    /// Dollars per million by unit (durations: per million seconds), as decimal strings.
    package var perMillion: [String: String]
    /// Long-context tiers, service tiers, batch … each in words.
    package var variants: [String]
    /// The next dated change, in words.
    package var next: String?

    private enum CodingKeys: String, CodingKey {
        case provider, model, from, variants, next
        case perMillion = "per_million_usd"
    }

    package init(
        provider: String,
        model: String,
        from: String?,
        perMillion: [String: String],
        variants: [String],
        next: String?
    ) {
        self.provider = provider
        self.model = model
        self.from = from
        self.perMillion = perMillion
        self.variants = variants
        self.next = next
    }
}

/// What a newer book changes.
package struct PriceUpdateAnswer: Codable, Hashable, Sendable {
    package var version: String
    package var previous: String
    package var isApplied: Bool
    package var isSigned: Bool
    /// One sentence per model that is added, removed or priced otherwise.
    package var changes: [String]
    /// What the last thirty days would have cost more (or less) under the newer book, in dollars.
    package var effectUSD: String

    private enum CodingKeys: String, CodingKey {
        case version, previous, changes
        case isApplied = "applied"
        case isSigned = "signed"
        case effectUSD = "effect_usd"
    }

    package init(
        version: String,
        previous: String,
        isApplied: Bool,
        isSigned: Bool,
        changes: [String],
        effectUSD: String
    ) {
        self.version = version
        self.previous = previous
        self.isApplied = isApplied
        self.isSigned = isSigned
        self.changes = changes
        self.effectUSD = effectUSD
    }
}

/// What pricing a span again changed.
package struct RerateAnswer: Codable, Hashable, Sendable {
    package var events: Int
    package var changed: Int
    package var isApplied: Bool
    package var differenceUSD: String

    private enum CodingKeys: String, CodingKey {
        case events, changed
        case isApplied = "applied"
        case differenceUSD = "difference_usd"
    }

    package init(events: Int, changed: Int, isApplied: Bool, differenceUSD: String) {
        self.events = events
        self.changed = changed
        self.isApplied = isApplied
        self.differenceUSD = differenceUSD
    }
}
