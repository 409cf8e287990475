package import OutlayCore

/// What one request told, read and understood, before anything of it is kept.
package struct TelemetryDelivery: Sendable {
    package var key: KeyRules
    package var observations: [Observation]
    package var points: [CounterReadingOfGroup]
    /// Records that were refused, by reason.
    package var rejected: [String: Int64]

    package init(
        key: KeyRules,
        observations: [Observation] = [],
        points: [CounterReadingOfGroup] = [],
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

/// A counter's point and what its group is about.
package struct CounterReadingOfGroup: Hashable, Sendable {
    package var group: CounterGroup
    package var reading: CounterReading

    package init(group: CounterGroup, reading: CounterReading) {
        self.group = group
        self.reading = reading
    }
}
