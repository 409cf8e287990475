/// What one value of a call's context means for its price.
///
/// Rules of a provider are asked in order, per field; the first that matches the value and the model counts.
package struct ContextRule: Hashable, Sendable {
    package enum Meaning: Hashable, Sendable {
        /// The plain rates.
        case standard
        /// Paid by capacity, not by token: the call itself costs nothing more.
        case committed
        /// Nobody published what it costs: unpriced.
        case unknown
        /// A mode of the model's prices.
        case mode(String)
    }

    package var field: RatingContextField
    package var values: [NamePattern]
    package var meaning: Meaning
    /// An uplift on all token rates, `nil` for none.
    package var factor: Ratio?
    /// The models it holds for; empty for all.
    package var models: [NamePattern]

    package init(
        field: RatingContextField,
        values: [NamePattern],
        meaning: Meaning = .standard,
        factor: Ratio? = nil,
        models: [NamePattern] = []
    ) {
        self.field = field
        self.values = values
        self.meaning = meaning
        self.factor = factor
        self.models = models
    }

    func fits(_ value: String) -> Bool {
        values.contains { $0.matches(value) }
    }
}

/// The fields of ``RatingContext`` that prices can depend on, under the names of `--context`.
package enum RatingContextField: String, Hashable, Sendable, CaseIterable {
    case serviceTier = "service_tier"
    case processing
    case speed
    case inferenceGeo = "inference_geo"
    case dataResidency = "data_residency"
    case apiHost = "api_host"
    case deploymentType = "deployment_type"
    case region

    /// Whether a value without a rule names a mode, which the model then must have a price for.
    var namesMode: Bool {
        self == .serviceTier || self == .processing || self == .speed
    }

    func value(in context: RatingContext) -> String? {
        switch self {
        case .serviceTier: context.serviceTier
        case .processing: context.processing
        case .speed: context.speed
        case .inferenceGeo: context.inferenceGeo
        case .dataResidency: context.dataResidency
        case .apiHost: context.apiHost
        case .deploymentType: context.deploymentType
        case .region: context.region
        }
    }
}

/// What a call's context comes to for one model.
struct Circumstances: Hashable {
    var mode: String?
    var factor = Ratio.one
    var isCommitted = false
    var isUnknown = false

    static let plain = Circumstances()

    mutating func apply(_ rule: ContextRule) {
        apply(rule.meaning)
        if let uplift = rule.factor, factor < uplift { factor = uplift }
    }

    mutating func apply(_ meaning: ContextRule.Meaning) {
        switch meaning {
        case .standard: break
        case .committed: isCommitted = true
        case .unknown: isUnknown = true
        case .mode(let name): add(name)
        }
    }

    /// Two different modes at once (fast in a batch) have no published price.
    private mutating func add(_ name: String) {
        if let mode, mode != name { isUnknown = true }
        mode = name
    }
}
