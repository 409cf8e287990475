/// One point of a counter or histogram, as a profile understands it.
///
/// Points of one group and time belong to one export, and together make one event: the tokens of each kind, their cost
/// and the number of calls.
package struct CounterReading: Hashable, Sendable {
    /// What a point counts.
    package enum Role: UInt8, Hashable, Sendable, CaseIterable {
        /// Prompt tokens without those of a cache.
        case input
        /// Prompt tokens, those of a cache among them.
        case inputWithCache
        case cacheRead
        case cacheWrite
        /// Tokens of the answer, those of reasoning among them.
        case output
        /// Tokens of reasoning that ``output`` leaves out.
        case reasoning
        /// US dollars, in picodollars.
        case cost
    }

    /// Whether points tell what was added since the last one, or since the start.
    package enum Temporality: UInt8, Hashable, Sendable {
        case delta, cumulative
    }

    /// What all points of one export share: emitter, process and every attribute but the kind of token.
    package var group: UInt128
    package var role: Role
    package var temporality: Temporality
    /// When the series began, in nanoseconds since 1970; 0 where the emitter does not say.
    package var start: UInt64
    package var time: UInt64
    /// Tokens, or picodollars; never negative.
    package var value: Int64
    /// How many calls a histogram counted; `nil` for counters.
    package var calls: Int64?

    package init(
        group: UInt128,
        role: Role,
        temporality: Temporality,
        start: UInt64,
        time: UInt64,
        value: Int64,
        calls: Int64? = nil
    ) {
        self.group = group
        self.role = role
        self.temporality = temporality
        self.start = start
        self.time = time
        self.value = value
        self.calls = calls
    }
}

/// What a group of counters is about: everything of its events but the amounts and the time.
package struct CounterGroup: Hashable, Sendable {
    package var emitter: String
    package var authority: Authority
    package var service: ServiceUse
    package var claims: [TelemetryClaim]
    package var instance: [String: String]
    package var isNotional: Bool

    package init(
        emitter: String,
        authority: Authority,
        service: ServiceUse,
        claims: [TelemetryClaim] = [],
        instance: [String: String] = [:],
        isNotional: Bool = false
    ) {
        self.emitter = emitter
        self.authority = authority
        self.service = service
        self.claims = claims
        self.instance = instance
        self.isNotional = isNotional
    }
}
