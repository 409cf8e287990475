import OutlayCore

/// Cline: one log for each request, its buckets disjoint.
///
/// Other events with tokens (`task.completed`, `task.conversation_turn`) are sums of these and not read.
struct Cline: EmitterProfile {
    let name = "cline"
    let bodies = ["task.tokens"]

    var attributes: [String] { Self.words.names + ["ulid"] }

    /// As the program writes them, and as its documentation does.
    private static let words = Vocabulary([
        (.input, ["tokensIn", "tokens_in"]), (.output, ["tokensOut", "tokens_out"]),
        (.cacheRead, ["cacheReadTokens", "cache_read_tokens", "cached_tokens"]),
        (.cacheWrite, ["cacheWriteTokens", "cache_write_tokens"]),
        (.cost, ["totalCost", "total_cost", "cost"]),
        (.provider, ["provider", "apiProvider", "api_provider"]), (.requestModel, ["model", "modelId", "model_id"]),
    ])

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("cline") || context.resource.text("service.name")?.hasPrefix("cline") == true
    }

    func observation(of log: LogRecord, in reading: RecordReading) -> Observation? {
        let event = log.body ?? log.attributes.text("event.name") ?? log.eventName
        guard event == "task.tokens" else { return nil }
        var call = CallFacts(Self.words.facts(in: log.attributes))
        call.tokens = .exclusive
        var observation = reading.observation(of: log, named: event, call, by: self)
        if observation.place == nil, let task = log.attributes.text("ulid") {
            observation.claims.append(TelemetryClaim(.run, task, reach: .resource, attribute: "ulid"))
        }
        return observation
    }
}
