import OutlayCore

extension RecordReading {
    /// The longest title of a step.
    static let titleBytesMax = 128

    /// A span that reports a call, or a sum over calls.
    func observation(of span: SpanRecord, _ call: CallFacts, by profile: some EmitterProfile) -> Observation {
        let (start, end) = RecordTimes.of(span)
        var observation = Observation(
            identity: Self.identity(of: span),
            emitter: profile.name,
            signal: .span,
            level: call.level,
            authority: call.authority,
            place: Self.place(of: span),
            start: start,
            end: end,
            service: call.service(),
            metering: Metering(quality: .unmetered)
        )
        observation.title = span.name.cut(toBytes: Self.titleBytesMax)
        fill(&observation, call, span.attributes, by: profile)
        return observation
    }

    /// A log that reports a call, named `name` in its identity.
    func observation(
        of log: LogRecord,
        named name: String,
        _ call: CallFacts,
        by profile: some EmitterProfile
    ) -> Observation {
        let end = RecordTimes.of(log)
        let start = Timestamp(microseconds: end.microseconds - min(call.duration ?? 0, max(0, end.microseconds)))
        var observation = Observation(
            identity: identity(of: log, named: name),
            emitter: profile.name,
            signal: .log,
            level: call.level,
            authority: call.authority,
            place: Self.place(of: log),
            start: start,
            end: end,
            service: call.service(),
            metering: Metering(quality: .unmetered)
        )
        fill(&observation, call, log.attributes, by: profile)
        return observation
    }

    private func fill(
        _ observation: inout Observation,
        _ call: CallFacts,
        _ attributes: Attributes,
        by profile: some EmitterProfile
    ) {
        observation.metering = call.metering(provider: observation.service.provider)
        observation.isCacheHit = call.facts.isTrue(.isCacheHit)
        observation.isNotional = call.isNotional
        observation.names = call.names()
        observation.links = links(of: observation, call)
        // A cost beside no usage is the zero of an emitter that did not know either.
        if observation.metering.quality == .exact { observation.reportedCost = call.cost() }
        observation.outcome = call.outcome(start: observation.start, end: observation.end)
        observation.claims = claims(of: attributes, isInTrace: observation.place != nil)
        observation.instance = instance(of: attributes, by: profile)
        // A sum that sums up nothing is only a place in the tree.
        if observation.level == .aggregate, observation.metering.quality != .exact { observation.level = .step }
    }

    private func links(of observation: Observation, _ call: CallFacts) -> CallLinks {
        var links = CallLinks()
        links.responseID = call.identifier(.responseID)
        links.requestID = call.identifier(.requestID)
        links.traceID = observation.place?.trace.hexadecimal(digits: 32)
        // A log names a span that may be larger than the call.
        if observation.signal == .span { links.spanID = observation.place?.span.hexadecimal(digits: 16) }
        return links
    }

    /// A span that only has a place: an agent, a tool, anything between.
    func step(_ span: SpanRecord, facts: Facts, by profile: some EmitterProfile) -> Observation {
        let (start, end) = RecordTimes.of(span)
        var observation = Observation(
            identity: Self.identity(of: span),
            emitter: profile.name,
            signal: .span,
            level: .step,
            authority: .aggregate,
            place: Self.place(of: span),
            start: start,
            end: end,
            service: CallFacts(facts).service(),
            metering: Metering(quality: .unbilled)
        )
        observation.title = span.name.cut(toBytes: Self.titleBytesMax)
        observation.tool = facts.text(.tool)?.cut(toBytes: Self.titleBytesMax)
        observation.claims = claims(of: span.attributes, isInTrace: observation.place != nil)
        observation.instance = instance(of: span.attributes, by: profile)
        if span.status == 2 { observation.outcome.ending = .providerError }
        return observation
    }
}
