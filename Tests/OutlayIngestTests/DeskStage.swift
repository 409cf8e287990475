import Foundation
import OutlayCore
import OutlayIngest
import OutlayWire
import OutlaySQLite

/// A desk over a ledger in a folder of its own, with a clock that tests move.
final class DeskStage: Sendable {
    let folder: String
    let ledger: SQLiteLedger
    let desk: TelemetryDesk
    let clock: StageClock
    let terms: TelemetryTerms
    static let key = KeyRules(name: "agents", workspace: "platform", tags: [.environment: "production"])

    init(
        folder: String? = nil,
        tools: [ToolPrice] = [],
        clock: StageClock = StageClock(),
        projectsAhead: Bool = true
    ) throws {
        self.folder = folder ?? NSTemporaryDirectory() + "outlay-desk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        // Some events are in the indexes, some are remembered.
        ledger = try SQLiteLedger(path: self.folder + "/ledger.sqlite", eventsWaitingMax: 2)
        self.clock = clock
        var resources = Resources()
        resources.agents = [Agent(name: "writer", tags: [.team: "marketing"])]
        resources.tools = tools
        let rules = TelemetryRules(resources, pricing: PennyPricing(), form: { $0 })
        let terms = TelemetryTerms(rules: rules) { _ in DeskStage.key }
        self.terms = terms
        desk = TelemetryDesk(ledger: ledger, now: clock.now, projectsAhead: projectsAhead) { terms }
    }

    func remove() throws {
        try FileManager.default.removeItem(atPath: folder)
    }

    func send(_ observations: Observation...) async throws {
        try await send(observations)
    }

    func send(_ observations: [Observation], points: [CounterPoint] = []) async throws {
        _ = try await desk.book(TelemetryDelivery(key: Self.key, observations: observations, points: points))
    }

    /// What stands: everything that was booked, added up by `dimensions`.
    func spend(by dimensions: OutlayCore.Dimension...) async throws -> SpendTable {
        let all = Timestamp(seconds: 0)..<Timestamp(seconds: 4_000_000_000)
        return try await ledger.spend(SpendQuery(by: dimensions, buckets: [all]))
    }
}

/// A clock that stands still until it is moved.
final class StageClock: Sendable {
    private let time: Locked<Timestamp>

    init(_ start: Timestamp = Timestamp(seconds: 1_800_000_000)) {
        time = Locked(start)
    }

    var now: @Sendable () -> Timestamp { { self.time.value } }

    func advance(bySeconds seconds: Int64) { time.value = time.value.advanced(bySeconds: seconds) }
}

/// A value behind a lock.
final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: Value

    init(_ value: Value) { stored = value }

    var value: Value {
        get { lock.withLock { stored } }
        set { lock.withLock { stored = newValue } }
    }
}

/// Every token of every known model costs a millionth of a dollar, every call of a tool half a cent.
struct PennyPricing: Pricing {
    let version = "penny"

    func rate(
        _ parts: [UsagePart],
        provider: String,
        api: String,
        model: String?,
        at time: Timestamp,
        context: RatingContext
    ) -> Rating {
        guard let model, provider != ServiceUse.unknown else {
            return Rating(lines: [], state: .unpriced, version: version)
        }
        let rate = Rate(picodollars: provider == ServiceUse.toolProvider ? 5_000_000_000 : 1_000_000)
        let lines = parts.flatMap(\.usage.counts).map { count in
            CostLine(unit: count.unit, model: model, quantity: count.count, listRate: rate)
        }
        return Rating(lines: lines, state: .rated, version: version)
    }
}

extension Observation {
    /// A report of a call of 100 tokens in and 10 out.
    static func call(
        _ identity: UInt128,
        emitter: String = "openllmetry",
        signal: Signal = .span,
        authority: Authority = .leading,
        trace: UInt128? = 1,
        parent: UInt64? = nil,
        at seconds: Int64 = 1_799_999_900,
        usage: Usage? = [.input: 100, .output: 10],
        names: [String] = [],
        claims: [TelemetryClaim] = []
    ) -> Observation {
        var parts = Observation.Parts(
            identity: identity,
            emitter: emitter,
            signal: signal,
            level: .call,
            authority: authority,
            place: trace.map { TracePlace(trace: $0, span: UInt64(identity), parent: parent) },
            start: Timestamp(seconds: seconds),
            end: Timestamp(seconds: seconds + 2),
            service: ServiceUse(provider: "openai", api: "chat.completions", model: "gpt-5"),
            metering: usage.map { Metering(parts: [UsagePart(usage: $0)], quality: .exact) }
                ?? Metering(quality: .unmetered)
        )
        parts.names = names
        parts.links = CallLinks(
            traceID: trace?.hexadecimal(digits: 32),
            spanID: UInt64(identity).hexadecimal(digits: 16)
        )
        parts.claims = claims
        parts.instance = ["service.name": "agent"]
        return Observation(parts)
    }

    /// A span that is no call: an agent, a workflow, an HTTP request.
    static func step(
        _ identity: UInt128,
        trace: UInt128 = 1,
        parent: UInt64? = nil,
        claims: [TelemetryClaim] = []
    ) -> Observation {
        var step = Observation.call(identity, trace: trace, parent: parent, usage: nil, claims: claims)
        step.level = .step
        return step
    }

    /// A span that sums up the calls below it.
    static func sum(_ identity: UInt128, trace: UInt128 = 1, parent: UInt64? = nil, input: Int64) -> Observation {
        var sum = Observation.call(
            identity,
            authority: .aggregate,
            trace: trace,
            parent: parent,
            usage: [.input: input]
        )
        sum.level = .aggregate
        return sum
    }

    func with(_ change: (inout Observation) -> Void) -> Observation {
        var copy = self
        change(&copy)
        return copy
    }
}

extension TelemetryClaim {
    static func claim(_ dimension: OutlayCore.Dimension, _ value: String) -> TelemetryClaim {
        TelemetryClaim(dimension, value, reach: .record, attribute: dimension.name)
    }
}
