import OutlayCore

/// Codex: the log of each finished answer leads, then the spans that handle answers, then the turn's histogram.
///
/// All its counts hold the cached tokens, and some of them are texts. What a turn cost (`codex.turn_cost`,
/// `codex.turn.cost_microusd`) repeats what its calls cost and is not read: added to them it would count twice.
struct Codex: EmitterProfile {
    let name = "codex"
    let metrics = ["codex.turn.token_usage"]
    let tagHabits = TagHabits(isUserMail: true)

    var attributes: [String] {
        Self.logWords.names + Self.turnWords.names + ["event.kind", Self.tokenType, "turn.id"]
    }

    private static let tokenType = "token_type"

    private static let shared = Vocabulary([
        (.requestModel, ["model", "slug", "gen_ai.request.model"]),
        (.durationMilliseconds, []), (.firstTokenMilliseconds, ["ttft_ms"]), (.plan, ["auth_mode"]),
        (.apiType, []), (.provider, []), (.cost, []), (.costMicros, []),
    ]).over(.genAI)

    private static let logWords = Vocabulary([
        (.input, ["input_token_count"]), (.output, ["output_token_count"]), (.total, []),
        (.cacheRead, ["cached_token_count"]), (.cacheWrite, ["cache_write_token_count"]),
        (.reasoning, ["reasoning_token_count"]),
    ]).over(shared)

    private static let turnWords = Vocabulary([
        (.input, ["codex.turn.token_usage.input_tokens"]), (.output, ["codex.turn.token_usage.output_tokens"]),
        (.total, []), (.cacheRead, ["codex.turn.token_usage.cached_input_tokens"]),
        (.cacheWrite, ["codex.turn.token_usage.cache_write_input_tokens"]),
    ]).over(shared)

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("codex") || context.resource.text("service.name")?.hasPrefix("codex") == true
    }

    func observation(of log: LogRecord, in reading: RecordReading) -> Observation? {
        guard log.attributes["event.name"] == .string("codex.sse_event"),
            log.attributes["event.kind"] == .string("response.completed")
        else { return nil }
        let facts = Self.logWords.facts(in: log.attributes)
        // Every answer ends with two such logs; only one of them counts tokens.
        guard facts.hasCounts else { return nil }
        let call = call(facts)
        var observation = reading.observation(of: log, named: "response.completed", call, by: self)
        observation.links.conversationID = log.attributes.text("conversation.id")
        return observation
    }

    func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? {
        if span.name == "session_task.turn" {
            var turn = call(Self.turnWords.facts(in: span.attributes))
            turn.level = .aggregate
            turn.authority = .aggregate
            return reading.observation(of: span, turn, by: self)
        }
        let facts = Self.shared.facts(in: span.attributes)
        guard span.name == "handle_responses", facts.hasCounts else {
            return reading.step(span, facts: facts, by: self)
        }
        var call = call(facts)
        call.authority = .echo
        return reading.observation(of: span, call, by: self)
    }

    func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint? {
        let role: CounterReading.Role
        switch point.attributes[Self.tokenType] {
        case .string("input"): role = .inputWithCache
        case .string("cached_input"): role = .cacheRead
        case .string("cache_write_input"): role = .cacheWrite
        case .string("output"): role = .output
        default: return nil
        }
        guard point.metric == "codex.turn.token_usage" else { return nil }
        let call = call(Self.shared.facts(in: point.attributes))
        var counter = CounterFacts(role, of: call.service(), tokenType: Self.tokenType)
        counter.isNotional = call.isNotional
        // It measures turns, each of which may be many calls.
        counter.countsCalls = false
        return reading.counter(point, counter, by: self)
    }

    private func call(_ facts: Facts) -> CallFacts {
        var call = CallFacts(facts)
        call.tokens = .inclusive
        call.isNotional = facts.text(.plan)?.lowercased().contains("chatgpt") == true
        call.facts[.apiType] = .string("responses")
        return call
    }
}
