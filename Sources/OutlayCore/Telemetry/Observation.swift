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

    /// Shared by all copies, so that an observation with its dozens of texts is handed on by one reference.
    private(set) var shared: Shared

    final class Shared: Sendable {
        let parts: Parts

        init(_ parts: Parts) {
            self.parts = parts
        }
    }

    package init(_ parts: Parts) {
        shared = Shared(parts)
    }

    /// Everything it says; whoever makes one fills these first.
    package var parts: Parts {
        get { shared.parts }
        set { shared = Shared(newValue) }
    }

    package static func == (left: Observation, right: Observation) -> Bool {
        left.shared === right.shared || left.parts == right.parts
    }

    package func hash(into hasher: inout Hasher) {
        parts.hash(into: &hasher)
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
