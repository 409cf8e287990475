internal import OutlayCore
internal import OutlayWire

/// Deliveries that share a transaction, with all that can be said of them before any table is asked.
struct ReadyBatch: Sendable {
    /// One delivery; its order is kept.
    struct Part: Sendable {
        let source: TelemetrySourceName
        let observations: [ReadyObservation]
        let points: [CounterPoint]
        let rejected: [String: Int64]
    }

    let terms: TelemetryTerms
    let now: Timestamp
    let parts: [Part]
    /// By their keys, the groups that are projected as they came, should nothing of them be kept yet.
    private(set) var groups: [UInt128: ReadyGroup] = [:]

    init(_ delivery: TelemetryDelivery, terms: TelemetryTerms, now: Timestamp) {
        self.terms = terms
        self.now = now
        var readier = ObservationReadier(source: delivery.source)
        let part = Part(
            source: delivery.source,
            observations: delivery.observations.map { readier.ready($0) },
            points: delivery.points,
            rejected: delivery.rejected
        )
        parts = [part]
    }

    /// - Parameter terms: those of the transaction; what was made ready keeps those of its arrival.
    init(joining batches: [ReadyBatch], terms: TelemetryTerms, now: Timestamp) {
        self.terms = terms
        self.now = now
        parts = batches.flatMap(\.parts)
        groups = batches.count == 1 ? batches[0].groups : Self.apart(batches)
    }

    /// How much work it is.
    var size: Int { parts.reduce(0) { $0 + $1.observations.count + $1.points.count } }

    /// The ready groups that only one of the batches tells of, by their keys or their names.
    private static func apart(_ batches: [ReadyBatch]) -> [UInt128: ReadyGroup] {
        var groups: [UInt128: ReadyGroup] = [:]
        var places: [UInt128: Int] = [:]
        var shared = SharedNames()
        var repeated: Set<UInt128> = []
        for (place, batch) in batches.enumerated() {
            groups.merge(batch.groups) { first, _ in first }
            for observation in batch.parts.lazy.flatMap(\.observations) {
                let before = places.updateValue(place, forKey: observation.group)
                if let before, before != place { repeated.insert(observation.group) }
                shared.add(observation)
            }
        }
        for group in repeated.union(shared.groups) { groups[group] = nil }
        return groups
    }

    /// Projects the groups of its one delivery that share no name with another.
    mutating func project(_ ready: (CostEvent) throws(LedgerError) -> any ReadyEvent) {
        for part in parts { project(part, ready) }
    }

    private mutating func project(_ part: Part, _ ready: (CostEvent) throws(LedgerError) -> any ReadyEvent) {
        var members: [UInt128: [ReadyObservation]] = [:]
        var shared = SharedNames()
        for observation in part.observations {
            members[observation.group, default: []].append(observation)
            shared.add(observation)
        }
        let key = terms.rules(of: part.source)
        groups.reserveCapacity(members.count)
        for (group, observations) in members
        where !shared.groups.contains(group) && Self.isSimple(observations) {
            let calls = calls(of: observations, from: part.source, key: key, ready)
            groups[group] = ReadyGroup(key: group, rules: key, members: observations, calls: calls)
        }
    }

    /// Whether the group has one part, and nothing in it was told twice.
    private static func isSimple(_ observations: [ReadyObservation]) -> Bool {
        guard observations.count > 1 else { return true }
        return observations.count <= TraceParts.sizeMax
            && Set(observations.map(\.observation.identity)).count == observations.count
    }

    private func calls(
        of observations: [ReadyObservation],
        from source: TelemetrySourceName,
        key: KeyRules,
        _ ready: (CostEvent) throws(LedgerError) -> any ReadyEvent
    ) -> [ReadyCall] {
        terms.rules.calls(of: observations).map { call in
            let first = TelemetryRevision(call.lead, from: source, revision: 0).first
            let event = terms.rules.event(for: call, id: first, key: key, receivedAt: now)
            return ReadyCall(call, event: try? ready(event))
        }
    }
}

/// Which groups have a name in common with another one: they may tell of one call.
private struct SharedNames {
    private var owners: [UInt128: UInt128] = [:]
    private(set) var groups: Set<UInt128> = []

    mutating func add(_ observation: ReadyObservation) {
        for name in observation.names {
            let owner = owners.updateValue(observation.group, forKey: name) ?? observation.group
            if owner != observation.group { groups.formUnion([owner, observation.group]) }
        }
    }
}
