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
        ValuePlace(dimension).value(service, attribution)
    }
}

extension CostEvent {
    /// The value of `dimension`, or `nil` where the event has none.
    package func value(of dimension: Dimension) -> String? {
        ValuePlace(dimension).value(service, attribution)
    }
}

/// Where a call keeps its value of one dimension; found once by whoever asks every call for the same.
///
/// What the call itself answers (provider, model, key …) beats a tag of the same name.
package enum ValuePlace: Hashable, Sendable {
    case provider, api, upstream, region
    /// The served one, or the requested one where no answer named it.
    case model
    case key
    /// The key's, always.
    case workspace
    case tag(Dimension)

    package init(_ dimension: Dimension) {
        self =
            switch dimension {
            case .provider: .provider
            case .api: .api
            case .upstream: .upstream
            case .model: .model
            case .region: .region
            case .key: .key
            case .workspace: .workspace
            default: .tag(dimension)
            }
    }

    package func value(_ service: ServiceUse, _ attribution: Attribution) -> String? {
        switch self {
        case .provider: service.provider
        case .api: service.api
        case .upstream: service.upstream
        case .model: service.model ?? service.requestedModel
        case .region: service.context.region
        case .key: attribution.key
        case .workspace: attribution.workspace
        case .tag(let dimension): attribution.effective[dimension]
        }
    }
}
