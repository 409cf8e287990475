import OutlayCore

/// Claude Code: the log of each request leads, then spans, then counters.
///
/// Its counts are Anthropic's: input without cache. A span's `gen_ai.response.id` is the id of the *request*, so only
/// `request_id` is read.
struct ClaudeCode: EmitterProfile {
    let name = "claude-code"
    let bodies = ["claude_code.api_request", "claude_code.api_error"]
    let metrics = ["claude_code.token.usage", "claude_code.cost.usage"]
    let instanceAttributes = ["session.id", "user.id"]
    let tagHabits = TagHabits(isUserMail: true)

    var attributes: [String] { Self.words.names + ["model", "client_request_id", "type", "success"] }

    private static let words = Vocabulary([
        (.input, ["input_tokens"]), (.output, ["output_tokens"]), (.total, []),
        (.cacheRead, ["cache_read_tokens"]), (.cacheWrite, ["cache_creation_tokens"]),
        (.cacheWrite5m, ["cache_creation_5m_tokens"]), (.cacheWrite1h, ["cache_creation_1h_tokens"]),
        (.cost, ["cost_usd"]), (.costMicros, ["cost_usd_micros"]),
        (.provider, ["anthropic.provider", "gen_ai.provider.name", "gen_ai.system"]),
        (.requestModel, ["gen_ai.request.model", "model"]),
        (.requestID, ["request_id"]), (.speed, ["speed"]), (.status, ["status_code"]),
        (.durationMilliseconds, ["duration_ms"]), (.firstTokenMilliseconds, ["ttft_ms"]),
        (.plan, ["anthropic.plan", "anthropic.seat_type"]), (.tool, ["tool_name", "gen_ai.tool.name"]),
    ])

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("com.anthropic.claude_code")
    }

    func observation(of log: LogRecord, in reading: RecordReading) -> Observation? {
        let event = log.body ?? log.attributes.text("event.name") ?? log.eventName
        let isError: Bool
        switch event {
        case "claude_code.api_request", "api_request": isError = false
        case "claude_code.api_error", "api_error": isError = true
        default: return nil
        }
        var call = call(Self.words.facts(in: log.attributes))
        // A log names the model that served the request.
        if !isError { call.facts[.model] = log.attributes["model"] }
        call.isFailure = isError
        let name = isError ? "api_error" : "api_request"
        var observation = reading.observation(of: log, named: name, call, by: self)
        if let id = log.attributes.text("client_request_id") { observation.links.clientRequestID = id }
        return observation
    }

    func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? {
        let facts = Self.words.facts(in: span.attributes)
        guard span.name == "claude_code.llm_request" else {
            return reading.step(span, facts: facts, isTool: span.name == "claude_code.tool", by: self)
        }
        var call = call(facts)
        call.authority = .echo
        call.isFailure = span.status == 2 || span.attributes["success"] == .bool(false)
        return reading.observation(of: span, call, by: self)
    }

    func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint? {
        guard let role = role(of: point) else { return nil }
        let call = call(Self.words.facts(in: point.attributes))
        var counter = CounterFacts(role, of: call.service(), tokenType: "type")
        counter.isNotional = call.isNotional
        return reading.counter(point, counter, by: self)
    }

    private func role(of point: PointRecord) -> CounterReading.Role? {
        if point.metric == "claude_code.cost.usage" { return .cost }
        guard point.metric == "claude_code.token.usage" else { return nil }
        return switch point.attributes["type"] {
        case .string("input"): .input
        case .string("output"): .output
        case .string("cacheRead"): .cacheRead
        case .string("cacheCreation"): .cacheWrite
        default: nil
        }
    }

    private func call(_ facts: Facts) -> CallFacts {
        var call = CallFacts(facts)
        call.tokens = .exclusive
        // A plan is bought by those who signed in: what they use is not billed by the token.
        call.isNotional = facts[.plan] != nil
        if facts[.provider] == nil { call.facts[.provider] = .string("anthropic") }
        return call
    }
}
