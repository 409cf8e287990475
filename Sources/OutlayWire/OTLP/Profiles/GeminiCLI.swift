import OutlayCore

/// Gemini CLI, and Qwen Code, which grew out of it: the log of each answer leads, then spans, then counters.
///
/// A twin of each log has the answer's id and a part of its counts. Both stand at one time of one session, by which
/// they find each other.
struct GeminiCLI: EmitterProfile {
    /// What differs between the two.
    struct Make: Sendable {
        let name: String
        let service: String
        /// Before the names of logs and metrics.
        let prefix: String
        /// `nil` where the model tells.
        let provider: String?
        /// Qwen's answers count their thoughts, as OpenAI's do, unless the total says otherwise.
        let tokens: TokenConvention
        let countsThoughtsApart: Bool

        static let gemini = Make(
            name: "gemini-cli",
            service: "gemini-cli",
            prefix: "gemini_cli.",
            provider: "google",
            tokens: .google,
            countsThoughtsApart: true
        )
        static let qwen = Make(
            name: "qwen-code",
            service: "qwen-code",
            prefix: "qwen-code.",
            provider: nil,
            tokens: TokenConvention(cache: .inclusive, reasoning: .unsaid),
            countsThoughtsApart: false
        )
    }

    private let make: Make

    init(_ make: Make) {
        self.make = make
    }

    var name: String { make.name }
    var metrics: [String] { [make.prefix + "token.usage"] }
    var instanceAttributes: [String] { ["session.id", "installation.id"] }
    var tagHabits: TagHabits { TagHabits(isUserMail: true, foreign: ["role"]) }
    var attributes: [String] { Self.logWords.names + ["type", "log.bridge", "error"] }

    private static let shared = Vocabulary([
        (.responseID, ["gen_ai.response.id", "response_id"]), (.plan, ["auth_type"]),
        (.requestModel, ["gen_ai.request.model", "model"]), (.tool, ["gen_ai.tool.name", "function_name"]),
        (.cost, []), (.costMicros, []),
    ]).over(.genAI)

    private static let logWords = Vocabulary([
        (.input, ["input_token_count"]), (.output, ["output_token_count"]), (.total, ["total_token_count"]),
        (.cacheRead, ["cached_content_token_count"]), (.reasoning, ["thoughts_token_count"]),
        (.toolPrompt, ["tool_token_count"]),
    ]).over(shared)

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName == make.service || context.resource.text("service.name") == make.service
    }

    func observation(of log: LogRecord, in reading: RecordReading) -> Observation? {
        let event = log.attributes.text("event.name") ?? log.eventName
        let isTwin = event == "gen_ai.client.inference.operation.details"
        guard isTwin || isAnswer(event) else { return nil }
        let facts = (isTwin ? Self.shared : Self.logWords).facts(in: log.attributes)
        var call = call(facts)
        call.authority = isTwin ? .echo : .leading
        call.isFailure = event.hasSuffix("error")
        var observation = reading.observation(of: log, named: event, call, by: self)
        observation.names += names(of: log.attributes, in: reading)
        return observation
    }

    func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? {
        // Where only traces are sent, Qwen Code makes a span of every log.
        let event = span.attributes.text("event.name") ?? ""
        if isAnswer(event) {
            var call = call(Self.logWords.facts(in: span.attributes))
            call.isFailure = event.hasSuffix("error")
            var observation = reading.observation(of: span, call, by: self)
            observation.names += names(of: span.attributes, in: reading)
            return observation
        }
        let facts = Self.shared.facts(in: span.attributes)
        let nature = SpanNature(facts)
        let isCall = nature == .call && facts.hasCounts
        guard isCall || nature == .aggregate else { return reading.step(span, facts: facts, by: self) }
        var call = call(facts)
        call.level = isCall ? .call : .aggregate
        call.authority = isCall ? .echo : .aggregate
        call.isFailure = span.status == 2
        return reading.observation(of: span, call, by: self)
    }

    func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint? {
        guard point.metric == make.prefix + "token.usage", let role = role(of: point) else { return nil }
        let call = call(Self.shared.facts(in: point.attributes))
        var counter = CounterFacts(role, of: call.service(), tokenType: "type")
        counter.isNotional = call.isNotional
        return reading.counter(point, counter, by: self)
    }

    private func role(of point: PointRecord) -> CounterReading.Role? {
        switch point.attributes["type"] {
        case .string("input"): .inputWithCache
        case .string("output"): .output
        case .string("cache"): .cacheRead
        case .string("thought"): make.countsThoughtsApart ? .reasoning : nil
        // Prompts of tools come on top of the prompt.
        case .string("tool"): .input
        default: nil
        }
    }

    private func isAnswer(_ event: String) -> Bool {
        event == make.prefix + "api_response" || event == make.prefix + "api_error"
    }

    private func call(_ facts: Facts) -> CallFacts {
        var call = CallFacts(facts)
        call.tokens = make.tokens
        if let provider = make.provider { call.facts[.provider] = .string(provider) }
        let plan = facts.text(.plan)?.lowercased() ?? ""
        // Who signs in with an account pays by subscription, or nothing.
        call.isNotional = plan.contains("oauth") || plan.contains("login") || plan.contains("cloud-shell")
        return call
    }

    private func names(of attributes: Attributes, in reading: RecordReading) -> [String] {
        let session = attributes.text("session.id") ?? reading.context.resource.text("session.id")
        guard let session, let time = attributes.text("event.timestamp") else { return [] }
        return ["event:\(session)@\(time)"]
    }
}
