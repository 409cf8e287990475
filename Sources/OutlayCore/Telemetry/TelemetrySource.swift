/// Who sends telemetry: a key of a workspace.
package struct TelemetrySourceName: Hashable, Sendable {
    package var workspace: String
    package var key: String

    package init(workspace: String, key: String) {
        self.workspace = workspace
        self.key = key
    }

    /// Keeps what different keys send apart.
    package var fingerprint: UInt128 { Fingerprinter.of(workspace, key) }

    /// The group of everything in one trace, or in the next part of a trace that is too large for one group.
    package func group(ofTrace trace: UInt128, part: UInt64 = 0) -> UInt128 {
        var fingerprint = Fingerprinter()
        fingerprint.add(self.fingerprint)
        fingerprint.add(trace)
        fingerprint.add(part)
        return fingerprint.value
    }

    /// What an observation's name is found by; keys never find each other's.
    package func key(of name: String) -> UInt128 { Fingerprinter.of(workspace, key, name) }
}

/// What became of records.
package struct TelemetryCounts: Hashable, Sendable {
    package var accepted: Int64 = 0
    package var duplicates: Int64 = 0
    package var conflicts: Int64 = 0
    /// Calls reported, and those of them without usage.
    package var calls: Int64 = 0
    package var unmetered: Int64 = 0
    /// By reason.
    package var rejected: [String: Int64] = [:]

    package init() {}

    package static func += (sum: inout TelemetryCounts, part: TelemetryCounts) {
        sum.accepted &+= part.accepted
        sum.duplicates &+= part.duplicates
        sum.conflicts &+= part.conflicts
        sum.calls &+= part.calls
        sum.unmetered &+= part.unmetered
        sum.rejected.merge(part.rejected, uniquingKeysWith: &+)
    }
}

/// One line of the view of sources.
package struct TelemetrySource: Hashable, Sendable {
    package var name: TelemetrySourceName
    package var emitter: String
    package var lastSeen: Timestamp
    package var counts: TelemetryCounts
    /// Traces and exports that wait for a better signal.
    package var held: Int64

    package init(
        name: TelemetrySourceName,
        emitter: String,
        lastSeen: Timestamp,
        counts: TelemetryCounts,
        held: Int64
    ) {
        self.name = name
        self.emitter = emitter
        self.lastSeen = lastSeen
        self.counts = counts
        self.held = held
    }
}
