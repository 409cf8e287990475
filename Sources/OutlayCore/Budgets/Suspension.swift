/// A stop for everything in a scope, until somebody ends it.
package struct Suspension: Hashable, Sendable, Codable {
    package var id: String
    package var scope: Scope
    package var reason: String
    /// Who stopped it: a person, or `budget NAME`.
    package var by: String
    package var at: Timestamp

    package init(id: String, scope: Scope, reason: String, by: String, at: Timestamp) {
        self.id = id
        self.scope = scope
        self.reason = reason
        self.by = by
        self.at = at
    }
}
