internal import OutlayCore

/// One transaction of the desk: keeps what came in, projects what it touches and books the difference.
struct TelemetryBooking {
    let tables: any TelemetryTransaction
    let terms: TelemetryTerms
    let now: Timestamp
    let ready: @Sendable (CostEvent) throws(LedgerError) -> any ReadyEvent
    /// Events that no row can hold: they are booked as unmetered.
    var unbookable: Set<String> = []
    /// What is taken in, if anything is.
    var batch: ReadyBatch?
    var known = KnownGroups()
    /// Whether nothing waits any longer.
    var isFlushing = false
    /// What is to be booked, in order.
    var events: [any ReadyEvent] = []
    /// What the calls that now stand are known by elsewhere, and their groups.
    var standingNames: [(names: [UInt128], group: HeldGroup)] = []
    var touchedGroups: [UInt128: Int64] = [:]
    var touchedExports: Set<HeldGroup> = []
    /// Touched groups that came whole; nothing else knows of them.
    var wholeGroups: [UInt128: ReadyGroup] = [:]
    /// Groups of the batch that others were kept of before, or of whose names.
    var brokenGroups: Set<UInt128> = []
    /// Exports whose wait is over.
    var dueExports: Set<HeldGroup> = []
    private var sources: [TelemetrySourceName: Int64] = [:]
    private var names: [Int64: TelemetrySourceName] = [:]
    private var counts: [EmitterOfSource: TelemetryCounts] = [:]
    private var presences: Set<TelemetryPresence> = []
    private var heard: TelemetryPresence?
    private var traces = TraceParts()
    /// What this transaction kept in groups that were empty before it: nothing else is in them.
    private var taken: [UInt128: [KeptObservation]] = [:]

    private struct EmitterOfSource: Hashable {
        let source: Int64
        let emitter: String
    }

    init(
        _ tables: any TelemetryTransaction,
        terms: TelemetryTerms,
        now: Timestamp,
        ready: @escaping @Sendable (CostEvent) throws(LedgerError) -> any ReadyEvent
    ) {
        self.tables = tables
        self.terms = terms
        self.now = now
        self.ready = ready
    }

    mutating func take(_ batch: ReadyBatch) throws {
        self.batch = batch
        known = try KnownGroups(of: batch, in: tables)
        for part in batch.parts {
            let source = try number(of: part.source)
            for observation in part.observations { try take(observation, of: part.source, source) }
            try take(part.points, of: part.source, source)
            if !part.rejected.isEmpty {
                count(source, "rejected") { $0.rejected.merge(part.rejected, uniquingKeysWith: +) }
            }
        }
    }

    private mutating func take(
        _ ready: ReadyObservation,
        of name: TelemetrySourceName,
        _ source: Int64
    ) throws {
        let observation = ready.observation
        let outcome = try takesWhole(ready, of: source) ? .new : keep(ready, of: name, source)
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
        if outcome == .new, let presence = ready.presence { try hear(presence) }
    }

    /// Keeps an observation in its group, to be projected from what is kept.
    private mutating func keep(
        _ ready: ReadyObservation,
        of name: TelemetrySourceName,
        _ source: Int64
    ) throws -> KeepOutcome {
        let group = try traces.group(of: ready, from: name, in: tables)
        let outcome = try tables.keep(ready.row(in: group, of: source, at: now))
        guard outcome == .new else { return outcome }
        touchedGroups[group] = source
        if traces.fresh.contains(group) {
            let kept = KeptObservation(observation: ready.observation, group: group, receivedAt: now)
            taken[group, default: []].append(kept)
        }
        return outcome
    }

    /// Books an event; one that no row can hold without its amounts, so that it blocks no others.
    mutating func add(_ event: CostEvent) throws {
        events.append(try ready(unbookable.contains(event.id.id) ? event.withoutAmounts : event))
    }

    /// Notes who was heard; what gave way to nobody before may have to now.
    mutating func hear(_ presence: TelemetryPresence) throws {
        guard presence != heard else { return }
        heard = presence
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
