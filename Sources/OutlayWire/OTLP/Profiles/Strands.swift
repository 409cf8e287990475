import OutlayCore

/// Strands Agents: spans named `chat` lead; agents and cycles of their loop repeat them.
///
/// Old and new names stand side by side, and the "system" is Strands itself: the model tells the provider. Its
/// histograms have no attributes at all, so what they count has no model.
struct Strands: ConventionProfile {
    let name = "strands"
    let metrics = ["strands.event_loop.*"]

    var vocabulary: Vocabulary { Self.words }

    private static let words = Vocabulary([
        // Milliseconds, other than everywhere else.
        (.firstTokenMilliseconds, ["gen_ai.server.time_to_first_token"]), (.firstTokenSeconds, []),
    ]).over(.genAI)

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("strands")
    }

    func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint? {
        let role: CounterReading.Role
        switch point.metric {
        case "strands.event_loop.input.tokens": role = .input
        case "strands.event_loop.output.tokens": role = .output
        case "strands.event_loop.cache_read.input.tokens": role = .cacheRead
        case "strands.event_loop.cache_write.input.tokens": role = .cacheWrite
        default: return nil
        }
        let service = CallFacts(vocabulary.facts(in: point.attributes)).service()
        return reading.counter(point, CounterFacts(role, of: service), by: self)
    }
}
