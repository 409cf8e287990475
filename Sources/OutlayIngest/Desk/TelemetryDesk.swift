package import OutlayCore
internal import Synchronization

/// Where all telemetry is booked: deliveries that wait together share one transaction.
package final class TelemetryDesk: Sendable {
    private typealias Answer = CheckedContinuation<Result<Void, LedgerError>, Never>

    private struct Waiting {
        let batch: ReadyBatch
        let answer: Answer
    }

    private struct State {
        var waiting: [Waiting] = []
        var size = 0
        var isBooking = false
        var recent = RecentNames()
        /// Whether `recent` knows what was booked before this process began.
        var hasRecalled = false
    }

    /// Records that may wait to be booked, made ready in some kilobytes each; more are refused for the moment.
    package static let waitingMax = 20_000
    /// Records of one transaction; the gateway's events wait no longer than it takes.
    package static let batchMax = 4000
    /// Reports from before a start that are looked at again.
    private static let recalledMax = 10_000

    private let ledger: any TelemetryLedger
    private let terms: @Sendable () -> TelemetryTerms
    private let now: @Sendable () -> Timestamp
    private let booked: @Sendable ([CostEvent]) -> Void
    private let projectsAhead: Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - projectsAhead: whether groups that come whole are projected before the transaction that books them; the
    ///     events are the same.
    ///   - booked: hears of events once they are durable.
    package init(
        ledger: any TelemetryLedger,
        now: @escaping @Sendable () -> Timestamp,
        projectsAhead: Bool = true,
        booked: @escaping @Sendable ([CostEvent]) -> Void = { _ in },
        terms: @escaping @Sendable () -> TelemetryTerms
    ) {
        self.ledger = ledger
        self.now = now
        self.projectsAhead = projectsAhead
        self.booked = booked
        self.terms = terms
    }

    /// Books what was delivered; durable on return.
    ///
    /// - Returns: `false` when too much is waiting already; nothing was taken then.
    package func book(_ delivery: TelemetryDelivery) async throws(LedgerError) -> Bool {
        let hasRoom = state.withLock { state in
            guard state.size == 0 || state.size + delivery.size <= Self.waitingMax else { return false }
            state.size += delivery.size
            return true
        }
        guard hasRoom else { return false }
        let batch = ready(delivery)
        let result = await withCheckedContinuation { answer in
            let isFirst = state.withLock { state in
                state.waiting.append(Waiting(batch: batch, answer: answer))
                defer { state.isBooking = true }
                return !state.isBooking
            }
            if isFirst { Task { await self.bookWaiting() } }
        }
        try result.get()
        return true
    }

    /// Makes a delivery ready where it came in: while another is committed, and beside other deliveries.
    private func ready(_ delivery: TelemetryDelivery) -> ReadyBatch {
        var batch = ReadyBatch(delivery, terms: terms(), now: now())
        if projectsAhead { batch.project(ledger.ready) }
        return batch
    }

    private func bookWaiting() async {
        while let waiting = nextBatch() {
            let batch = ReadyBatch(joining: waiting.map(\.batch), terms: terms(), now: now())
            let result = await record(terms: batch.terms, now: batch.now) { booking in try booking.take(batch) }
            for waiting in waiting { waiting.answer.resume(returning: result) }
        }
    }

    private func nextBatch() -> ArraySlice<Waiting>? {
        state.withLock { state in
            var size = 0
            let batch = state.waiting.prefix { next in
                size += next.batch.size
                return size == next.batch.size || size <= Self.batchMax
            }
            state.waiting.removeFirst(batch.count)
            state.size -= batch.reduce(0) { $0 + $1.batch.size }
            if batch.isEmpty { state.isBooking = false }
            return batch.isEmpty ? nil : batch
        }
    }

    /// Ends the wait of everything whose time has come.
    ///
    /// - Returns: how many groups were looked at; call again while it is not 0.
    @discardableResult
    package func settleDue() async throws(LedgerError) -> Int {
        try await settle(isFlushing: false)
    }

    /// Ends all waiting: what no better signal explains counts now.
    package func flush() async throws(LedgerError) {
        while try await settle(isFlushing: true) > 0 {}
    }

    private func settle(isFlushing: Bool) async throws(LedgerError) -> Int {
        let limit = isFlushing ? Timestamp(microseconds: .max) : now()
        let found = Mutex(0)
        let result = await record(terms: terms(), now: now()) { booking in
            booking.isFlushing = isFlushing
            let due = try booking.tables.due(at: limit, limit: 500)
            for held in due {
                try booking.tables.release(held)
                booking.touch(held)
                if held.export != nil { booking.dueExports.insert(held) }
            }
            let count = due.count
            found.withLock { $0 = count }
        }
        try result.get()
        return found.withLock { $0 }
    }

    /// Hears what the gateway booked: a report that came before it gives way.
    package func noticed(_ events: [CostEvent]) async throws(LedgerError) {
        guard state.withLock({ $0.hasRecalled }) else { return try await recall() }
        let groups = state.withLock { state in
            state.recent.isEmpty ? [] : Set(events.flatMap { state.recent.groups(of: $0) })
        }
        guard !groups.isEmpty else { return }
        let result = await record(terms: terms(), now: now()) { booking in
            for held in groups { booking.touch(held) }
        }
        try result.get()
    }

    /// Looks at the latest reports again: what this process knows of them ended with the one before it, whose last
    /// calls come out of the journal now.
    private func recall() async throws(LedgerError) {
        let horizon = now().advanced(bySeconds: -RecentNames.seconds)
        let result = await record(terms: terms(), now: now()) { booking in
            for held in try booking.tables.groups(receivedSince: horizon, limit: Self.recalledMax) {
                booking.touch(held)
            }
        }
        try result.get()
        state.withLock { $0.hasRecalled = true }
    }

    /// One transaction; an event that no row can hold is booked as unmetered, so that it blocks no others.
    private func record(
        terms: TelemetryTerms,
        now: Timestamp,
        _ fill: @escaping @Sendable (inout TelemetryBooking) throws -> Void
    ) async -> Result<Void, LedgerError> {
        var unbookable: Set<String> = []
        while true {
            let stripped = unbookable
            do throws(LedgerError) {
                let recorded = try await ledger.record { [ledger] tables in
                    var booking = TelemetryBooking(tables, terms: terms, now: now, ready: ledger.ready)
                    booking.unbookable = stripped
                    try fill(&booking)
                    try booking.settle()
                    // Before this is durable: the gateway's event may be booked, and noticed, right behind it.
                    let standing = booking.standingNames
                    self.state.withLock { $0.recent.add(standing, at: now) }
                    return booking.events
                }
                booked(recorded.events)
                return .success(())
            } catch {
                guard case .unbookable(let id, _) = error, unbookable.insert(id).inserted else {
                    return .failure(error)
                }
            }
        }
    }
}
