import OutlayCore

/// The spans of Anthropic's own SDK, which saw the answer itself: more believed than anybody around it.
struct AnthropicSDK: ConventionProfile {
    let name = "anthropic-sdk"
    let spanAuthority = Authority.native

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("com.anthropic.sdk")
    }

    func tokens(_ facts: Facts) -> TokenConvention { .inclusive }

    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature {
        if span.name.hasSuffix("count_tokens") { return .freeCall }
        let nature = SpanNature(facts)
        // Batches and lists of models are requests too, and use nothing.
        return nature == .call && !facts.hasCounts && !span.name.contains("messages.") ? .step : nature
    }
}
