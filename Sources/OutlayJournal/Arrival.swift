import Synchronization

/// Wakes the ledger's writer when something was settled.
final class Arrival: Sendable {
    private struct State {
        var hasNews = false
        var isFinished = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func signal() {
        wake { $0.hasNews = true }
    }

    func finish() {
        wake { $0.isFinished = true }
    }

    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Returns once there is news, the journal is finished or the task is cancelled; takes the news.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.hasNews || state.isFinished || Task.isCancelled { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            wake { _ in }
        }
        state.withLock { $0.hasNews = false }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            let waiting = state.waiting
            state.waiting = []
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
