/// A provider endpoint that calls are forwarded to.
package struct Upstream: Hashable, Sendable {
    package enum Dialect: String, Hashable, Sendable, CaseIterable {
        case openai
        case anthropic
        case gemini
        case azureOpenAI = "azure-openai"
        case openaiCompatible = "openai-compatible"
    }

    /// Where the provider's key comes from.
    package enum KeySource: Hashable, Sendable {
        /// `env:NAME`
        case environment(String)
        /// `file:PATH`
        case file(String)
        /// `vault:NAME`: stored by `outlay key` under the master key file.
        case vault(String)
        /// `client`: the caller brings it (`X-Outlay-Key` names the caller).
        case client
        /// No key is sent.
        case none
    }

    /// Reached as `/NAME/…` for the built-in names and as `/u/NAME/…`.
    package var name: String
    package var dialect: Dialect
    /// The price book's provider; from the dialect and host when not configured.
    package var provider: String
    /// Scheme, host, port and path prefix, without a trailing slash.
    package var baseURL: String
    package var key: KeySource
    /// What the responses do not say: region, residency, deployment type, fixed tiers.
    package var context: RatingContext
    /// Azure: deployment name → the model it serves.
    package var deployments: [String: String]
    /// Names of upstreams tried, in order, before the first byte of an answer.
    package var fallbacks: [String]
    /// Whether `stream_options.include_usage` is understood.
    package var acceptsIncludeUsage: Bool
    /// Whether closing the connection ends the bill; `nil` uses what is known of the provider.
    package var cancelStopsBilling: Bool?
    /// Whether effective tags are written into the provider's metadata field.
    package var writesMetadata: Bool
    /// PEM file of extra certificate authorities.
    package var certificateAuthorities: String?
    /// `http://host:port` of an outbound CONNECT proxy.
    package var proxy: String?
    /// How text becomes tokens where an answer has no usage; the first that fits the model counts.
    package var estimates: [Estimate]

    package init(name: String, dialect: Dialect, provider: String, baseURL: String, key: KeySource = .none) {
        self.name = name
        self.dialect = dialect
        self.provider = provider
        self.baseURL = baseURL
        self.key = key
        self.context = RatingContext()
        self.deployments = [:]
        self.fallbacks = []
        self.acceptsIncludeUsage = true
        self.cancelStopsBilling = nil
        self.writesMetadata = false
        self.certificateAuthorities = nil
        self.proxy = nil
        self.estimates = []
    }
}

extension Upstream {
    /// A configured way to estimate tokens, instead of the ratio that is learned from answers with usage.
    package struct Estimate: Hashable, Sendable {
        package enum Measure: Hashable, Sendable {
            case charactersPerToken(CharactersPerToken)
            /// A vocabulary in tiktoken's form, by its path.
            case tokenizer(file: String)
        }

        package var models: [NamePattern]
        package var measure: Measure

        package init(models: [NamePattern], measure: Measure) {
            self.models = models
            self.measure = measure
        }
    }
}
