import OutlayCore

/// goose: spans by the conventions; the span of a turn repeats what the calls in it used.
struct Goose: ConventionProfile {
    let name = "goose"

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("goose") || context.resource.text("service.name") == "goose"
    }

    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature {
        let nature = SpanNature(facts)
        guard nature == .call, ["turn", "reply", "session"].contains(span.name) else { return nature }
        return .aggregate
    }
}
