internal import OutlayCore
internal import OutlayGateway
internal import OutlayMeters
internal import OutlayWire

extension BudgetGate {
    /// Puts the question to people; the call is answered at once, or waits for them.
    func ask(
        _ names: [String],
        _ refusal: BudgetRefusal?,
        _ asked: Asking,
        _ whenDecided: @escaping @Sendable (Admission) -> Void
    ) -> Admission {
        let ticket = desk.ask(
            ApprovalQuestion(
                names: names,
                subject: asked.subject,
                estimate: asked.most.cost,
                figures: refusal.map { [ApprovalRequest.Figure($0)] } ?? [],
                justification: asked.request.justification
            )
        )
        let answer: Refusal
        switch ticket.state {
        case .pending: answer = .approval(refusal, asked.verdict, link: ticket.link)
        case .denied(let reason): return .refused(.denied(names, reason: reason, link: ticket.link))
        case .refused(let reason):
            return .refused(.approval(refusal, asked.verdict, link: ticket.link, reason: reason))
        }
        let settings = desk.governance.settings
        guard settings.mode == .wait else { return .refused(answer) }
        let watch = desk.onDecision(ticket.id) { [self] decision in
            guard decision.state == .approved else {
                return whenDecided(.refused(.denied(names, reason: decision.reason ?? "", link: ticket.link)))
            }
            whenDecided(again(asked))
        }
        switch watch {
        case .decided(let decision): return decision.state == .approved ? again(asked) : .refused(answer)
        case .impossible: return .refused(answer)
        case .watching(let watch):
            return .waiting(
                GateWait(milliseconds: settings.holdSeconds * 1000) { [desk] in
                    desk.giveUp(ticket.id, watch: watch) ? .refused(answer) : nil
                }
            )
        }
    }

    /// Somebody said yes: the meters have the approval now.
    private func again(_ asked: Asking) -> Admission {
        guard case .decided(let decision) = meters.reserve(asked.question) else { return .refused(.storeFailing) }
        return final(decision, asked)
    }
}
