extension ByteWriter {
    package mutating func identity(_ id: EventID) {
        text(id.source)
        text(id.id)
    }

    package mutating func kind(_ kind: CostEvent.Kind) {
        switch kind {
        case .call:
            byte(0)
        case .reversal(let target):
            byte(1)
            identity(target)
        case .replacement(let target):
            byte(2)
            identity(target)
        }
    }

    /// One byte that says which of them there are, then those.
    mutating func rareParts(of event: CostEvent.Parts) {
        let hasCount = event.callCount != 1
        byte((event.isNotional ? 1 : 0) | (hasCount ? 2 : 0) | (event.avoidedCost != nil ? 4 : 0))
        if hasCount { signed(event.callCount) }
        if let cost = event.avoidedCost { signed(cost.picodollars) }
    }

    package mutating func service(_ service: ServiceUse) {
        text(service.provider)
        text(service.api)
        text(service.upstream)
        text(service.requestedModel)
        text(service.model)
        context(service.context)
    }

    private mutating func context(_ context: RatingContext) {
        text(context.serviceTier)
        text(context.processing)
        text(context.speed)
        text(context.inferenceGeo)
        text(context.dataResidency)
        text(context.apiHost)
        text(context.deploymentType)
        text(context.region)
        text(context.cacheTTL)
    }

    package mutating func attribution(_ attribution: Attribution) {
        text(attribution.workspace)
        text(attribution.key)
        tags(attribution.effective)
        flag(attribution.claimed != attribution.effective)
        if attribution.claimed != attribution.effective { tags(attribution.claimed) }
        count(attribution.origins.count)
        for origin in attribution.origins {
            text(origin.dimension.name)
            text(origin.source.rawValue)
            text(origin.detail)
        }
        count(attribution.conflicts.count)
        for dimension in attribution.conflicts { text(dimension.name) }
    }

    package mutating func tags(_ tags: TagSet) {
        count(tags.count)
        let tags = tags.tags.span
        for index in tags.indices {
            text(tags[index].dimension.name)
            text(tags[index].value)
        }
    }

    package mutating func metering(_ metering: Metering) {
        text(metering.quality.rawValue)
        text(metering.method)
        count(metering.flags.count)
        for flag in metering.flags { text(flag) }
        text(metering.raw)
        count(metering.parts.count)
        for part in metering.parts {
            text(part.model)
            text(part.label)
            count(part.usage.counts.count)
            for count in part.usage.counts {
                text(count.unit.name)
                signed(count.count)
            }
        }
    }

    package mutating func rating(_ rating: Rating) {
        text(rating.state.rawValue)
        text(rating.version)
        count(rating.lines.count)
        for line in rating.lines {
            text(line.unit.name)
            text(line.label)
            text(line.model)
            signed(line.quantity)
            rate(line.listRate)
            flag(line.rate != line.listRate)
            if line.rate != line.listRate { rate(line.rate) }
        }
        count(rating.unpriced.count)
        for unit in rating.unpriced { text(unit.name) }
    }

    private mutating func rate(_ rate: Rate) {
        signed(rate.picodollars)
        signed(rate.denominator)
    }

    package mutating func held(_ held: Consumption?) {
        flag(held != nil)
        guard let held else { return }
        signed(held.cost.picodollars)
        signed(held.tokens)
        signed(held.calls)
    }

    package mutating func outcome(_ outcome: CallOutcome) {
        text(outcome.ending.rawValue)
        optional(outcome.status.map(Int64.init))
        optional(outcome.latencyMicroseconds)
        optional(outcome.timeToFirstTokenMicroseconds)
        flag(outcome.isStream)
    }

    package mutating func links(_ links: CallLinks) {
        flag(links.call != nil)
        if let call = links.call { fixed(call.bits) }
        signed(Int64(links.attempt))
        text(links.responseID)
        text(links.requestID)
        text(links.clientRequestID)
        text(links.traceID)
        text(links.spanID)
        text(links.conversationID)
    }
}
