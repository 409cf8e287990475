internal import OutlayCore

/// By what the calls that telemetry booked lately are known elsewhere, for the gateway's event that comes after them.
struct RecentNames {
    private var groups: [UInt128: HeldGroup] = [:]
    private var order: [(name: UInt128, at: Timestamp)] = []

    /// More are not remembered, nor older ones: the gateway books within seconds.
    private static let namesMax = 40_000
    static let seconds: Int64 = 900

    var isEmpty: Bool { groups.isEmpty }

    mutating func add(_ standing: [(names: [UInt128], group: HeldGroup)], at now: Timestamp) {
        for (names, group) in standing {
            for name in names {
                if groups.updateValue(group, forKey: name) == nil { order.append((name, now)) }
            }
        }
        let horizon = now.advanced(bySeconds: -Self.seconds)
        var gone = 0
        while gone < order.count, order.count - gone > Self.namesMax || order[gone].at < horizon {
            groups[order[gone].name] = nil
            gone += 1
        }
        order.removeFirst(gone)
    }

    /// By what events of the gateway are compared with the call.
    static func names(of names: CallNames) -> [UInt128] {
        names.responses.map(CallNames.response) + names.others + names.nameless
    }

    func groups(of event: CostEvent) -> [HeldGroup] {
        guard event.service.upstream != nil else { return [] }
        let names = (event.links.responseID.map { [CallNames.response($0)] } ?? []) + event.joinNames
        return names.compactMap { groups[$0] }
    }
}
