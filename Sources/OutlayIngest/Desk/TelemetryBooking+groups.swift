internal import OutlayCore

/// From observations that belong together to the events that stand for them.
extension TelemetryBooking {
    /// Larger sets are projected in the parts they came in: an emitter that names everything alike must end.
    private static let groupsMax = 64

    mutating func projectGroups() throws {
        var isDone: Set<UInt128> = []
        for (group, source) in touchedGroups.sorted(by: { $0.key < $1.key }) where !isDone.contains(group) {
            if let whole = wholeGroups[group] {
                try project(whole, of: source)
                continue
            }
            let set = try workingSet(from: group, source)
            isDone.formUnion(set.map(\.group))
            try project(set, of: source)
        }
    }

    /// The group, and every other that shares a name with it.
    private mutating func workingSet(from group: UInt128, _ source: Int64) throws -> [KeptObservation] {
        let name = try name(of: source)
        var set: [KeptObservation] = []
        var seen: Set<UInt128> = [group]
        var asked: Set<UInt128> = []
        var pending = [group]
        while let next = pending.popLast() {
            let members = try observations(in: next)
            set += members
            var keys: [UInt128] = []
            for member in members where member.observation.level == .call {
                keys += member.observation.names.map(name.key)
            }
            keys = keys.filter { asked.insert($0).inserted }
            for other in try tables.groups(named: keys).sorted() where seen.count < Self.groupsMax {
                if seen.insert(other).inserted { pending.append(other) }
            }
        }
        return set
    }

    private mutating func project(_ set: [KeptObservation], of source: Int64) throws {
        let kept = Dictionary(set.map { ($0.observation.identity, $0) }) { first, _ in first }
        let calls = TelemetryProjection(of: set.map(\.observation)).calls { terms.rules.tools.contains($0) }
        let sender = try name(of: source)
        let key = terms.rules(of: sender)
        var claimed: Set<UInt128> = []
        for call in calls {
            let members = call.members.compactMap { kept[$0.identity] }
            guard let lead = members.first else { continue }
            let held = HeldGroup(group: lead.group, source: source)
            let isStanding = members.contains { $0.standing.inputs != nil }
            let receivedAt = members.map(\.receivedAt).max() ?? now
            guard try counts(call, isStanding: isStanding, receivedAt: receivedAt, held: held) else { continue }
            let names = call.gatewayNames
            if try isGateways(call, named: names, key: key) { continue }
            try stand(call, members: members, of: sender, key: key, claimed: &claimed)
            standingNames.append((RecentNames.names(of: names), held))
        }
        for old in set.sorted(by: { $0.observation.identity < $1.observation.identity })
        where old.standing.inputs != nil && !claimed.contains(old.observation.identity) {
            try takeBack(old, of: sender)
        }
    }

    /// Whether the call counts now: weak ones only when nothing better was heard, and after their wait.
    mutating func counts(
        _ call: ProjectedCall,
        isStanding: Bool,
        receivedAt: Timestamp,
        held: HeldGroup
    ) throws -> Bool {
        guard call.isWeak else { return true }
        if try isBeaten(call, source: try name(of: held.source)) {
            try contest(call, held: held)
            try tables.release(held)
            return false
        }
        let due = receivedAt.advanced(bySeconds: terms.holdSeconds)
        guard isStanding || isFlushing || due <= now else {
            try tables.hold(held, of: call.lead.emitter, until: due)
            try contest(call, held: held)
            return false
        }
        try contest(call, held: held)
        try tables.release(held)
        return true
    }

    /// Books the call, or what changed of it.
    private mutating func stand(
        _ call: ProjectedCall,
        members: [KeptObservation],
        of source: TelemetrySourceName,
        key: KeyRules,
        claimed: inout Set<UInt128>
    ) throws {
        let inputs = call.inputs
        guard let base = members.first(where: { $0.standing.inputs != nil }) ?? members.first else { return }
        claimed.insert(base.observation.identity)
        guard base.standing.inputs != inputs else { return }
        let revision = TelemetryRevision(base.observation, from: source, revision: base.standing.revision)
        let event = terms.rules.event(for: call, id: revision.first, key: key, receivedAt: now)
        let isStanding = base.standing.inputs != nil
        for step in try revision.steps(to: event, isStanding: isStanding, now: now, in: tables) { try add(step) }
        try tables.setStanding(
            TelemetryStanding(revision: base.standing.revision + 1, inputs: inputs),
            of: base.observation.identity,
            in: base.group
        )
    }

    private mutating func takeBack(_ old: KeptObservation, of source: TelemetrySourceName) throws {
        let revision = TelemetryRevision(old.observation, from: source, revision: old.standing.revision)
        for step in try revision.steps(to: nil, isStanding: true, now: now, in: tables) { try add(step) }
        try tables.setStanding(
            TelemetryStanding(revision: old.standing.revision + 1),
            of: old.observation.identity,
            in: old.group
        )
    }
}
