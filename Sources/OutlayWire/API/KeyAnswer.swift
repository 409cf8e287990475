package import OutlayCore

/// A client key as the API lists it; `key` holds the secret only in the answer that made it.
package struct KeyAnswer: Codable, Hashable, Sendable {
    package var id: String
    package var name: String
    package var key: String?
    package var prefix: String
    package var workspace: String
    package var tags: [String: String]
    package var allow: [String: [String]]
    package var upstreams: [String]
    package var models: [String]
    package var `for`: String
    /// `nil` for keys of the configuration, which nobody made here.
    package var createdAt: String?
    package var expires: String?
    package var revokedAt: String?

    private enum CodingKeys: String, CodingKey {
        case id, name, key, prefix, workspace, tags, allow, upstreams, models, `for`, expires
        case createdAt = "created_at"
        case revokedAt = "revoked_at"
    }

    package init(_ stored: StoredKey, secret: String? = nil) {
        let rules = stored.rules
        id = stored.id
        name = rules.name
        key = secret
        prefix = stored.prefix
        workspace = rules.workspace
        tags = Dictionary(uniqueKeysWithValues: rules.tags.map { ($0.dimension.name, $0.value) })
        allow = Dictionary(uniqueKeysWithValues: rules.allow.map { ($0.key.name, $0.value) })
        upstreams = rules.upstreams
        models = rules.models
        `for` = rules.door.rawValue
        createdAt = stored.createdAt.microseconds == 0 ? nil : "\(stored.createdAt)"
        expires = rules.expires.map(String.init(describing:))
        revokedAt = stored.revokedAt.map(String.init(describing:))
    }
}

/// What `POST /api/v1/keys` takes.
package struct KeyRequest: Codable, Hashable, Sendable {
    package var name: String
    package var workspace: String?
    package var tags: [String: String]?
    package var allow: [String: [String]]?
    package var upstreams: [String]?
    package var models: [String]?
    package var `for`: String?
    /// RFC 3339, a day or a month; the key is refused from then on.
    package var expires: String?

    package init(name: String) {
        self.name = name
    }
}
