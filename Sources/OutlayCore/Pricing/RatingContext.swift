/// What chooses between the rates of one model, besides the model and the time.
///
/// Names are those of `outlay price rate --context`. What the response says beats what was requested,
/// and both beat what the upstream's configuration says.
package struct RatingContext: Hashable, Sendable {
    /// `flex`, `priority`, `fast`, `ultrafast`; `default`, `standard` and `auto` are the plain rate.
    package var serviceTier: String?
    /// `batch`.
    package var processing: String?
    /// `fast` (Anthropic).
    package var speed: String?
    /// `us` (Anthropic).
    package var inferenceGeo: String?
    /// `eu`, `us` … (OpenAI regional processing).
    package var dataResidency: String?
    /// The upstream's host, where it shows the region: `eu.api.openai.com`.
    package var apiHost: String?
    /// `GlobalStandard`, `DataZoneStandard-US`, `ProvisionedManaged` … (Azure).
    package var deploymentType: String?
    /// The cloud region or location: `us-east-1`, `europe-west4`, `global` (Vertex, Bedrock, Mistral).
    package var region: String?
    /// `30m` or `12h`: lifetime of cache writes that the response does not split.
    package var cacheTTL: String?

    package init() {}

    /// The context names, in the order they are printed.
    package static let fields: [(name: String, path: any WritableKeyPath<RatingContext, String?> & Sendable)] = [
        ("service_tier", \.serviceTier), ("processing", \.processing), ("speed", \.speed),
        ("inference_geo", \.inferenceGeo), ("data_residency", \.dataResidency), ("api_host", \.apiHost),
        ("deployment_type", \.deploymentType), ("region", \.region), ("cache_ttl", \.cacheTTL),
    ]

    /// Whether nothing is known.
    private var isPlain: Bool {
        serviceTier == nil && processing == nil && speed == nil && inferenceGeo == nil && dataResidency == nil
            && apiHost == nil && deploymentType == nil && region == nil && cacheTTL == nil
    }

    /// Whatever `other` knows wins over what this context says.
    package func overridden(by other: RatingContext) -> RatingContext {
        if other.isPlain { return self }
        if isPlain { return other }
        // Field by field: this is asked several times per call, and key paths cost more than the rest of rating.
        var merged = other
        merged.serviceTier = other.serviceTier ?? serviceTier
        merged.processing = other.processing ?? processing
        merged.speed = other.speed ?? speed
        merged.inferenceGeo = other.inferenceGeo ?? inferenceGeo
        merged.dataResidency = other.dataResidency ?? dataResidency
        merged.apiHost = other.apiHost ?? apiHost
        merged.deploymentType = other.deploymentType ?? deploymentType
        merged.region = other.region ?? region
        merged.cacheTTL = other.cacheTTL ?? cacheTTL
        return merged
    }
}
