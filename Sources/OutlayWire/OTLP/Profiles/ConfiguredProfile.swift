package import OutlayCore

/// An emitter that an operator describes, because no profile of the program knows it.
///
/// It is asked before all others, so it can also correct what the program reads otherwise. Names it leaves out are
/// those of the GenAI conventions.
package struct ConfiguredProfile: EmitterProfile {
    /// What an operator can name an attribute for.
    package enum Word: String, Hashable, Sendable, CaseIterable {
        case input, output, total
        case cacheRead = "cache_read"
        case cacheWrite = "cache_write"
        case reasoning, cost, provider, model
        case requestedModel = "requested_model"
        case responseID = "response_id"
        case requestID = "request_id"
        case operation, tool

        var fact: Fact {
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

    /// A metric whose points count something.
    package struct Metric: Hashable, Sendable {
        package var name: String
        /// The attribute that tells kinds of tokens apart; `nil` where the metric counts one kind.
        package var typeAttribute: String?
        /// What each value of it counts; under `""` what the metric counts without such an attribute.
        package var roles: [String: CounterReading.Role]

        package init(name: String, typeAttribute: String? = nil, roles: [String: CounterReading.Role]) {
            self.name = name
            self.typeAttribute = typeAttribute
            self.roles = roles
        }
    }

    package let name: String
    /// Patterns of the scopes it speaks for.
    package var scopes: [String]
    /// Patterns of the services it speaks for.
    package var services: [String]
    /// The signal that is believed: calls of the others count only while it is silent.
    package var leading = Observation.Signal.span
    /// Whether the count of a prompt has its cached tokens in it; `nil` where the counts shall tell.
    package var isInclusive: Bool?
    /// Names of events whose logs are calls.
    package var events: [String] = []
    /// Names of spans that sum up the calls below them.
    package var sums: [String] = []
    package var countedMetrics: [Metric] = []
    private let words: Vocabulary

    /// - Parameter attributes: The names of each fact, the one that counts first.
    package init(
        name: String,
        scopes: [String] = [],
        services: [String] = [],
        attributes: [Word: [String]] = [:]
    ) {
        self.name = name
        self.scopes = scopes
        self.services = services
        words = Vocabulary(attributes.map { ($0.key.fact, $0.value) }).over(.genAI)
    }

    package var attributes: [String] { words.names + countedMetrics.compactMap(\.typeAttribute) }
    package var bodies: [String] { events }
    package var metrics: [String] { countedMetrics.map(\.name) }

    package func recognises(_ context: RecordContext) -> Bool {
        if scopes.contains(where: { NamePattern($0).matches(context.scopeName) }) { return true }
        guard let service = context.resource.text("service.name") else { return false }
        return services.contains { NamePattern($0).matches(service) }
    }

    package func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? {
        let facts = words.facts(in: span.attributes)
        let nature = sums.contains(span.name) ? .aggregate : SpanNature(facts)
        guard nature == .call || nature == .freeCall || nature == .aggregate else {
            return reading.step(span, facts: facts, by: self)
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
        guard let event = names.first(where: events.contains) else { return nil }
        let call = call(words.facts(in: log.attributes), signal: .log)
        return reading.observation(of: log, named: event, call, by: self)
    }

    package func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint? {
        guard let metric = countedMetrics.first(where: { $0.name == point.metric }),
            let role = metric.roles[metric.typeAttribute.flatMap { point.attributes.text($0) } ?? ""]
        else { return nil }
        let call = call(words.facts(in: point.attributes), signal: .metric)
        var counter = CounterFacts(role, of: call.service(), tokenType: metric.typeAttribute)
        counter.authority = call.authority
        return reading.counter(point, counter, by: self)
    }

    private func call(_ facts: Facts, signal: Observation.Signal) -> CallFacts {
        var call = CallFacts(facts)
        switch isInclusive {
        case true: call.tokens = TokenConvention(cache: .inclusive, reasoning: .unsaid)
        case false: call.tokens = TokenConvention(cache: .exclusive, reasoning: .unsaid)
        case nil: call.tokens = .unsaid
        }
        call.authority = signal == leading ? .leading : signal == .metric ? .counter : .echo
        return call
    }
}
