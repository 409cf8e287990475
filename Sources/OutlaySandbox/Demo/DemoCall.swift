package import OutlayCore

/// One call of the make-believe past: everything about it but its price.
package struct DemoCall: Hashable, Sendable {
    package let at: Timestamp
    package let provider: String
    package let api: String
    package let model: String
    package let usage: Usage
    /// Team, project, environment, feature, and agent, customer and user where there is one.
    package let tags: TagSet
    package let isStream: Bool
    package let latencyMicroseconds: Int64
    package let timeToFirstTokenMicroseconds: Int64?
}
