package import OutlayCore

extension CallAnswer {
    package init(_ event: CostEvent) {
        id = event.id.id
        source = event.id.source
        kind = Self.kind(of: event)
        at = "\(event.at)"
        provider = event.service.provider
        api = event.service.api
        upstream = event.service.upstream
        requestedModel = event.service.requestedModel
        model = event.service.model
        workspace = event.attribution.workspace
        key = event.attribution.key
        tags = event.attribution.effective.map { tag in
            let origin = event.attribution.origins.first { $0.dimension == tag.dimension }
            return TagFact(
                dimension: tag.dimension.name,
                value: tag.value,
                from: origin?.source.rawValue ?? "",
                detail: origin?.detail ?? ""
            )
        }
        claimed = Dictionary(uniqueKeysWithValues: event.attribution.claimed.map { ($0.dimension.name, $0.value) })
        conflicts = event.attribution.conflicts.map(\.name)
        quality = event.metering.quality.rawValue
        method = event.metering.method
        flags = event.metering.flags
        state = event.rating.state.rawValue
        priceVersion = event.rating.version
        unpricedUnits = event.rating.unpriced.map(\.name)
        lines = event.rating.lines.map(Line.init)
        reportedUSD = event.reportedCost?.description
        outcome = event.outcome.ending.rawValue
        status = event.outcome.status
        latencyMilliseconds = event.outcome.latencyMicroseconds.map { Double($0) / 1000 }
        firstTokenMilliseconds = event.outcome.timeToFirstTokenMicroseconds.map { Double($0) / 1000 }
        attempt = event.links.attempt
        responseID = event.links.responseID
        requestID = event.links.requestID
        traceID = event.links.traceID
        usage = event.metering.raw
        calls = event.callCount
        avoidedUSD = event.avoidedCost?.description
        costUSD = event.rating.total?.description
        listUSD = event.rating.listTotal?.description
    }

    private static func kind(of event: CostEvent) -> String {
        switch event.kind {
        case .call: "call"
        case .reversal(let original): "reversal of \(original.id)"
        case .replacement(let original): "replacement of \(original.id)"
        }
    }
}

extension CallAnswer.Line {
    package init(_ line: CostLine) {
        unit = line.label.map { "\(line.unit)(\($0))" } ?? line.unit.name
        model = line.model
        quantity = Quantity(count: line.quantity, of: line.unit)
        rateUSDPerMillion = line.displayRatePerMillion
        listRateUSDPerMillion = line.displayListRatePerMillion
        amountUSD = line.amount.description
    }
}
