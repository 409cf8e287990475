package import OutlayCore

/// What is in force while a batch of telemetry is booked.
package struct TelemetryTerms: Sendable {
    package var rules: TelemetryRules
    /// The rules of a key by its source; what was revoked since still counts as it was.
    package var key: @Sendable (TelemetrySourceName) -> KeyRules?
    /// How long a weak signal waits for a better one.
    package var holdSeconds: Int64
    /// How long observations are kept: as long as an exporter may plausibly send them again.
    package static let keptDays: Int64 = 45

    package init(
        rules: TelemetryRules,
        holdSeconds: Int64 = 300,
        key: @escaping @Sendable (TelemetrySourceName) -> KeyRules?
    ) {
        self.rules = rules
        self.holdSeconds = holdSeconds
        self.key = key
    }

    func rules(of source: TelemetrySourceName) -> KeyRules {
        key(source) ?? KeyRules(name: source.key, workspace: source.workspace)
    }
}
