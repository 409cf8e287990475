import OutlayCore

/// OpenLIT: spans lead, an event repeats each, histograms repeat all.
///
/// It passes on each provider's own counts: Anthropic's without cache, Google's answers without thoughts.
struct OpenLIT: ConventionProfile {
    let name = "openlit"

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("openlit")
    }

    func tokens(_ facts: Facts) -> TokenConvention {
        switch CallFacts(facts).provider {
        case "anthropic": .exclusive
        case "google": .google
        case "openai", "azure": .inclusive
        default: .unsaid
        }
    }
}
