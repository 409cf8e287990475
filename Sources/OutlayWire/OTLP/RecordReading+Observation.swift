import OutlayCore

extension RecordReading {
    /// The longest title of a step.
    static let titleBytesMax = 128

    /// A span that reports a call, or a sum over calls.
    func observation(of span: SpanRecord, _ call: CallFacts, by profile: some EmitterProfile) -> Observation {
        let (start, end) = RecordTimes.of(span)
        var parts = Observation.Parts(
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
        parts.title = span.name.cut(toBytes: Self.titleBytesMax)
        fill(&parts, call, span.attributes, by: profile)
        return Observation(parts)
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
        var parts = Observation.Parts(
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
        fill(&parts, call, log.attributes, by: profile)
        return Observation(parts)
    }

    private func fill(
        _ parts: inout Observation.Parts,
        _ call: CallFacts,
        _ attributes: Attributes,
        by profile: some EmitterProfile
    ) {
        parts.metering = call.metering(provider: parts.service.provider)
        parts.isCacheHit = call.facts.isTrue(.isCacheHit)
        parts.isNotional = call.isNotional
        parts.names = call.names()
        parts.links = links(of: parts, call)
        // A cost beside no usage is the zero of an emitter that did not know either.
        if parts.metering.quality == .exact { parts.reportedCost = call.cost() }
        parts.outcome = call.outcome(start: parts.start, end: parts.end)
        parts.claims = claims(of: attributes, isInTrace: parts.place != nil)
        parts.instance = instance(of: attributes, by: profile)
        // A sum that sums up nothing is only a place in the tree.
        if parts.level == .aggregate, parts.metering.quality != .exact { parts.level = .step }
    }

    private func links(of parts: Observation.Parts, _ call: CallFacts) -> CallLinks {
        var links = CallLinks()
        links.responseID = call.identifier(.responseID)
        links.requestID = call.identifier(.requestID)
        links.traceID = parts.place?.trace.hexadecimal(digits: 32)
        // A log names a span that may be larger than the call.
        if parts.signal == .span { links.spanID = parts.place?.span.hexadecimal(digits: 16) }
        return links
    }

    /// A span that only has a place: an agent, a tool, anything between.
    ///
    /// - Parameter isTool: It is one run of a tool, not one of several spans around it: fees are counted by these.
    func step(_ span: SpanRecord, facts: Facts, isTool: Bool = false, by profile: some EmitterProfile) -> Observation {
        let (start, end) = RecordTimes.of(span)
        var parts = Observation.Parts(
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
        parts.title = span.name.cut(toBytes: Self.titleBytesMax)
        if isTool { parts.tool = Self.tool(facts, title: parts.title) }
        parts.claims = claims(of: span.attributes, isInTrace: parts.place != nil)
        parts.instance = instance(of: span.attributes, by: profile)
        if span.status == 2 { parts.outcome.ending = .providerError }
        return Observation(parts)
    }

    /// The tool's name, or what the title says of it: `execute_tool search`.
    private static func tool(_ facts: Facts, title: String) -> String {
        if let name = facts.text(.tool) { return name.cut(toBytes: titleBytesMax) }
        let prefix = "execute_tool "
        return title.hasPrefix(prefix) ? String(title.dropFirst(prefix.count)) : title
    }
}
