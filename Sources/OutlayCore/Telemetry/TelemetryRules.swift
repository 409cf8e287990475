/// By what telemetry becomes money: the configuration's snapshot, as the projection asks it.
package struct TelemetryRules: Sendable {
    package var resolver: AttributionResolver
    package var pricing: any Pricing
    /// The tools that cost something.
    package var tools: Set<String>

    package init(resolver: AttributionResolver, pricing: any Pricing, tools: [ToolPrice] = []) {
        self.resolver = resolver
        self.pricing = pricing
        self.tools = Set(tools.map(\.name))
    }

    package init(_ resources: Resources, pricing: any Pricing, form: @escaping @Sendable (String) -> String) {
        self.init(
            resolver: AttributionResolver(resources, form: form),
            pricing: pricing,
            tools: resources.tools
        )
    }

    /// The event of a call that telemetry reported.
    package func event(
        for call: ProjectedCall,
        id: EventID,
        key: KeyRules,
        receivedAt: Timestamp
    ) -> CostEvent {
        let lead = call.lead
        let service =
            lead.tool.map { ServiceUse(provider: ServiceUse.toolProvider, api: "tool", model: $0) } ?? call.service()
        let at = Self.plausible(lead.start, receivedAt: receivedAt)
        var event = CostEvent(
            id: id,
            at: at,
            receivedAt: receivedAt,
            service: service,
            attribution: resolver.attribute(call.claims(), key: key, at: at),
            metering: metering(of: call, isLate: at != lead.start),
            rating: Rating(lines: [], state: .unpriced, version: pricing.version),
            reportedCost: call.members.lazy.compactMap(\.reportedCost).first,
            outcome: lead.outcome,
            links: call.links()
        )
        event.isNotional = call.members.contains(where: \.isNotional)
        if call.isSum { event.callCount = 0 }
        rate(&event, isCacheHit: lead.isCacheHit)
        return event
    }

    private func metering(of call: ProjectedCall, isLate: Bool) -> Metering {
        var metering = call.lead.metering
        if call.lead.tool != nil { metering = Metering(parts: [UsagePart(usage: [.toolCall: 1])], quality: .exact) }
        if call.isSum { metering.flags.append("aggregate_only") }
        if isLate { metering.flags.append("future_time") }
        return metering
    }

    /// Prices what `event` metered; what was reported counts where our book cannot say.
    func rate(_ event: inout CostEvent, isCacheHit: Bool = false) {
        let quality = event.metering.quality
        if isCacheHit || quality == .unbilled {
            let saved = isCacheHit ? priced(event).total : nil
            event.metering.quality = .unbilled
            event.rating = Rating(lines: [], state: .rated, version: pricing.version)
            event.avoidedCost = saved ?? (isCacheHit ? event.reportedCost : nil)
            return
        }
        let rated = quality == .unmetered ? event.rating : priced(event)
        event.rating = rated.booked(
            reported: event.reportedCost,
            metering: event.metering,
            model: event.service.model ?? event.service.requestedModel
        )
    }

    private func priced(_ event: CostEvent) -> Rating {
        pricing.rate(
            event.metering.parts,
            provider: event.service.provider,
            api: event.service.api,
            model: event.service.model ?? event.service.requestedModel,
            at: event.at,
            context: event.service.context
        )
    }

    /// A clock may run ahead by ten minutes; further, the call is booked when it was heard of.
    static func plausible(_ time: Timestamp, receivedAt: Timestamp) -> Timestamp {
        time > receivedAt.advanced(bySeconds: 600) ? receivedAt : time
    }
}
