/// By what reported events become money: the configuration's snapshot, as the doors for them ask it.
package struct ReportedEventRules: Sendable {
    package var resolver: AttributionResolver
    package var pricing: PriceBook

    package init(resolver: AttributionResolver, pricing: PriceBook) {
        self.resolver = resolver
        self.pricing = pricing
    }

    /// The event of `report`, under the name `id`.
    ///
    /// - Parameter key: whose word it is; `nil` is the administrator's, whose events carry no key.
    package func event(
        for report: ReportedEvent,
        id: EventID,
        key: KeyRules?,
        receivedAt: Timestamp
    ) -> CostEvent {
        let told = report.at ?? receivedAt
        let isEarly = told > receivedAt.advanced(bySeconds: ReportedEvent.futureSecondsMax)
        let at = isEarly ? receivedAt : told
        var metering = metering(of: report)
        if isEarly { metering.flags.append(Self.futureTime) }
        if report.at == nil { metering.flags.append(Self.noTime) }
        var event = CostEvent(
            id: id,
            at: at,
            receivedAt: receivedAt,
            service: service(of: report, at: at),
            attribution: resolver.attribute(claims(of: report), key: key ?? KeyRules(name: ""), at: at),
            metering: metering,
            rating: Rating(lines: [], state: .unpriced, version: pricing.version),
            reportedCost: report.reportedCost,
            outcome: report.outcome,
            links: report.links
        )
        if key == nil { event.attribution.key = nil }
        event.callCount = report.calls
        event.isNotional = report.isNotional
        rate(&event, isCacheHit: report.isCacheHit)
        return event
    }

    /// Marks an event whose time was further ahead than clocks are: it is booked when it was heard of.
    package static let futureTime = "future_time"
    /// Marks an event without a time, which is booked when it was heard of.
    package static let noTime = "no_time"

    private func rate(_ event: inout CostEvent, isCacheHit: Bool) {
        guard event.metering.quality != .unbilled else {
            event.rating.state = .rated
            return
        }
        let model = event.service.model ?? event.service.requestedModel
        let rated =
            event.metering.quality == .unmetered
            ? event.rating
            : pricing.rate(
                event.metering.parts,
                provider: event.service.provider,
                api: event.service.api,
                model: model,
                at: event.at,
                context: event.service.context
            )
        let booked = rated.booked(reported: event.reportedCost, metering: event.metering, model: model)
        guard isCacheHit else {
            event.rating = booked
            return
        }
        event.avoidedCost = booked.total
        event.metering.quality = .unbilled
        event.rating = Rating(lines: [], state: .rated, version: pricing.version)
    }

    /// A call of a tool is one of it, whoever counts; a call of a model that nobody counted is unmetered, never 0.
    ///
    /// Zeros of every kind are what loggers write for answers they did not understand.
    private func metering(of report: ReportedEvent) -> Metering {
        if let usage = report.usage, !usage.isEmpty {
            return Metering(parts: [UsagePart(usage: usage)], quality: .exact)
        }
        switch report.kind {
        case .tool: return Metering(parts: [UsagePart(usage: [.toolCall: report.calls])], quality: .exact)
        case .call:
            let isFree = report.outcome.ending == .providerError && report.reportedCost ?? .zero == .zero
            return Metering(quality: isFree ? .unbilled : .unmetered)
        case .compute, .human, .storage, .other: return Metering(quality: .exact)
        }
    }

    private func service(of report: ReportedEvent, at time: Timestamp) -> ServiceUse {
        let kind = report.kind.rawValue
        let model = report.model ?? report.requestedModel
        var service = ServiceUse(
            provider: kind,
            api: report.api ?? kind,
            requestedModel: report.requestedModel,
            model: report.model,
            context: report.context
        )
        if let provider = report.provider {
            service.provider = pricing.providerName(provider)
        } else if report.kind == .call {
            service.provider = model.flatMap { pricing.provider(of: $0, at: time) } ?? ServiceUse.unknown
        }
        if report.kind == .call { service.api = report.api ?? ServiceUse.unknown }
        // What has one price for all of it is priced by `model: human` and so on.
        if model == nil, report.kind != .call { service.model = kind }
        return service
    }

    private func claims(of report: ReportedEvent) -> Claims {
        var claims = Claims()
        for tag in report.tags { resolver.collect(anyName: tag.name, value: tag.value, from: .event, into: &claims) }
        if let trace = report.links.traceID { claims.addFallback(.run, trace, detail: "trace_id") }
        return claims
    }
}

extension CostEvent {
    /// Whether both say the same, whatever the prices, rules and clocks of the day made of it.
    package func isSameReport(as other: CostEvent) -> Bool {
        let clocks: Set = [ReportedEventRules.futureTime, ReportedEventRules.noTime]
        let isTimed = clocks.isDisjoint(with: metering.flags) && clocks.isDisjoint(with: other.metering.flags)
        return id == other.id && (!isTimed || at == other.at) && metering.parts == other.metering.parts
            && reportedCost == other.reportedCost && callCount == other.callCount && links == other.links
            && service.model == other.service.model && service.requestedModel == other.service.requestedModel
            && service.context == other.service.context && outcome == other.outcome && isNotional == other.isNotional
            && attribution.claimed == other.attribution.claimed
    }
}
