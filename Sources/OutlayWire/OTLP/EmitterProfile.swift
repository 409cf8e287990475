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
    /// Attributes whose texts may be long, such as usage as JSON.
    var largeAttributes: [String] { get }
    /// Attributes whose texts are JSON of which only the `id` is read.
    var idAttributes: [String] { get }
    /// Texts of log bodies it wants to see, such as `claude_code.api_request`.
    var bodies: [String] { get }
    /// Metrics it reads; `*` at the end stands for any rest.
    var metrics: [String] { get }
    /// Attributes that tell its processes apart, beside those of the resource that everybody uses.
    var instanceAttributes: [String] { get }
    /// How its attributes are read as tags.
    var tagHabits: TagHabits { get }

    func recognises(_ context: RecordContext) -> Bool

    /// Whether a record from a scope that no profile recognises is this emitter's, by attributes only it writes.
    func owns(_ attributes: Attributes) -> Bool

    /// What the span says, or `nil` where it says nothing about calls; the reading then keeps it as a bare step.
    func observation(of span: SpanRecord, in reading: RecordReading) -> Observation?
    func observation(of log: LogRecord, in reading: RecordReading) -> Observation?
    func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint?
}

extension EmitterProfile {
    package var attributes: [String] { [] }
    package var largeAttributes: [String] { [] }
    package var idAttributes: [String] { [] }
    package var bodies: [String] { [] }
    package var metrics: [String] { [] }
    package var instanceAttributes: [String] { [] }
    package var tagHabits: TagHabits { TagHabits() }

    package func owns(_ attributes: Attributes) -> Bool { false }
    package func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? { nil }
    package func observation(of log: LogRecord, in reading: RecordReading) -> Observation? { nil }
    package func reading(of point: PointRecord, in reading: RecordReading) -> CounterPoint? { nil }
}

/// What is peculiar about an emitter's attributes where they are read as tags.
package struct TagHabits: Hashable, Sendable {
    /// Its user ids are hashes of machines: where it knows an e-mail address, that names the user.
    package var isUserMail = false
    /// Attributes that look like tags and mean something else.
    package var foreign: Set<String> = []

    package init(isUserMail: Bool = false, foreign: Set<String> = []) {
        self.isUserMail = isUserMail
        self.foreign = foreign
    }
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
