internal import OutlayCore

/// One transaction of the desk: keeps what came in, projects what it touches and books the difference.
struct TelemetryBooking {
    let tables: any TelemetryTransaction
    let terms: TelemetryTerms
    let now: Timestamp
    /// Whether nothing waits any longer.
    var isFlushing = false
    /// What is to be booked, in order.
    var events: [CostEvent] = []
    /// What the calls that now stand are known by elsewhere, and their groups.
    var standingNames: [(names: CallNames, group: HeldGroup)] = []
    var touchedGroups: [UInt128: Int64] = [:]
    var touchedExports: Set<HeldGroup> = []
    /// Exports whose wait is over.
    var dueExports: Set<HeldGroup> = []
    private var sources: [TelemetrySourceName: Int64] = [:]
    private var names: [Int64: TelemetrySourceName] = [:]
    private var counts: [EmitterOfSource: TelemetryCounts] = [:]
    private var presences: Set<TelemetryPresence> = []
    private var traces = TraceParts()
    /// What this transaction kept in groups that were empty before it: nothing else is in them.
    private var taken: [UInt128: [KeptObservation]] = [:]

    private struct EmitterOfSource: Hashable {
        let source: Int64
        let emitter: String
    }

    init(_ tables: any TelemetryTransaction, terms: TelemetryTerms, now: Timestamp) {
        self.tables = tables
        self.terms = terms
        self.now = now
    }

    mutating func take(_ delivery: TelemetryDelivery) throws {
        let source = try number(of: delivery.source)
        for observation in delivery.observations { try take(observation, of: delivery.source, source) }
        try take(delivery.points, of: delivery.source, source)
        if !delivery.rejected.isEmpty {
            count(source, "rejected") { $0.rejected.merge(delivery.rejected, uniquingKeysWith: +) }
        }
    }

    private mutating func take(_ observation: Observation, of name: TelemetrySourceName, _ source: Int64) throws {
        let group = try traces.group(of: observation, from: name, in: tables)
        let keys = observation.level == .call ? observation.names.map(name.key) : []
        let outcome = try tables.keep(observation, named: keys, in: group, of: source, at: now)
        count(source, observation.emitter) { counts in
            switch outcome {
            case .new: counts.accepted += 1
            case .duplicate: counts.duplicates += 1
            case .conflict: counts.conflicts += 1
            }
            guard outcome == .new, observation.level == .call else { return }
            counts.calls += 1
            if observation.metering.quality == .unmetered { counts.unmetered += 1 }
        }
        guard outcome == .new else { return }
        touchedGroups[group] = source
        if traces.fresh.contains(group) {
            taken[group, default: []].append(KeptObservation(observation: observation, group: group, receivedAt: now))
        }
        if observation.level == .call {
            let presence = TelemetryPresence(
                scope: Self.scope(of: observation.emitter, from: name),
                minute: observation.end.minute,
                authority: observation.authority,
                instance: InstanceText.text(observation.instance, signal: observation.signal)
            )
            try hear(presence)
        }
    }

    /// Notes who was heard; what gave way to nobody before may have to now.
    mutating func hear(_ presence: TelemetryPresence) throws {
        guard presences.insert(presence).inserted, try tables.notePresence(presence) else { return }
        for contest in try tables.contests(in: presence.minute, of: presence.scope, below: presence.authority) {
            touch(contest.held)
        }
    }

    /// Everything that is kept of the group.
    func observations(in group: UInt128) throws -> [KeptObservation] {
        try taken[group] ?? tables.observations(in: group)
    }

    mutating func touch(_ held: HeldGroup) {
        if held.export == nil { touchedGroups[held.group] = held.source } else { touchedExports.insert(held) }
    }

    /// Projects everything that was touched.
    mutating func settle() throws {
        try projectGroups()
        for held in touchedExports.sorted(by: Self.isBefore) { try project(held) }
        for (key, counts) in counts { try tables.note(counts, of: key.source, emitter: key.emitter, at: now) }
    }

    mutating func count(_ source: Int64, _ emitter: String, _ change: (inout TelemetryCounts) -> Void) {
        change(&counts[EmitterOfSource(source: source, emitter: emitter), default: TelemetryCounts()])
    }

    private mutating func number(of name: TelemetrySourceName) throws -> Int64 {
        if let known = sources[name] { return known }
        let number = try tables.source(name)
        sources[name] = number
        names[number] = name
        return number
    }

    mutating func name(of source: Int64) throws -> TelemetrySourceName {
        if let known = names[source] { return known }
        let name = try tables.sourceName(source) ?? TelemetrySourceName(workspace: Workspace.defaultName, key: "")
        names[source] = name
        return name
    }

    static func scope(of emitter: String, from source: TelemetrySourceName) -> UInt128 {
        source.key(of: "emitter " + emitter)
    }

    private static func isBefore(_ left: HeldGroup, _ right: HeldGroup) -> Bool {
        (left.group, left.export ?? 0) < (right.group, right.export ?? 0)
    }
}

extension Timestamp {
    /// Whole minutes since 1970.
    var minute: Int64 { microseconds / 60_000_000 }
}
