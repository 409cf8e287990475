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
        let key = terms.rules(of: try name(of: source))
        var standing: [UInt128: TelemetryStanding] = [:]
        for ready in group.calls {
            let call = ready.call
            guard try counts(call, isStanding: false, receivedAt: now, held: held) else { continue }
            if try isGateways(call, named: ready.names, key: key) { continue }
            if let event = ready.event {
                events.append(event)
            } else {
                let first = TelemetryRevision(call.lead, from: try name(of: source), revision: 0).first
                try add(terms.rules.event(for: call, id: first, key: key, receivedAt: now))
            }
            standing[call.lead.identity] = TelemetryStanding(revision: 1, inputs: ready.inputs)
            standingNames.append((ready.names, held))
        }
        for member in group.members {
            var row = member.row(in: group.key, of: source, at: now)
            row.standing = standing[row.identity] ?? TelemetryStanding()
            _ = try tables.keep(row)
        }
    }
}
