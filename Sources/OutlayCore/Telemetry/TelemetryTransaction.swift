/// A ledger that keeps what telemetry observed beside what it booked of it.
package protocol TelemetryLedger: Ledger {
    /// Makes an event ready to be booked: what takes time and asks no table, outside any transaction.
    ///
    /// - Throws: ``LedgerError/unbookable(id:reason:)``.
    func ready(_ event: CostEvent) throws(LedgerError) -> any ReadyEvent

    /// Runs `body` in the transaction that books the events it returns: all of it is kept, or nothing.
    ///
    /// - Returns: the events and what became of them.
    func record(
        _ body: @escaping @Sendable (any TelemetryTransaction) throws -> [any ReadyEvent]
    ) async throws(LedgerError) -> RecordedTelemetry

    /// What each emitter of each key sent so far, by name.
    func telemetrySources() async throws(LedgerError) -> [TelemetrySource]

    /// Which telemetry reported the event's call, each as its emitter and signal: `claude-code log`.
    func reports(of event: CostEvent) async throws(LedgerError) -> [String]

    /// What one run cost, with the spans that are known of it; `nil` when nothing was booked with that run.
    func runTree(_ run: String) async throws(LedgerError) -> RunTree?

    /// Forgets observations received before `time`; the ledger's identities still keep their events from coming twice.
    func forgetTelemetry(receivedBefore time: Timestamp) async throws(LedgerError)
}

/// An event as the ledger that made it ready will book it.
package protocol ReadyEvent: AnyObject, Sendable {
    var event: CostEvent { get }
}

package struct RecordedTelemetry: Sendable {
    private let ready: [any ReadyEvent]
    package let result: AppendResult

    package init(_ ready: [any ReadyEvent], result: AppendResult) {
        self.ready = ready
        self.result = result
    }

    /// What was to be booked; copied anew each time, so that the writer need not.
    package var events: [CostEvent] { ready.map(\.event) }
}

/// What the desk may ask and change inside one transaction.
package protocol TelemetryTransaction: CounterKeeping {
    /// The number of the source, made when it is new.
    func source(_ name: TelemetrySourceName) throws -> Int64
    func sourceName(_ source: Int64) throws -> TelemetrySourceName?
    func note(_ counts: TelemetryCounts, of source: Int64, emitter: String, at time: Timestamp) throws

    /// Keeps an observation, unless it is already there.
    func keep(_ row: ObservationRow) throws -> KeepOutcome
    /// Keeps an observation that is known to be new: its group was empty before this transaction.
    func add(_ row: ObservationRow) throws
    func observations(in group: UInt128) throws -> [KeptObservation]
    /// Groups with observations received since then, at most `limit`, the latest first.
    func groups(receivedSince time: Timestamp, limit: Int) throws -> [HeldGroup]
    /// Those of the groups that have an observation.
    func kept(among groups: [UInt128]) throws -> Set<UInt128>
    /// Those of the names that some observation has.
    func told(among names: [UInt128]) throws -> Set<UInt128>
    func count(in group: UInt128) throws -> Int
    func contains(_ identity: UInt128, in group: UInt128) throws -> Bool
    /// Other groups that have an observation of one of those names.
    func groups(named names: [UInt128]) throws -> Set<UInt128>
    func setStanding(_ standing: TelemetryStanding, of identity: UInt128, in group: UInt128) throws

    /// Looks at the group again at `due`.
    func hold(_ group: HeldGroup, of emitter: String, until due: Timestamp) throws
    func release(_ group: HeldGroup) throws
    /// Groups whose time has come, the longest waiting first.
    func due(at time: Timestamp, limit: Int) throws -> [HeldGroup]

    /// Notes that the scope was heard in that minute by a signal of that authority.
    ///
    /// - Returns: `false` when that was known.
    func notePresence(_ presence: TelemetryPresence) throws -> Bool
    /// Who was heard in those minutes by a better signal than `authority`, each as its instance.
    func presences(of scope: UInt128, in minutes: ClosedRange<Int64>, above authority: Authority) throws -> [String]
    /// Notes that something of the group gives way to better signals heard in those minutes.
    func noteContest(_ contest: TelemetryContest) throws
    func contests(in minute: Int64, of scope: UInt128, below authority: Authority) throws -> [TelemetryContest]

    /// What counts now of the event: itself, or what replaced it; `nil` when it was taken back.
    func standing(of id: EventID) throws -> CostEvent?
    /// The gateway's call by one of its names, in that workspace.
    func gatewayCall(_ names: CallNames, near span: Range<Timestamp>, workspace: String) throws -> CostEvent?
}

