internal import OutlayCore
internal import OutlayMeters
internal import Synchronization

/// The ledger as everybody appends to it: what it takes in, the meters count, in the same order.
///
/// The only way into the ledger, so that no event is booked without its budgets: calls of the gateway, telemetry,
/// imports, corrections.
final class MeteredLedger: TelemetryLedger {
    private let ledger: any TelemetryLedger
    private let meters: Meters
    private let turn = AsyncTurn()

    init(_ ledger: any TelemetryLedger, meters: Meters) {
        self.ledger = ledger
        self.meters = meters
    }

    func append(_ events: [CostEvent]) async throws(LedgerError) -> AppendResult {
        await turn.take()
        defer { turn.pass() }
        let result = try await ledger.append(events)
        meters.post(events, skipped: result.skipped)
        return result
    }

    func ready(_ event: CostEvent) throws(LedgerError) -> any ReadyEvent {
        try ledger.ready(event)
    }

    func record(
        _ body: @escaping @Sendable (any TelemetryTransaction) throws -> [any ReadyEvent]
    ) async throws(LedgerError) -> RecordedTelemetry {
        await turn.take()
        defer { turn.pass() }
        let recorded = try await ledger.record(body)
        meters.post(recorded.events, skipped: recorded.result.skipped)
        return recorded
    }

    func telemetrySources() async throws(LedgerError) -> [TelemetrySource] {
        try await ledger.telemetrySources()
    }

    func reports(of event: CostEvent) async throws(LedgerError) -> [String] {
        try await ledger.reports(of: event)
    }

    func runTree(_ run: String) async throws(LedgerError) -> RunTree? {
        try await ledger.runTree(run)
    }

    func forgetTelemetry(receivedBefore time: Timestamp) async throws(LedgerError) {
        try await ledger.forgetTelemetry(receivedBefore: time)
    }

    /// Does something while nothing is appended: what the ledger says and what the meters count then belong together.
    func exclusively<Result>(_ body: (any Ledger) async throws -> Result) async rethrows -> Result {
        await turn.take()
        defer { turn.pass() }
        return try await body(ledger)
    }

    func spend(_ query: SpendQuery) async throws(LedgerError) -> SpendTable {
        try await ledger.spend(query)
    }

    func history(of id: String) async throws(LedgerError) -> [CostEvent] {
        try await ledger.history(of: id)
    }

    func events(
        in span: Range<Timestamp>,
        after: Int64,
        limit: Int
    ) async throws(LedgerError) -> [RecordedEvent] {
        try await ledger.events(in: span, after: after, limit: limit)
    }

    func verify() async throws(LedgerError) -> Verification {
        try await ledger.verify()
    }
}

/// One at a time, in the order of asking, across suspension points.
final class AsyncTurn: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func take() async {
        await withCheckedContinuation { continuation in
            let isMine = state.withLock { state in
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isMine { continuation.resume() }
        }
    }

    func pass() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
