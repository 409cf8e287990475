/// An emitter of telemetry that an operator describes, because no profile of the program knows it.
package struct EmitterSettings: Hashable, Sendable {
    /// What an attribute can be named for.
    package enum Word: String, Hashable, Sendable, CaseIterable {
        case input, output, total
        case cacheRead = "cache_read"
        case cacheWrite = "cache_write"
        case reasoning, cost, provider, model
        case requestedModel = "requested_model"
        case responseID = "response_id"
        case requestID = "request_id"
        case operation, tool
    }

    /// What the points of a metric can count.
    package enum Counted: String, Hashable, Sendable, CaseIterable {
        case input
        case inputWithCache = "input_with_cache"
        case cacheRead = "cache_read"
        case cacheWrite = "cache_write"
        case output, reasoning, cost

        package var role: CounterReading.Role {
            switch self {
            case .input: .input
            case .inputWithCache: .inputWithCache
            case .cacheRead: .cacheRead
            case .cacheWrite: .cacheWrite
            case .output: .output
            case .reasoning: .reasoning
            case .cost: .cost
            }
        }
    }

    /// The signal that is believed: calls of the others count only while it is silent.
    package enum Leading: String, Hashable, Sendable, CaseIterable {
        case span, log, metric
    }

    /// A metric whose points count something.
    package struct Metric: Hashable, Sendable {
        package var name: String
        /// The attribute that tells kinds of tokens apart; `nil` where the metric counts one kind.
        package var typeAttribute: String?
        /// What each value of it counts; under `""` what the metric counts without such an attribute.
        package var counts: [String: Counted]

        package init(name: String, typeAttribute: String? = nil, counts: [String: Counted]) {
            self.name = name
            self.typeAttribute = typeAttribute
            self.counts = counts
        }
    }

    package var name: String
    /// Patterns of the scopes and services it speaks for.
    package var scopes: [String]
    package var services: [String]
    package var leading = Leading.span
    /// Whether the count of a prompt has its cached tokens in it; `nil` where the counts shall tell.
    package var inputIncludesCache: Bool?
    /// The attributes of each fact, the one that counts first; facts without are under the conventions' names.
    package var attributes: [Word: [String]] = [:]
    /// Names of events whose logs are calls.
    package var events: [String] = []
    /// Names of spans that sum up the calls below them.
    package var sums: [String] = []
    package var metrics: [Metric] = []

    package init(name: String, scopes: [String] = [], services: [String] = []) {
        self.name = name
        self.scopes = scopes
        self.services = services
    }
}
