extension TelemetryRules {
    /// The event of one export of a group of counters; `nil` when it added nothing.
    package func event(
        for export: CounterExport,
        of group: CounterGroup,
        id: EventID,
        key: KeyRules,
        receivedAt: Timestamp
    ) -> CostEvent? {
        guard !export.isEmpty else { return nil }
        let end = Timestamp(nanoseconds: export.time)
        let at = Self.plausible(end, receivedAt: receivedAt)
        let (usage, flags) = export.usage(writeUnit: .cacheWrite(of: group.service.provider))
        let cost = export[.cost]
        var claims = Claims()
        for claim in group.claims {
            claims.add(claim.dimension, claim.value, from: .telemetry, detail: claim.attribute)
        }
        var event = CostEvent(
            id: id,
            at: at,
            receivedAt: receivedAt,
            service: group.service,
            attribution: resolver.attribute(claims, key: key, at: at),
            metering: Metering(
                parts: usage.isEmpty ? [] : [UsagePart(usage: usage)],
                quality: usage.isEmpty ? .unmetered : .exact,
                method: "counter",
                flags: flags + (at == end ? [] : ["future_time"])
            ),
            rating: Rating(lines: [], state: .unpriced, version: pricing.version),
            reportedCost: cost > 0 ? Money(picodollars: Int128(cost)) : nil
        )
        event.isNotional = group.isNotional
        event.callCount = export.calls
        rate(&event)
        // Priced in full, cached tokens that nobody tells apart would cost more than they did; the emitter saw them.
        if !export.tellsCache, let reported = event.reportedCost, event.rating.state == .rated {
            event.rating = Rating(reported: reported, model: group.service.model ?? group.service.requestedModel ?? "")
        }
        return event
    }
}

extension Timestamp {
    /// The microsecond that a time in nanoseconds since 1970 falls in.
    package init(nanoseconds: UInt64) {
        self.init(microseconds: Int64(nanoseconds / 1000))
    }

    /// In nanoseconds since 1970; 0 before.
    package var nanoseconds: UInt64 {
        let (product, overflow) = UInt64(max(0, microseconds)).multipliedReportingOverflow(by: 1000)
        return overflow ? .max : product
    }
}
