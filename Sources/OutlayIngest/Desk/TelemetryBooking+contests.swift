internal import OutlayCore

/// Which signals give way to which.
///
/// A signal below its emitter's best counts only for the time in which better ones of the same process were silent.
/// Reports of one call carry its time; better signals are looked for two minutes around it, counters, which are
/// exported at intervals, up to ten minutes after.
extension TelemetryBooking {
    private static let slackMinutes: Int64 = 2
    private static let intervalMinutes: Int64 = 10

    func isBeaten(_ call: ProjectedCall, source: TelemetrySourceName) throws -> Bool {
        let lead = call.lead
        let scope = Self.scope(of: lead.emitter, from: source)
        let mine = InstanceText.text(lead.instance, signal: lead.signal)
        let minute = lead.end.minute
        let near = minute - Self.slackMinutes...minute + Self.slackMinutes
        let later = minute - Self.slackMinutes...minute + Self.intervalMinutes
        let heard = try tables.presences(of: scope, in: near, above: Self.authority(of: call))
        let counted = try tables.presences(of: scope, in: later, above: Self.authority(of: call))
            .filter { InstanceText.isFrom(.metric, $0) }
        return (heard + counted).contains { text in
            // Whether a sum has calls below it is its own trace's affair; other signals know of all calls.
            let isForeign = !call.isSum || !InstanceText.isFrom(.span, text)
            return isForeign && InstanceText.isCompatible(mine, text)
        }
    }

    /// Lets better signals that come later find the call.
    mutating func contest(_ call: ProjectedCall, held: HeldGroup) throws {
        let lead = call.lead
        let minute = lead.end.minute
        try tables.noteContest(
            TelemetryContest(
                scope: Self.scope(of: lead.emitter, from: try name(of: held.source)),
                minutes: minute - Self.slackMinutes...minute + Self.intervalMinutes,
                authority: Self.authority(of: call),
                instance: InstanceText.text(lead.instance, signal: lead.signal),
                held: held
            )
        )
    }

    private static func authority(of call: ProjectedCall) -> Authority {
        call.members.map(\.authority).max() ?? .counter
    }

    func isBeaten(_ export: CounterExport, of counters: KeptCounters, source: TelemetrySourceName) throws -> Bool {
        let group = counters.group
        let mine = InstanceText.text(group.instance, signal: .metric)
        return try tables.presences(
            of: Self.scope(of: group.emitter, from: source),
            in: Self.minutes(of: export),
            above: group.authority
        ).contains { InstanceText.isCompatible(mine, $0) }
    }

    mutating func contest(_ export: CounterExport, of counters: KeptCounters, held: HeldGroup) throws {
        try tables.noteContest(
            TelemetryContest(
                scope: Self.scope(of: counters.group.emitter, from: try name(of: held.source)),
                minutes: Self.minutes(of: export),
                authority: counters.group.authority,
                instance: InstanceText.text(counters.group.instance, signal: .metric),
                held: held
            )
        )
    }

    private static func minutes(of export: CounterExport) -> ClosedRange<Int64> {
        let span = export.span
        let first = Timestamp(nanoseconds: span.lowerBound).minute - slackMinutes
        let last = Timestamp(nanoseconds: span.upperBound).minute + slackMinutes
        return first...max(first, last)
    }
}
