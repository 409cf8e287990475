package import OutlayCore

/// An emitter that an operator describes, because no profile of the program knows it.
///
/// It is asked before all others, so it can also correct what the program reads otherwise. Names it leaves out are
/// those of the GenAI conventions.
package struct ConfiguredProfile: EmitterProfile {
    private let settings: EmitterSettings
    private let words: Vocabulary
    private let scopes: [NamePattern]
    private let services: [NamePattern]

    package init(_ settings: EmitterSettings) {
        self.settings = settings
        words = Vocabulary(settings.attributes.map { ($0.key.fact, $0.value) }).over(.genAI)
        scopes = settings.scopes.map { NamePattern($0) }
        services = settings.services.map { NamePattern($0) }
    }

    package var name: String { settings.name }
    package var attributes: [String] { words.names + settings.metrics.compactMap(\.typeAttribute) }
    package var bodies: [String] { settings.events }
    package var metrics: [String] { settings.metrics.map(\.name) }

    package func recognises(_ context: RecordContext) -> Bool {
        if scopes.contains(where: { $0.matches(context.scopeName) }) { return true }
        guard let service = context.resource.text("service.name") else { return false }
        return services.contains { $0.matches(service) }
    }

    package func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? {
        let facts = words.facts(in: span.attributes)
        let nature = settings.sums.contains(span.name) ? .aggregate : SpanNature(facts)
        guard nature == .call || nature == .freeCall || nature == .aggregate else {
            return reading.step(span, facts: facts, isTool: nature == .tool, by: self)
        }
        var call = call(facts, signal: .span)
        call.isFree = nature == .freeCall
        call.isFailure = span.status == 2
        if nature == .aggregate {
            call.level = .aggregate
            call.authority = .aggregate
        }
        return reading.observation(of: span, call, by: self)
    }

    package func observation(of log: LogRecord, in reading: RecordReading) -> Observation? {
        let names = [log.body, log.attributes.text("event.name"), log.eventName].compactMap(\.self)
        guard let event = names.first(where: settings.events.contains) else { return nil }
        let call = call(words.facts(in: log.attributes), signal: .log)
        return reading.observation(of: log, named: event, call, by: self)
    }

    package func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint? {
        guard let metric = settings.metrics.first(where: { $0.name == point.metric }),
            let counted = metric.counts[metric.typeAttribute.flatMap { point.attributes.text($0) } ?? ""]
        else { return nil }
        let call = call(words.facts(in: point.attributes), signal: .metric)
        var counter = CounterFacts(counted.role, of: call.service(), tokenType: metric.typeAttribute)
        counter.authority = call.authority
        return reading.counter(point, counter, by: self)
    }

    private func call(_ facts: Facts, signal: EmitterSettings.Leading) -> CallFacts {
        var call = CallFacts(facts)
        switch settings.inputIncludesCache {
        case true: call.tokens = TokenConvention(cache: .inclusive, reasoning: .unsaid)
        case false: call.tokens = TokenConvention(cache: .exclusive, reasoning: .unsaid)
        case nil: call.tokens = .unsaid
        }
        call.authority = signal == settings.leading ? .leading : signal == .metric ? .counter : .echo
        return call
    }
}

extension EmitterSettings.Word {
    fileprivate var fact: Fact {
        switch self {
        case .input: .input
        case .output: .output
        case .total: .total
        case .cacheRead: .cacheRead
        case .cacheWrite: .cacheWrite
        case .reasoning: .reasoning
        case .cost: .cost
        case .provider: .provider
        case .model: .model
        case .requestedModel: .requestModel
        case .responseID: .responseID
        case .requestID: .requestID
        case .operation: .operation
        case .tool: .tool
        }
    }
}
