package import OutlayCore
internal import Synchronization

/// Whoever waits for a decision hears of it, once.
extension GovernanceDesk {
    struct Watcher: Sendable {
        let ticket: UInt64
        let decided: @Sendable (ApprovalRequest.Decision) -> Void
    }

    package enum Watch: Sendable {
        case decided(ApprovalRequest.Decision)
        /// The callback will be called, once, on any thread; ``giveUp(_:watch:)`` ends the wait.
        case watching(UInt64)
        /// Too many watch already, or there is no such request.
        case impossible
    }

    /// Calls `callback` when the request is decided or expires.
    package func onDecision(
        _ id: String,
        _ callback: @escaping @Sendable (ApprovalRequest.Decision) -> Void
    ) -> Watch {
        state.withLock { state in
            guard let request = state.governance.requests[id] else { return .impossible }
            if let decision = request.decision { return .decided(decision) }
            guard state.watcherCount < Self.watchersMax else { return .impossible }
            state.ticket += 1
            state.watcherCount += 1
            state.watchers[id, default: []].append(Watcher(ticket: state.ticket, decided: callback))
            return .watching(state.ticket)
        }
    }

    /// - Returns: whether the callback had not been called; it never will be.
    @discardableResult
    package func giveUp(_ id: String, watch ticket: UInt64) -> Bool {
        state.withLock { state in
            guard let index = state.watchers[id]?.firstIndex(where: { $0.ticket == ticket }) else { return false }
            state.watchers[id]?.remove(at: index)
            state.watcherCount -= 1
            if state.watchers[id]?.isEmpty ?? false { state.watchers[id] = nil }
            return true
        }
    }

    func tell(_ drafts: [AuditDraft]) {
        for draft in drafts {
            guard case .decided(let form) = draft.change else { continue }
            let (decision, watchers) = state.withLock { state in
                let watchers = state.watchers.removeValue(forKey: form.id) ?? []
                state.watcherCount -= watchers.count
                return (state.governance.requests[form.id]?.decision, watchers)
            }
            guard let decision else { continue }
            for watcher in watchers { watcher.decided(decision) }
        }
    }
}
