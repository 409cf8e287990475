package import OutlayCore

/// One emitter of telemetry, as the API and `outlay sources` show it.
package struct SourceAnswer: Codable, Hashable, Sendable {
    package var workspace: String
    package var key: String
    package var emitter: String
    package var lastSeen: String
    package var accepted: Int64
    package var duplicates: Int64
    package var conflicts: Int64
    package var held: Int64
    /// By reason; empty when nothing was refused.
    package var rejected: [String: Int64]
    package var calls: Int64
    package var unmetered: Int64
    /// Of the reported calls, how many said nothing of their usage: 0 to 1.
    package var unmeteredShare: Double

    private enum CodingKeys: String, CodingKey {
        case workspace, key, emitter, accepted, duplicates, conflicts, held, rejected, calls, unmetered
        case lastSeen = "last_seen"
        case unmeteredShare = "unmetered_share"
    }

    package init(_ source: TelemetrySource) {
        workspace = source.name.workspace
        key = source.name.key
        emitter = source.emitter
        lastSeen = source.lastSeen.description
        accepted = source.counts.accepted
        duplicates = source.counts.duplicates
        conflicts = source.counts.conflicts
        held = source.held
        rejected = source.counts.rejected
        calls = source.counts.calls
        unmetered = source.counts.unmetered
        unmeteredShare = calls > 0 ? Double(unmetered) / Double(calls) : 0
    }
}
