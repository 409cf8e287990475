/// What one emitter reported of one thing it did: a call, a sum over calls, or a step that calls belong to.
///
/// Observations are facts and never change; which of them become events is decided by ``TelemetryProjection`` from all
/// that are known, so the order in which they arrive does not matter.
package struct Observation: Hashable, Sendable {
    package enum Level: UInt8, Hashable, Sendable {
        /// One call to a provider.
        case call
        /// A sum over calls: counts only where no call below it was reported.
        case aggregate
        /// A step of a run, such as an agent or a tool: lends its place and its tags to the calls below it.
        case step
    }

    package enum Signal: UInt8, Hashable, Sendable, CaseIterable {
        case log, span, metric
    }

    /// The same for the same report, however often and in whatever encoding it is sent.
    package var identity: UInt128
    /// The profile that read it, such as `claude-code`.
    package var emitter: String
    package var signal: Signal
    package var level: Level
    /// How far its emitter is believed about a call; of several reports of one call the most believed counts.
    package var authority: Authority
    /// Where it stands in its trace; `nil` for reports outside any.
    package var place: TracePlace?
    package var start: Timestamp
    package var end: Timestamp
    package var service: ServiceUse
    /// `unmetered` for a call that reported no usage: never a count of 0.
    package var metering: Metering
    package var reportedCost: Money?
    /// A subscription covers it.
    package var isNotional = false
    /// A cache of the caller's own answered: nothing was spent, and the metering says what was saved.
    package var isCacheHit = false
    package var outcome = CallOutcome()
    package var links = CallLinks()
    /// Texts that two reports of one call share, each with its kind: `response:msg_1`, `request:req_1`.
    package var names: [String] = []
    /// What it says of whom it belongs to, the nearest statement first.
    package var claims: [TelemetryClaim] = []
    /// What tells the processes of one emitter apart, by attribute: `service.name`, `session.id`.
    package var instance: [String: String] = [:]
    /// A span's name, shown in the tree of a run; never a prompt.
    package var title = ""
    /// The tool that a step ran.
    package var tool: String?

    package init(
        identity: UInt128,
        emitter: String,
        signal: Signal,
        level: Level,
        authority: Authority,
        place: TracePlace? = nil,
        start: Timestamp,
        end: Timestamp,
        service: ServiceUse,
        metering: Metering
    ) {
        self.identity = identity
        self.emitter = emitter
        self.signal = signal
        self.level = level
        self.authority = authority
        self.place = place
        self.start = start
        self.end = end
        self.service = service
        self.metering = metering
    }
}

/// How far one signal of an emitter is believed, the least first.
///
/// A signal below the best of its emitter counts only for the time in which the better ones of the same process were
/// silent.
package enum Authority: UInt8, Hashable, Comparable, Sendable {
    /// A counter where calls are reported one by one elsewhere.
    case counter = 1
    /// A sum over calls.
    case aggregate = 2
    /// A report of single calls that repeats a better one.
    case echo = 3
    /// The signal its emitter is best believed by.
    case leading = 4
    /// The provider's own SDK, which sees the answer itself.
    case native = 5

    package static func < (left: Authority, right: Authority) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Where a report stands in its trace.
package struct TracePlace: Hashable, Sendable {
    /// Never 0.
    package var trace: UInt128
    /// Never 0.
    package var span: UInt64
    /// `nil` for the first span of a trace.
    package var parent: UInt64?

    package init(trace: UInt128, span: UInt64, parent: UInt64? = nil) {
        self.trace = trace
        self.span = span
        self.parent = parent
    }

    /// Where a sum stands that is sent *beside* the calls it sums up: in the place of the span around all of them.
    package static func ofParent(_ parent: UInt64, trace: UInt128) -> TracePlace {
        TracePlace(trace: trace, span: parent, parent: parent)
    }

    package var isOfParent: Bool { span == parent }
}

/// A tag that telemetry claims, and how near to the call it was said.
package struct TelemetryClaim: Hashable, Sendable {
    package enum Reach: UInt8, Hashable, Comparable, Sendable {
        /// On the record itself.
        case record
        case scope
        case resource

        package static func < (left: Reach, right: Reach) -> Bool { left.rawValue < right.rawValue }
    }

    package var dimension: Dimension
    package var value: String
    package var reach: Reach
    /// The attribute's name as it was written.
    package var attribute: String

    package init(_ dimension: Dimension, _ value: String, reach: Reach, attribute: String) {
        self.dimension = dimension
        self.value = value
        self.reach = reach
        self.attribute = attribute
    }
}
