/// Observations and counters as bytes, as they are kept beside the ledger.
extension ByteWriter {
    package mutating func observation(_ value: Observation) {
        byte(1)
        fixed(value.identity)
        text(value.emitter)
        byte(value.signal.rawValue)
        byte(value.level.rawValue)
        byte(value.authority.rawValue)
        flag(value.place != nil)
        if let place = value.place {
            fixed(place.trace)
            unsigned(place.span)
            unsigned(place.parent ?? 0)
        }
        signed(value.start.microseconds)
        signed(value.end.microseconds)
        service(value.service)
        metering(value.metering)
        flag(value.reportedCost != nil)
        if let cost = value.reportedCost { signed(cost.picodollars) }
        flag(value.isNotional)
        flag(value.isCacheHit)
        outcome(value.outcome)
        links(value.links)
        count(value.names.count)
        for name in value.names { text(name) }
        claims(value.claims)
        instance(value.instance)
        text(value.title)
        text(value.tool)
    }

    package mutating func counterGroup(_ group: CounterGroup) {
        byte(1)
        text(group.emitter)
        byte(group.authority.rawValue)
        service(group.service)
        claims(group.claims)
        instance(group.instance)
        flag(group.isNotional)
    }

    package mutating func series(_ series: [CounterSeries]) {
        count(series.count)
        for one in series {
            byte(one.role.rawValue)
            unsigned(one.start)
            unsigned(one.first)
            unsigned(one.last)
            signed(one.value)
            optional(one.calls)
        }
    }

    package mutating func entries(_ entries: [CounterExport.Entry]) {
        byte(1)
        count(entries.count)
        for entry in entries {
            byte(entry.role.rawValue)
            byte(entry.temporality.rawValue)
            unsigned(entry.start)
            signed(entry.value)
            optional(entry.calls)
            signed(entry.added)
            signed(entry.addedCalls)
            unsigned(entry.since)
        }
    }

    private mutating func claims(_ claims: [TelemetryClaim]) {
        count(claims.count)
        for claim in claims {
            text(claim.dimension.name)
            text(claim.value)
            byte(claim.reach.rawValue)
            text(claim.attribute)
        }
    }

    private mutating func instance(_ instance: [String: String]) {
        count(instance.count)
        for (name, value) in instance.sorted(by: { $0.key < $1.key }) {
            text(name)
            text(value)
        }
    }
}
