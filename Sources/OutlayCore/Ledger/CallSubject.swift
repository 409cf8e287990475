/// What a call is attributed to, before or after it was made: the one answer to "which value has this dimension?".
///
/// Reports group by it, budgets and policies match by it, so that one call is never counted by one name and refused by
/// another.
package struct CallSubject: Hashable, Sendable {
    package var service: ServiceUse
    package var attribution: Attribution

    package init(service: ServiceUse, attribution: Attribution) {
        self.service = service
        self.attribution = attribution
    }

    package func value(of dimension: Dimension) -> String? {
        Self.value(of: dimension, service: service, attribution: attribution)
    }

    /// What the call itself answers (provider, model, key …) beats a tag of the same name.
    ///
    /// The workspace is the key's; the model is the served one, or the requested one where no answer named it.
    package static func value(of dimension: Dimension, service: ServiceUse, attribution: Attribution) -> String? {
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

extension CostEvent {
    /// The value of `dimension`, or `nil` where the event has none.
    package func value(of dimension: Dimension) -> String? {
        CallSubject.value(of: dimension, service: service, attribution: attribution)
    }
}
