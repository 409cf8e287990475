/// What chooses between the rates of one model, besides the model and the time.
///
/// Names are those of `outlay price rate --context`. What the response says beats what was requested,
/// and both beat what the upstream's configuration says.
package struct RatingContext: Hashable, Sendable {
    /// Behind one reference, as every call hands its context on; `nil` while nothing is known.
    private var known: Known?

    /// `flex`, `priority`, `fast`, `ultrafast`; `default`, `standard` and `auto` are the plain rate.
    package var serviceTier: String? {
        get { known?.values.serviceTier }
        set { change { $0.serviceTier = newValue } }
    }
    /// `batch`.
    package var processing: String? {
        get { known?.values.processing }
        set { change { $0.processing = newValue } }
    }
    /// `fast` (Anthropic).
    package var speed: String? {
        get { known?.values.speed }
        set { change { $0.speed = newValue } }
    }
    /// `us` (Anthropic).
    package var inferenceGeo: String? {
        get { known?.values.inferenceGeo }
        set { change { $0.inferenceGeo = newValue } }
    }
    /// `eu`, `us` … (OpenAI regional processing).
    package var dataResidency: String? {
        get { known?.values.dataResidency }
        set { change { $0.dataResidency = newValue } }
    }
    /// The upstream's host, where it shows the region: `eu.api.openai.com`.
    package var apiHost: String? {
        get { known?.values.apiHost }
        set { change { $0.apiHost = newValue } }
    }
    /// `GlobalStandard`, `DataZoneStandard-US`, `ProvisionedManaged` … (Azure).
    package var deploymentType: String? {
        get { known?.values.deploymentType }
        set { change { $0.deploymentType = newValue } }
    }
    /// The cloud region or location: `us-east-1`, `europe-west4`, `global` (Vertex, Bedrock, Mistral).
    package var region: String? {
        get { known?.values.region }
        set { change { $0.region = newValue } }
    }
    /// `30m` or `12h`: lifetime of cache writes that the response does not split.
    package var cacheTTL: String? {
        get { known?.values.cacheTTL }
        set { change { $0.cacheTTL = newValue } }
    }

    package init() {}

    /// The context names, in the order they are printed.
    package static let fields: [(name: String, path: any WritableKeyPath<RatingContext, String?> & Sendable)] = [
        ("service_tier", \.serviceTier), ("processing", \.processing), ("speed", \.speed),
        ("inference_geo", \.inferenceGeo), ("data_residency", \.dataResidency), ("api_host", \.apiHost),
        ("deployment_type", \.deploymentType), ("region", \.region), ("cache_ttl", \.cacheTTL),
    ]

    /// Whatever `other` knows wins over what this context says.
    package func overridden(by other: RatingContext) -> RatingContext {
        guard let theirs = other.known?.values else { return self }
        guard let ours = known?.values else { return other }
        // Field by field: this is asked several times per call, and key paths cost more than the rest of rating.
        var merged = theirs
        merged.serviceTier = theirs.serviceTier ?? ours.serviceTier
        merged.processing = theirs.processing ?? ours.processing
        merged.speed = theirs.speed ?? ours.speed
        merged.inferenceGeo = theirs.inferenceGeo ?? ours.inferenceGeo
        merged.dataResidency = theirs.dataResidency ?? ours.dataResidency
        merged.apiHost = theirs.apiHost ?? ours.apiHost
        merged.deploymentType = theirs.deploymentType ?? ours.deploymentType
        merged.region = theirs.region ?? ours.region
        merged.cacheTTL = theirs.cacheTTL ?? ours.cacheTTL
        return RatingContext(merged)
    }
}

extension RatingContext {
    fileprivate struct Values: Hashable, Sendable {
        var serviceTier: String?
        var processing: String?
        var speed: String?
        var inferenceGeo: String?
        var dataResidency: String?
        var apiHost: String?
        var deploymentType: String?
        var region: String?
        var cacheTTL: String?
    }

    fileprivate final class Known: Sendable {
        let values: Values

        init(_ values: Values) {
            self.values = values
        }
    }

    private init(_ values: Values) {
        known = values == Values() ? nil : Known(values)
    }

    private mutating func change(_ body: (inout Values) -> Void) {
        var values = known?.values ?? Values()
        body(&values)
        self = RatingContext(values)
    }

    package static func == (left: RatingContext, right: RatingContext) -> Bool {
        left.known === right.known || left.known?.values == right.known?.values
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(known?.values)
    }
}
