package import OutlayCore
package import OutlayWire

/// What one request told, read and understood, before anything of it is kept.
package struct TelemetryDelivery: Sendable {
    package var key: KeyRules
    package var observations: [Observation]
    package var points: [CounterPoint]
    /// Records that were refused, by reason.
    package var rejected: [String: Int64]

    package init(
        key: KeyRules,
        observations: [Observation] = [],
        points: [CounterPoint] = [],
        rejected: [String: Int64] = [:]
    ) {
        self.key = key
        self.observations = observations
        self.points = points
        self.rejected = rejected
    }

    var source: TelemetrySourceName { TelemetrySourceName(workspace: key.workspace, key: key.name) }

    /// How much work it is.
    var size: Int { observations.count + points.count }
}
