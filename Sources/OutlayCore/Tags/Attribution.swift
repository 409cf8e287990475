/// Whom one call belongs to: what was claimed, what counted, and why.
package struct Attribution: Hashable, Sendable {
    /// The isolation boundary, always the key's.
    package var workspace: String
    /// The name of the key that authenticated the call; `nil` for imports without one.
    package var key: String?
    /// What counts in every budget and report, after locks, allow-lists, aliases and rules.
    package var effective: TagSet
    /// What the caller said, kept for ever, also where it was refused.
    package var claimed: TagSet
    /// Where each effective tag came from, for `outlay explain`.
    package var origins: [TagOrigin]
    /// Dimensions whose claims disagreed with what counted.
    package var conflicts: [Dimension]

    package init(
        workspace: String,
        key: String? = nil,
        effective: TagSet = .empty,
        claimed: TagSet = .empty,
        origins: [TagOrigin] = [],
        conflicts: [Dimension] = []
    ) {
        self.workspace = workspace
        self.key = key
        self.effective = effective
        self.claimed = claimed
        self.origins = origins
        self.conflicts = conflicts
    }
}

extension Attribution {
    /// This, for a call that an approval let pass: what it takes of the approval is read from the ledger again.
    package func approved(by id: String) -> Attribution {
        var attribution = self
        attribution.effective[.approval] = id
        attribution.origins.removeAll { $0.dimension == .approval }
        attribution.origins.append(TagOrigin(.approval, from: .approval))
        return attribution
    }
}

/// Where one effective tag came from.
package struct TagOrigin: Hashable, Sendable {
    package enum Source: String, Hashable, Sendable, CaseIterable {
        /// Locked by the key.
        case keyLock = "key"
        /// A JWT whose signature was verified.
        case token
        /// A request header (`X-Team`, `X-Outlay-Tags`).
        case header
        /// W3C `baggage`.
        case baggage
        /// The provider's own metadata fields in the request body.
        case metadata
        /// The first call of the same trace, made with the same key.
        case trace
        /// The agent registry.
        case agent
        /// An automatic rule (path → project, host → environment, user → team).
        case rule
        /// The workspace's defaults.
        case workspace
        /// Set by a policy.
        case policy
        /// The approval that let the call pass.
        case approval
        /// A telemetry attribute of the record, its ancestor, the scope or the resource.
        case telemetry
        /// An imported row or an API event.
        case event
    }

    package let dimension: Dimension
    package let source: Source
    /// What exactly: the header's or rule's or agent's name.
    package let detail: String

    package init(_ dimension: Dimension, from source: Source, detail: String = "") {
        self.dimension = dimension
        self.source = source
        self.detail = detail
    }
}
