extension CostEvent {
    /// The value of `dimension`, or `nil` where the event has none.
    ///
    /// The one place that says what a report groups by. What the call itself answers (provider, model, key …)
    /// beats a tag of the same name; the workspace is the key's; the model is the served one, or the requested
    /// one where no answer named it.
    package func value(of dimension: Dimension) -> String? {
        switch dimension {
        case .provider: service.provider
        case .api: service.api
        case .upstream: service.upstream
        case .model: service.model ?? service.requestedModel
        case .region: service.context.region
        case .key: attribution.key
        case .workspace: attribution.workspace
        default: attribution.effective[dimension]
        }
    }
}
