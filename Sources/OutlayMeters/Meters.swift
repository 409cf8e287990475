package import OutlayCore
internal import Synchronization

/// The one owner of the meters: everybody who admits, books or changes limits asks it.
///
/// The board is behind a lock that is held for microseconds and never across a suspension point. Calls that would fit
/// if others took less than they reserved may wait a moment for room.
package final class Meters: Sendable {
    private struct State: Sendable {
        var board: MeterBoard
        /// In the order they came.
        var waiting: [Waiter] = []
        var ticket: UInt64 = 0
        var hasReached: @Sendable () -> Void = {}
    }

    private struct Waiter: Sendable {
        let ticket: UInt64
        let request: BudgetRequest
        let decided: @Sendable (BudgetDecision) -> Void
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Timestamp

    /// The most calls that wait; more are decided at once.
    package static let waitingMax = 4096

    /// - Parameter now: the wall clock.
    package init(_ board: MeterBoard = MeterBoard(), now: @escaping @Sendable () -> Timestamp) {
        state = Mutex(State(board: board))
        self.now = now
    }

    /// Whether there is nothing to ask, so that calls need not be estimated.
    package var isEmpty: Bool { state.withLock { $0.board.isEmpty } }

    // MARK: - Calls

    package enum Answer: Sendable {
        case decided(BudgetDecision)
        /// The decision comes later; ``giveUp(_:)`` asks for it at the end of the wait.
        case waiting(UInt64)
    }

    /// Reserves for a call, at once or after a moment.
    ///
    /// - Parameter whenDecided: called, on any thread and at most once, when a waiting call is decided; without it
    ///   nothing waits.
    package func reserve(
        _ request: BudgetRequest,
        whenDecided: (@Sendable (BudgetDecision) -> Void)? = nil
    ) -> Answer {
        state.withLock { state in
            let decision = state.board.reserve(request, at: now())
            guard decision.mayChange, let whenDecided, state.waiting.count < Self.waitingMax else {
                return .decided(decision)
            }
            state.ticket += 1
            state.waiting.append(Waiter(ticket: state.ticket, request: request, decided: whenDecided))
            return .waiting(state.ticket)
        }
    }

    /// Ends a wait: what the meters say now is final.
    ///
    /// - Returns: `nil` when it was decided already.
    package func giveUp(_ ticket: UInt64) -> BudgetDecision? {
        state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            let waiter = state.waiting.remove(at: index)
            return state.board.reserve(waiter.request, at: now())
        }
    }

    /// Reserves for something outside the gateway, for at most `seconds`.
    package func reserve(_ request: BudgetRequest, seconds: Int64) -> BudgetDecision {
        state.withLock { $0.board.reserve(request, at: now(), lifetime: seconds) }
    }

    package func settle(_ event: CostEvent, reservation: UInt64, isLast: Bool) {
        // Outside the lock, and without a copy of the event in it.
        let (id, actual) = (event.id, Consumption(of: event))
        change { $0.settle(id, actual, reservation: reservation, isLast: isLast) }
    }

    package func release(reservation: UInt64) {
        change { $0.release(reservation: reservation) }
    }

    /// The budget that a running stream crosses with about `estimate`; `nil` while it may go on.
    package func flow(_ reservation: UInt64, estimate: Consumption) -> BudgetRefusal? {
        state.withLock { $0.board.flow(reservation, estimate: estimate, at: now()) }
    }

    /// Whether a hard budget stands over such a call.
    package func isHardLimited(_ subject: CallSubject) -> Bool {
        state.withLock { $0.board.isHardLimited(subject, at: now()) }
    }

    package func downgrades(for subject: CallSubject) -> [String] {
        state.withLock { $0.board.downgrades(for: subject, at: now()) }
    }

    // MARK: - The ledger

    /// The ledger has taken in `events`; those at the positions in `skipped` it had already.
    package func post(_ events: [CostEvent], skipped: Set<Int> = []) {
        change { board in
            guard !board.isIdle else { return }
            let now = now()
            let events = events.span
            for index in events.indices {
                guard !skipped.contains(index) else {
                    board.discard(events[index].id)
                    continue
                }
                board.post(events[index], at: now)
            }
        }
    }

    // MARK: - Upkeep

    package func tick() {
        change { $0.tick(at: now()) }
    }

    /// - Parameter hasReached: called, on any thread, whenever there are effects to take.
    package func whenReached(_ hasReached: @escaping @Sendable () -> Void) {
        state.withLock { $0.hasReached = hasReached }
    }

    package func takeEffects() -> [BudgetEffect] {
        state.withLock { $0.board.takeEffects() }
    }

    /// Reads the board, or changes it; whoever waits is asked again afterwards.
    @discardableResult
    package func change<Result: Sendable>(_ body: (inout MeterBoard) throws -> Result) rethrows -> Result {
        let (result, decided, hasReached) = try state.withLock { state in
            let result = try body(&state.board)
            let decided = state.waiting.isEmpty ? [] : Self.serve(&state, at: now())
            return (result, decided, state.board.effects.isEmpty ? nil : state.hasReached)
        }
        for (waiter, decision) in decided { waiter.decided(decision) }
        hasReached?()
        return result
    }

    /// Decides every waiting call that waiting does not help any more.
    private static func serve(_ state: inout State, at now: Timestamp) -> [(Waiter, BudgetDecision)] {
        var decided: [(Waiter, BudgetDecision)] = []
        var left: [Waiter] = []
        for waiter in state.waiting {
            let decision = state.board.reserve(waiter.request, at: now)
            if decision.mayChange { left.append(waiter) } else { decided.append((waiter, decision)) }
        }
        state.waiting = left
        return decided
    }
}

extension BudgetDecision {
    /// Whether calls in flight may still make room.
    package var mayChange: Bool {
        switch self {
        case .refused(let refusal): refusal.mayFit
        case .needsApproval(_, let refusal): refusal?.mayFit ?? false
        case .admitted, .throttled, .suspended, .unwatchable: false
        }
    }
}
