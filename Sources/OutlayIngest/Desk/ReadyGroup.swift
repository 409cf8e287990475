internal import OutlayCore

/// A group that came whole in one batch.
final class ReadyGroup: Sendable {
    let key: UInt128
    /// Those of who sent it.
    let rules: KeyRules
    let members: [ReadyObservation]
    let calls: [ReadyCall]
    /// Those of all members.
    let names: [UInt128]

    init(key: UInt128, rules: KeyRules, members: [ReadyObservation], calls: [ReadyCall]) {
        self.key = key
        self.rules = rules
        self.members = members
        self.calls = calls
        names = members.count == 1 ? members[0].names : members.flatMap(\.names)
    }

    /// One of its calls with all that was reported of it, which few are asked for.
    func call(_ index: Int, _ rules: TelemetryRules) -> ProjectedCall? {
        rules.calls(of: members).dropFirst(index).first
    }
}

/// A call as its reports tell it, should nothing of it stand yet.
struct ReadyCall: Sendable {
    /// The identity of the report whose numbers count.
    let lead: UInt128
    let names: CallNames
    let recentNames: [UInt128]
    let gatewaySpan: Range<Timestamp>?
    let inputs: UInt64
    /// The call itself, if a better signal may make it superfluous.
    let weak: ProjectedCall?
    /// Its first event; `nil` when it cannot be booked as it is.
    let event: (any ReadyEvent)?

    init(_ call: ProjectedCall, event: (any ReadyEvent)?) {
        self.event = event
        lead = call.lead.identity
        names = call.gatewayNames
        recentNames = RecentNames.names(of: names)
        gatewaySpan = call.gatewaySpan
        inputs = call.inputs
        weak = call.isWeak ? call : nil
    }
}

extension TelemetryRules {
    func calls(of members: [ReadyObservation]) -> [ProjectedCall] {
        TelemetryProjection(of: members.map(\.observation)).calls { tools.contains($0) }
    }
}
