internal import OutlayCore

/// Calls that passed through the gateway too: its event stays the one that counts.
extension TelemetryBooking {
    /// Whether the gateway booked the call; telemetry then only adds the tags that the gateway could not know.
    mutating func isGateways(_ call: ProjectedCall, named names: CallNames, key: KeyRules) throws -> Bool {
        guard let span = call.gatewaySpan,
            let booked = try tables.gatewayCall(names, near: span, workspace: key.workspace)
        else { return false }
        try enrich(booked, from: call, key: key)
        return true
    }

    /// Gives the gateway's event the tags that it could not know.
    mutating func enrich(_ booked: CostEvent, from call: ProjectedCall, key: KeyRules) throws {
        let told = terms.rules.event(for: call, id: booked.id, key: key, receivedAt: now).attribution
        for event in booked.enriched(by: told, named: call.inputs, now: now) { try add(event) }
    }
}

extension ProjectedCall {
    /// When the gateway may have seen the call; `nil` for runs of tools, which it never sees.
    var gatewaySpan: Range<Timestamp>? {
        guard lead.tool == nil else { return nil }
        return min(lead.start, lead.end)..<max(lead.start, lead.end).advanced(bySeconds: 1)
    }
}

extension CostEvent {
    /// The pair that gives this event the tags that telemetry knows and it lacks; empty when it lacks none.
    fileprivate func enriched(by told: Attribution, named inputs: UInt64, now: Timestamp) -> [CostEvent] {
        var enriched = self
        for tag in told.effective where attribution.effective[tag.dimension] == nil {
            guard tag.dimension != .workspace else { continue }
            enriched.attribution.effective[tag.dimension] = tag.value
            let detail = told.origins.first { $0.dimension == tag.dimension }?.detail ?? ""
            enriched.attribution.origins.append(TagOrigin(tag.dimension, from: .telemetry, detail: detail))
        }
        guard enriched.attribution.effective != attribution.effective else { return [] }
        let pair = corrected(to: rating, named: "telemetry-\(inputs.hexadecimal(digits: 16))", now: now)
        return pair.map { event in
            guard case .replacement = event.kind else { return event }
            var event = event
            event.attribution = enriched.attribution
            return event
        }
    }
}
