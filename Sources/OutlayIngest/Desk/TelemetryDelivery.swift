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

    /// The same in parts of at most `most` records: what a transaction makes of them fits in memory, and is quick.
    ///
    /// Who gets no answer sends all of it again, and what was booked by then is known.
    func parts(of most: Int) -> [TelemetryDelivery] {
        guard size > most else { return [self] }
        var parts: [TelemetryDelivery] = []
        for first in stride(from: 0, to: observations.count, by: most) {
            let some = observations[first..<min(first + most, observations.count)]
            parts.append(TelemetryDelivery(key: key, observations: Array(some)))
        }
        for first in stride(from: 0, to: points.count, by: most) {
            let some = points[first..<min(first + most, points.count)]
            parts.append(TelemetryDelivery(key: key, points: Array(some)))
        }
        parts[parts.count - 1].rejected = rejected
        return parts
    }
}