/// Where counters are kept between exports.
package protocol CounterKeeping {
    func counterGroup(_ group: UInt128) throws -> KeptCounters?
    func put(_ counters: KeptCounters, for group: UInt128) throws
    func counterExport(_ group: UInt128, at time: UInt64) throws -> KeptExport?
    /// The nearest export before or after `time` that has a point of the series.
    func counterExport(
        _ group: UInt128,
        from time: UInt64,
        isBefore: Bool,
        having entry: CounterExport.Entry
    ) throws -> KeptExport?
    func put(_ export: KeptExport, in group: UInt128, at time: Timestamp) throws
}

package enum KeepOutcome: Hashable, Sendable {
    case new
    case duplicate
    /// The same identity with other content; the first stays.
    case conflict
}

/// An observation as it is written, its body encoded.
package struct ObservationRow: Sendable {
    package var identity: UInt128
    package var body: [UInt8]
    /// The keys of its names, of its source.
    package var names: [UInt128]
    package var group: UInt128
    package var source: Int64
    package var receivedAt: Timestamp
    package var standing = TelemetryStanding()

    package init(
        identity: UInt128,
        body: [UInt8],
        names: [UInt128],
        group: UInt128,
        source: Int64,
        receivedAt: Timestamp
    ) {
        self.identity = identity
        self.body = body
        self.names = names
        self.group = group
        self.source = source
        self.receivedAt = receivedAt
    }
}

/// An observation as it is kept.
package struct KeptObservation: Hashable, Sendable {
    package var observation: Observation
    package var group: UInt128
    package var receivedAt: Timestamp
    package var standing: TelemetryStanding

    package init(
        observation: Observation,
        group: UInt128,
        receivedAt: Timestamp,
        standing: TelemetryStanding = TelemetryStanding()
    ) {
        self.observation = observation
        self.group = group
        self.receivedAt = receivedAt
        self.standing = standing
    }
}

/// Whether an event stands for an observation or export, and which revision of it.
package struct TelemetryStanding: Hashable, Sendable {
    /// How often something was booked or taken back; 0 for never.
    package var revision: Int64
    /// By what it was booked, see ``ProjectedCall/inputs``; `nil` while nothing stands.
    package var inputs: UInt64?

    package init(revision: Int64 = 0, inputs: UInt64? = nil) {
        self.revision = revision
        self.inputs = inputs
    }
}

package struct KeptCounters: Hashable, Sendable {
    package var group: CounterGroup
    package var source: Int64
    package var series: [CounterSeries]

    package init(group: CounterGroup, source: Int64, series: [CounterSeries] = []) {
        self.group = group
        self.source = source
        self.series = series
    }
}

package struct KeptExport: Hashable, Sendable {
    package var export: CounterExport
    package var standing: TelemetryStanding

    package init(export: CounterExport, standing: TelemetryStanding = TelemetryStanding()) {
        self.export = export
        self.standing = standing
    }
}

/// Something that waits for better signals before it counts.
package struct HeldGroup: Hashable, Sendable {
    package var group: UInt128
    package var source: Int64
    /// The export of a counter; `nil` for a group of observations.
    package var export: UInt64?

    package init(group: UInt128, source: Int64, export: UInt64? = nil) {
        self.group = group
        self.source = source
        self.export = export
    }
}

/// One emitter was heard in one minute.
package struct TelemetryPresence: Hashable, Sendable {
    /// The key and the emitter.
    package var scope: UInt128
    /// Minutes since 1970.
    package var minute: Int64
    package var authority: Authority
    package var instance: String

    package init(scope: UInt128, minute: Int64, authority: Authority, instance: String) {
        self.scope = scope
        self.minute = minute
        self.authority = authority
        self.instance = instance
    }
}

/// Something that gives way to better signals of its emitter, heard in its time.
package struct TelemetryContest: Hashable, Sendable {
    package var scope: UInt128
    package var minutes: ClosedRange<Int64>
    package var authority: Authority
    package var instance: String
    package var held: HeldGroup

    package init(
        scope: UInt128,
        minutes: ClosedRange<Int64>,
        authority: Authority,
        instance: String,
        held: HeldGroup
    ) {
        self.scope = scope
        self.minutes = minutes
        self.authority = authority
        self.instance = instance
        self.held = held
    }
}
