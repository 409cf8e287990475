extension Observation {
    /// What an observation says, all of it.
    package struct Parts: Hashable, Sendable {
        package var identity: UInt128
        package var emitter: String
        package var signal: Signal
        package var level: Level
        package var authority: Authority
        package var place: TracePlace?
        package var start: Timestamp
        package var end: Timestamp
        package var service: ServiceUse
        package var metering: Metering
        package var reportedCost: Money?
        package var isNotional = false
        package var isCacheHit = false
        package var outcome = CallOutcome()
        package var links = CallLinks()
        package var names: [String] = []
        package var claims: [TelemetryClaim] = []
        package var instance: [String: String] = [:]
        package var title = ""
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
}

extension Observation {
    /// The same for the same report, however often and in whatever encoding it is sent.
    package var identity: UInt128 {
        get { shared.parts.identity }
        set { parts.identity = newValue }
    }

    /// The profile that read it, such as `claude-code`.
    package var emitter: String {
        get { shared.parts.emitter }
        set { parts.emitter = newValue }
    }

    package var signal: Signal {
        get { shared.parts.signal }
        set { parts.signal = newValue }
    }

    package var level: Level {
        get { shared.parts.level }
        set { parts.level = newValue }
    }

    /// How far its emitter is believed about a call; of several reports of one call the most believed counts.
    package var authority: Authority {
        get { shared.parts.authority }
        set { parts.authority = newValue }
    }

    /// Where it stands in its trace; `nil` for reports outside any.
    package var place: TracePlace? {
        get { shared.parts.place }
        set { parts.place = newValue }
    }

    package var start: Timestamp {
        get { shared.parts.start }
        set { parts.start = newValue }
    }

    package var end: Timestamp {
        get { shared.parts.end }
        set { parts.end = newValue }
    }

    package var service: ServiceUse {
        get { shared.parts.service }
        set { parts.service = newValue }
    }

    /// `unmetered` for a call that reported no usage: never a count of 0.
    package var metering: Metering {
        get { shared.parts.metering }
        set { parts.metering = newValue }
    }

    package var reportedCost: Money? {
        get { shared.parts.reportedCost }
        set { parts.reportedCost = newValue }
    }

    /// A subscription covers it.
    package var isNotional: Bool {
        get { shared.parts.isNotional }
        set { parts.isNotional = newValue }
    }

    /// A cache of the caller's own answered: nothing was spent, and the metering says what was saved.
    package var isCacheHit: Bool {
        get { shared.parts.isCacheHit }
        set { parts.isCacheHit = newValue }
    }

    package var outcome: CallOutcome {
        get { shared.parts.outcome }
        set { parts.outcome = newValue }
    }

    package var links: CallLinks {
        get { shared.parts.links }
        set { parts.links = newValue }
    }

    /// Texts that two reports of one call share, each with its kind: `response:msg_1`, `request:req_1`.
    package var names: [String] {
        get { shared.parts.names }
        set { parts.names = newValue }
    }

    /// What it says of whom it belongs to, the nearest statement first.
    package var claims: [TelemetryClaim] {
        get { shared.parts.claims }
        set { parts.claims = newValue }
    }

    /// What tells the processes of one emitter apart, by attribute: `service.name`, `session.id`.
    package var instance: [String: String] {
        get { shared.parts.instance }
        set { parts.instance = newValue }
    }

    /// A span's name, shown in the tree of a run; never a prompt.
    package var title: String {
        get { shared.parts.title }
        set { parts.title = newValue }
    }

    /// The tool that a step ran.
    package var tool: String? {
        get { shared.parts.tool }
        set { parts.tool = newValue }
    }
}
