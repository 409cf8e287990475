/// What a client key may do and what its calls are tagged with.
package struct KeyRules: Hashable, Sendable {
    package enum Door: String, Hashable, Sendable, CaseIterable {
        case gateway
        case ingest
        case both
    }

    package var name: String
    package var workspace: String
    /// Locked: these win over whatever a call claims.
    package var tags: TagSet
    /// The only values a call may claim for these dimensions.
    package var allow: [Dimension: [String]]
    /// Names of upstreams; empty allows every one.
    package var upstreams: [String]
    /// Model names, `*` at the end matches any rest; empty allows every one.
    package var models: [String]
    package var door: Door
    /// From when on the key is refused; `nil` never.
    package var expires: Timestamp?

    package init(
        name: String,
        workspace: String = Workspace.defaultName,
        tags: TagSet = .empty,
        allow: [Dimension: [String]] = [:],
        upstreams: [String] = [],
        models: [String] = [],
        door: Door = .both,
        expires: Timestamp? = nil
    ) {
        self.name = name
        self.workspace = workspace
        self.tags = tags
        self.allow = allow
        self.upstreams = upstreams
        self.models = models
        self.door = door
        self.expires = expires
    }

    package func allows(upstream: String) -> Bool {
        upstreams.isEmpty || upstreams.contains(upstream)
    }

    package func allows(model: String) -> Bool {
        models.isEmpty || models.contains { Self.matches(model, pattern: $0) }
    }

    private static func matches(_ model: String, pattern: String) -> Bool {
        pattern.last == "*" ? model.hasPrefix(pattern.dropLast()) : model == pattern
    }
}

/// The SHA-256 of a client key: all that is ever stored of it.
package struct KeyDigest: Hashable, Sendable {
    package let high: UInt128
    package let low: UInt128

    package init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }
}

/// How a configuration file refers to a client key without holding it.
package enum KeySecret: Hashable, Sendable {
    /// The key is in this environment variable.
    case environment(String)
    /// The key has this SHA-256.
    case digest(KeyDigest)
}

/// A client key as it is stored.
package struct StoredKey: Hashable, Sendable {
    package var id: String
    package var digest: KeyDigest
    /// The first characters of the key, to recognise it by.
    package var prefix: String
    package var rules: KeyRules
    package var createdAt: Timestamp
    package var revokedAt: Timestamp?

    package init(
        id: String,
        digest: KeyDigest,
        prefix: String,
        rules: KeyRules,
        createdAt: Timestamp,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.digest = digest
        self.prefix = prefix
        self.rules = rules
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }

    package func isValid(at now: Timestamp) -> Bool {
        !isRevoked(at: now) && (rules.expires.map { now < $0 } ?? true)
    }

    /// Whether it was taken back by then; a rotated key is until its grace period ends.
    package func isRevoked(at now: Timestamp) -> Bool {
        revokedAt.map { $0 <= now } ?? false
    }
}

/// Where client keys live.
package protocol KeyStore: Sendable {
    func add(_ key: StoredKey) async throws(LedgerError)
    func keys() async throws(LedgerError) -> [StoredKey]
    /// - Returns: whether there was a key of that id or name.
    func revoke(_ idOrName: String, at: Timestamp) async throws(LedgerError) -> Bool
}
