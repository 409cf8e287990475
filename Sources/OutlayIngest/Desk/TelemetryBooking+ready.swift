internal import OutlayCore

/// Groups that came whole, of which nothing was kept before: their calls are booked as they were made ready.
///
/// They end in the same events and rows as all other groups; only what the tables would have answered is known.
extension TelemetryBooking {
    /// Whether the observation is of such a group, and so is kept when that is projected.
    mutating func takesWhole(_ observation: ReadyObservation, of source: Int64) throws -> Bool {
        guard let group = batch?.groups[observation.group], !brokenGroups.contains(group.key) else { return false }
        if wholeGroups[group.key] != nil { return true }
        let isUnheard = try touchedGroups[group.key] == nil && tables.isEmpty(group.key)
        guard try isUnheard && tables.groups(named: group.names).isEmpty else {
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
            _ = try tables.keep(row)
        }
    }

    /// Books a call whose event could not be made ready: no row can hold it.
    private mutating func book(_ index: Int, of group: ReadyGroup, of source: Int64) throws {
        guard let call = group.call(index, terms.rules) else { return }
        let first = TelemetryRevision(call.lead, from: try name(of: source), revision: 0).first
        try add(terms.rules.event(for: call, id: first, key: group.rules, receivedAt: now))
    }
}
