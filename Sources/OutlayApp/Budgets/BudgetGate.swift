internal import OutlayCore
internal import OutlayGateway
internal import OutlayMeters
internal import OutlayWire

/// The gate that every call of the gateway passes: policies, suspensions and budgets, in that order.
///
/// It asks, and translates the answer; what may pass is decided by the policies, the meters and people.
final class BudgetGate: CallGate {
    let meters: Meters
    private let health: StoreHealth
    let desk: GovernanceDesk
    private let rules: @Sendable () -> GateRules
    /// Where people look budgets and approvals up.
    private let link: @Sendable () -> String

    /// How long a call waits for calls in flight to make room before it is refused for good.
    static let patienceMilliseconds = 2000

    init(
        meters: Meters,
        health: StoreHealth,
        desk: GovernanceDesk,
        rules: @escaping @Sendable () -> GateRules,
        link: @escaping @Sendable () -> String
    ) {
        self.meters = meters
        self.health = health
        self.desk = desk
        self.rules = rules
        self.link = link
    }

    var isOpen: Bool { meters.isEmpty && rules().policies.isEmpty }

    func admit(
        _ request: AdmissionRequest,
        whenDecided: @escaping @Sendable (Admission) -> Void
    ) -> Admission {
        let rules = rules()
        var asking = Asking(request, most: most(request, rules.pricing))
        do throws(Refusal) {
            if request.billing.isWatched { try obey(rules.policies, &asking) }
            if request.billing == .metered { downgrade(&asking, rules) }
        } catch {
            return .refused(error)
        }
        // Fail closed: while the ledger takes nothing in, nobody can say what a hard budget has left.
        // Fail open: a soft budget must not take production down; the journal keeps the call.
        if health.isFailing, request.billing.isWatched, meters.isHardLimited(asking.subject) {
            return .refused(.storeFailing)
        }
        let asked = asking
        let answer = meters.reserve(asked.question) { [self] in whenDecided(admission($0, asked, whenDecided)) }
        return switch answer {
        case .decided(let decision): admission(decision, asked, whenDecided)
        case .waiting(let ticket):
            .waiting(
                GateWait(milliseconds: Self.patienceMilliseconds) { [self] in
                    meters.giveUp(ticket).map { final($0, asked) }
                }
            )
        }
    }

    func flow(_ flow: StreamFlow, of reservation: GateReservation) -> Refusal? {
        let usage: Usage = [
            .input: flow.ratio.tokens(in: flow.promptCharacters), .output: flow.ratio.tokens(in: flow.outputCharacters),
        ]
        let rating = flow.pricing.rate(
            [UsagePart(usage: usage)],
            provider: flow.service.provider,
            api: flow.service.api,
            model: flow.service.requestedModel,
            at: flow.at,
            context: flow.service.context
        )
        let estimate = Consumption(cost: rating.total ?? .zero, counts: usage.counts)
        return meters.flow(reservation.number, estimate: estimate).map { .budget($0, link: link()) }
    }

    func settled(_ event: CostEvent, reservation: GateReservation?, isLast: Bool) {
        guard let reservation else { return }
        meters.settle(event, reservation: reservation.number, isLast: isLast)
    }

    func released(_ reservation: GateReservation) {
        meters.release(reservation: reservation.number)
    }

    /// Asks the policies: what they set is what counts from here on.
    private func obey(_ policies: PolicyBook, _ asking: inout Asking) throws(Refusal) {
        guard !policies.isEmpty else { return }
        let verdict = policies.decide(asking.policySubject)
        if verdict.outcome == .deny { throw .policy(verdict) }
        asking.take(verdict)
    }

    /// The most the call can take; a job that costs later must at least find room for something.
    private func most(_ request: AdmissionRequest, _ pricing: PriceBook) -> Consumption {
        switch request.billing {
        case .free, .retrieval, .refused: .none
        case .deferred: Consumption(cost: .leastUnknown, tokens: 1)
        case .metered:
            pricing.most(request.estimate, service: request.service, at: request.at)
                ?? Consumption(cost: .leastUnknown, tokens: request.estimate.promptTokens)
        }
    }

    /// The first cheaper model that the key and the policies allow, where a budget near its end asks for one.
    private func downgrade(_ asking: inout Asking, _ rules: GateRules) {
        guard asking.request.service.requestedModel != nil else { return }
        for model in meters.downgrades(for: asking.subject) where asking.request.rules.allows(model: model) {
            var cheaper = asking
            cheaper.request.service.requestedModel = model
            cheaper.admitted.model = model
            cheaper.most = most(cheaper.request, rules.pricing)
            let isAllowed = rules.policies.isEmpty || rules.policies.decide(cheaper.policySubject).outcome != .deny
            if isAllowed { return asking = cheaper }
        }
    }

    private func admission(
        _ decision: BudgetDecision,
        _ asked: Asking,
        _ whenDecided: @escaping @Sendable (Admission) -> Void
    ) -> Admission {
        guard case .needsApproval(let names, let refusal) = decision else { return final(decision, asked) }
        return ask(names, refusal, asked, whenDecided)
    }

    /// The decision as it is, without putting it to people.
    func final(_ decision: BudgetDecision, _ asked: Asking) -> Admission {
        guard case .admitted(let number, let most, let approval) = decision else {
            return .refused(refusal(decision, asked))
        }
        var admitted = asked.admitted
        if let approval { admitted.attribution = asked.subject.attribution.approved(by: approval) }
        admitted.reservation = GateReservation(number: number, most: most)
        return .admitted(admitted)
    }

    private func refusal(_ decision: BudgetDecision, _ asked: Asking) -> Refusal {
        switch decision {
        case .refused(let refusal): .budget(refusal, link: link())
        case .needsApproval(_, let refusal): .approval(refusal, asked.verdict, link: "\(link())/approvals")
        case .throttled(let refusal, let seconds): .throttled(refusal, seconds: seconds, link: link())
        case .suspended(let suspension): .suspended(suspension)
        case .unwatchable(let budget): .unwatchable(budget)
        case .admitted: .storeFailing
        }
    }
}

/// What the gate decides by: replaced as a whole with the configuration.
final class GateRules: Sendable {
    let pricing: PriceBook
    let policies: PolicyBook

    init(pricing: PriceBook, policies: PolicyBook) {
        self.pricing = pricing
        self.policies = policies
    }
}

extension Route.Billing {
    /// Whether policies and budgets are asked; what is never billed passes, as long as nobody suspended its caller.
    fileprivate var isWatched: Bool { self == .metered || self == .deferred }
}
