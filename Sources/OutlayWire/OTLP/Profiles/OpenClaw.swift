import OutlayCore

/// OpenClaw's `diagnostics-otel`: its counters lead, because spans are sampled in the example of its own guide.
///
/// The counters count input without cache; spans count it within. `prompt` and `total` repeat other kinds of tokens,
/// and so do `gen_ai.client.token.usage` and `openclaw.context.tokens`.
struct OpenClaw: EmitterProfile {
    let name = "openclaw"
    let metrics = ["openclaw.tokens", "openclaw.cost.usd"]

    var attributes: [String] { Self.words.names + Self.runWords.names + [Self.unit, Self.tokenType] }

    private static let unit = "openclaw.model_call.observation_unit"
    private static let tokenType = "openclaw.token"

    private static let words = Vocabulary([
        (
            .input,
            [
                "gen_ai.usage.input_tokens", "openclaw.model_call.usage.prompt_tokens",
            ]
        ),
        (.output, ["gen_ai.usage.output_tokens", "openclaw.model_call.usage.output_tokens"]),
        (
            .cacheRead,
            ["gen_ai.usage.cache_read.input_tokens", "openclaw.model_call.usage.cache_read_input_tokens"]
        ),
        (
            .cacheWrite,
            [
                "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens",
                "openclaw.model_call.usage.cache_creation_input_tokens",
            ]
        ),
        (.provider, ["openclaw.provider", "gen_ai.provider.name", "gen_ai.system"]),
        (.requestModel, ["openclaw.model", "gen_ai.request.model"]),
        (.tool, ["gen_ai.tool.name", "openclaw.toolName"]),
        (.firstTokenMilliseconds, ["openclaw.model_call.time_to_first_byte_ms"]),
    ]).over(.genAI)

    /// The sum over a run, where the conventions' names are missing.
    private static let runWords = Vocabulary([
        (.input, ["openclaw.tokens.input"]), (.output, ["openclaw.tokens.output"]),
        (.cacheRead, ["openclaw.tokens.cache_read"]), (.cacheWrite, ["openclaw.tokens.cache_write"]),
    ]).over(words)

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("openclaw")
    }

    func owns(_ attributes: Attributes) -> Bool {
        attributes[Self.unit] != nil || attributes[Self.tokenType] != nil
    }

    func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? {
        let facts = Self.words.facts(in: span.attributes)
        let unit = span.attributes[Self.unit]
        let isRun = span.name == "openclaw.model.usage"
        let nature = SpanNature(facts)
        // By the newest conventions a call is named after its operation and model.
        let isCall = unit != nil || span.name == "openclaw.model.call" || nature == .call && facts[.operation] != nil
        guard isRun || isCall else {
            let isTool = span.name == "openclaw.tool.execution" || nature == .tool && facts[.operation] != nil
            return reading.step(span, facts: facts, isTool: isTool, by: self)
        }
        // One turn of another agent's command line: how many calls it made is not known here.
        let isSum = isRun || unit == .string("turn")
        var call = CallFacts(facts)
        call.tokens = .inclusive
        if isRun, facts[.input] == nil {
            call.facts = Self.runWords.facts(in: span.attributes)
            call.tokens = .exclusive
        }
        call.level = isSum ? .aggregate : .call
        call.authority = isSum ? .aggregate : .echo
        call.isFailure = span.status == 2
        var observation = reading.observation(of: span, call, by: self)
        // It is sent beside the calls of its run, not around them.
        if isRun, span.parent != 0, let place = observation.place {
            observation.place = .ofParent(span.parent, trace: place.trace)
        }
        return observation
    }

    func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint? {
        guard let role = role(of: point) else { return nil }
        let service = CallFacts(Self.words.facts(in: point.attributes)).service()
        var counter = CounterFacts(role, of: service, tokenType: Self.tokenType)
        counter.authority = .leading
        return reading.counter(point, counter, by: self)
    }

    private func role(of point: PointRecord) -> CounterReading.Role? {
        if point.metric == "openclaw.cost.usd" { return .cost }
        guard point.metric == "openclaw.tokens" else { return nil }
        return switch point.attributes[Self.tokenType] {
        case .string("input"): .input
        case .string("output"): .output
        case .string("cache_read"): .cacheRead
        case .string("cache_write"): .cacheWrite
        default: nil
        }
    }
}
