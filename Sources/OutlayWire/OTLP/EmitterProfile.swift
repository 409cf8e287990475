package import OutlayCore

/// How one emitter's records are understood: one small file for each, under `Profiles/`.
///
/// A profile is asked about records of the scopes and services it ``recognises(_:)``; the first that does, speaks. It
/// reads attributes by name, says which signal leads, and leaves everything else to the projection.
package protocol EmitterProfile: Sendable {
    /// The emitter's name in sources, events and the guide, such as `claude-code`.
    var name: String { get }
    /// Attributes it reads beside the names of the GenAI conventions; `*` at the end stands for any rest.
    var attributes: [String] { get }
    /// Texts of log bodies it wants to see, such as `claude_code.api_request`.
    var bodies: [String] { get }

    func recognises(_ context: RecordContext) -> Bool

    /// What the span says, or `nil` where it says nothing about calls; the reading then keeps it as a bare step.
    func observation(of span: SpanRecord, in reading: RecordReading) -> Observation?
    func observation(of log: LogRecord, in reading: RecordReading) -> Observation?
    func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint?
}

/// A counter's point and what it is about.
package struct CounterPoint: Hashable, Sendable {
    package var group: CounterGroup
    package var reading: CounterReading

    package init(group: CounterGroup, reading: CounterReading) {
        self.group = group
        self.reading = reading
    }
}
