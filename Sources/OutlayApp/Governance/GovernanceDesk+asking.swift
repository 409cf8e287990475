package import OutlayCore
internal import OutlayMeters
internal import Synchronization

extension GovernanceDesk {
    /// Asks people to let a call pass; returns within microseconds, from any thread.
    ///
    /// Equal questions share one request. It is written down within the second, and before anybody can decide it.
    package func ask(_ question: ApprovalQuestion) -> ApprovalTicket {
        let now = now()
        let id = Self.newID("apr", at: now)
        return state.withLock { state in
            switch state.governance.ask(question, id: id, at: now) {
            case .known(let request): return Self.ticket(request, isNew: false, state)
            case .refused(let reason): return Self.refusal(reason, at: now)
            case .new(let request):
                guard state.unwritten.count < Self.unwrittenMax else {
                    return Self.refusal("Requests cannot be written down now: try again.", at: now)
                }
                let draft = AuditDraft(at: now, actor: request.requester, change: .approvalRequested(request))
                state.governance.apply(draft)
                state.unwritten.append(draft)
                return Self.ticket(request, isNew: true, state)
            }
        }
    }

    private static func refusal(_ reason: String, at now: Timestamp) -> ApprovalTicket {
        ApprovalTicket(id: "", isNew: false, state: .refused(reason: reason), expires: now)
    }

    private static func ticket(_ request: ApprovalRequest, isNew: Bool, _ state: State) -> ApprovalTicket {
        var answer = ApprovalTicket.State.pending
        if let decision = request.decision { answer = .denied(reason: decision.reason ?? "") }
        return ApprovalTicket(
            id: request.id,
            isNew: isNew,
            state: answer,
            link: link(to: request.id, state),
            expires: request.expires
        )
    }

    /// Where people decide the request `id`.
    package func link(to id: String) -> String {
        state.withLock { Self.link(to: id, $0) }
    }

    private static func link(to id: String, _ state: State) -> String {
        let base = state.governance.settings.link?.text ?? state.webURL + "/approvals"
        return base.hasSuffix("/") ? base + id : base + "/" + id
    }
}
