/// One statement of a caller about a call: this dimension has this value.
package struct Claim: Hashable, Sendable {
    /// Who said it, the strongest first.
    package enum Source: Int, Hashable, Comparable, Sendable, CaseIterable {
        /// A JWT whose signature was verified.
        case token
        /// A request header (`X-Team`, `X-Outlay-Tags`).
        case header
        /// W3C `baggage`.
        case baggage
        /// The provider's own metadata fields in the request body.
        case metadata
        /// A telemetry attribute.
        case telemetry
        /// An imported row or an API event.
        case event

        package static func < (left: Source, right: Source) -> Bool {
            left.rawValue < right.rawValue
        }

        var origin: TagOrigin.Source {
            switch self {
            case .token: .token
            case .header: .header
            case .baggage: .baggage
            case .metadata: .metadata
            case .telemetry: .telemetry
            case .event: .event
            }
        }
    }

    package let dimension: Dimension
    package let value: String
    package let source: Source
    /// What exactly said it: the header's or attribute's name as it was written.
    package let detail: String

    package init(_ dimension: Dimension, _ value: String, from source: Source, detail: String = "") {
        self.dimension = dimension
        self.value = value
        self.source = source
        self.detail = detail
    }
}

/// Everything a call says about whom it belongs to, before any rule looked at it.
///
/// Filled by ``AttributionResolver/collect(header:value:into:)`` and its siblings, or directly.
package struct Claims: Hashable, Sendable {
    /// In the order they were found; of two equally strong ones the first counts.
    package private(set) var entries: [Claim] = []
    /// What a dimension is when nothing else, not even a default, says so: a run named by its trace.
    package private(set) var fallbacks: [Claim] = []
    /// Dimensions with a claim that had to be dropped: too long, control characters, too many.
    package private(set) var dropped: [Dimension] = []
    /// The request path below the upstream prefix.
    package var path: String?
    /// The `Host` header.
    package var host: String?
    /// The end user, where the request body names one in plain text (`user`, `safety_identifier`).
    package var user: String?

    /// The most statements of one call that are looked at.
    package static let countMax = 128

    package init(path: String? = nil, host: String? = nil, user: String? = nil) {
        self.path = path
        self.host = host
        self.user = user
    }

    /// Adds a claim; an empty one says nothing, an unusable one is noted in ``dropped``.
    ///
    /// That people approved a call is never taken from the caller.
    package mutating func add(_ dimension: Dimension, _ value: String, from source: Claim.Source, detail: String = "") {
        guard let value = TagText.cleaned(value), entries.count < Self.countMax, dimension != .approval else {
            return drop(dimension)
        }
        guard !value.isEmpty else { return }
        entries.append(Claim(dimension, value, from: source, detail: detail))
    }

    /// Names a value that counts only when no claim, rule or default gives one.
    package mutating func addFallback(_ dimension: Dimension, _ value: String, detail: String) {
        guard let value = TagText.cleaned(value), !value.isEmpty else { return }
        fallbacks.append(Claim(dimension, value, from: .header, detail: detail))
    }

    /// Notes that a claim of `dimension` could not be used.
    package mutating func drop(_ dimension: Dimension) {
        if dropped.count < TagText.tagsMax, !dropped.contains(dimension) { dropped.append(dimension) }
    }

    /// The claims by strength, equally strong ones in the order they were found.
    var strongestFirst: [Claim] {
        let isInOrder = zip(entries, entries.dropFirst()).allSatisfy { $0.source <= $1.source }
        guard !isInOrder else { return entries }
        return Claim.Source.allCases.flatMap { source in entries.filter { $0.source == source } }
    }
}
