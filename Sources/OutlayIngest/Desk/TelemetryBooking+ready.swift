internal import OutlayCore

/// Groups that came whole, of which nothing was kept before: their calls are booked as they were made ready.
///
/// They end in the same events and rows as all other groups; only what the tables would have answered is known.
extension TelemetryBooking {
    /// Whether the observation is of such a group, and so is kept when that is projected.
    mutating func takesWhole(_ observation: ReadyObservation, of source: Int64) -> Bool {
        guard let group = batch?.groups[observation.group], !brokenGroups.contains(group.key) else { return false }
        if wholeGroups[group.key] != nil { return true }
        guard touchedGroups[group.key] == nil, !known.isHeard(group) else {
            brokenGroups.insert(group.key)
            return false
        }
        touchedGroups[group.key] = source
        wholeGroups[group.key] = group
        return true
    }

    mutating func project(_ group: ReadyGroup, of source: Int64) throws {
        let held = HeldGroup(group: group.key, source: source)
        var standing: [(identity: UInt128, inputs: UInt64)] = []
        for (index, call) in group.calls.enumerated() {
            if let weak = call.weak {
                guard try counts(weak, isStanding: false, receivedAt: now, held: held) else { continue }
            }
            if let span = call.gatewaySpan,
                let booked = try tables.gatewayCall(call.names, near: span, workspace: group.rules.workspace)
            {
                if let told = group.call(index, terms.rules) { try enrich(booked, from: told, key: group.rules) }
                continue
            }
            if let event = call.event { events.append(event) } else { try book(index, of: group, of: source) }
            standing.append((call.lead, call.inputs))
            standingNames.append((call.recentNames, held))
        }
        for member in group.members {
            var row = member.row(in: group.key, of: source, at: now)
            if let inputs = standing.last(where: { $0.identity == row.identity })?.inputs {
                row.standing = TelemetryStanding(revision: 1, inputs: inputs)
            }
            try tables.add(row)
        }
    }

    /// Books a call whose event could not be made ready: no row can hold it.
    private mutating func book(_ index: Int, of group: ReadyGroup, of source: Int64) throws {
        guard let call = group.call(index, terms.rules) else { return }
        let first = TelemetryRevision(call.lead, from: try name(of: source), revision: 0).first
        try add(terms.rules.event(for: call, id: first, key: group.rules, receivedAt: now))
    }
}

/// What was kept before a batch of the groups that came whole in it; within the batch these share nothing with others.
struct KnownGroups {
    private var groups: Set<UInt128> = []
    private var names: Set<UInt128> = []

    init() {}

    init(of batch: ReadyBatch, in tables: any TelemetryTransaction) throws {
        groups = try tables.kept(among: Array(batch.groups.keys))
        names = try tables.told(among: batch.groups.values.flatMap(\.names))
    }

    func isHeard(_ group: ReadyGroup) -> Bool {
        groups.contains(group.key) || !names.isDisjoint(with: group.names)
    }
}
