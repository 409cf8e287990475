internal import OutlayCore
internal import OutlayGateway
internal import OutlayMeters
internal import OutlayWire
internal import Synchronization

/// The gate that every call of the gateway passes: policies, suspensions and budgets, in that order.
///
/// It asks, and translates the answer; what may pass is decided by the policies and the meters.
final class BudgetGate: CallGate {
    private let meters: Meters
    private let health: StoreHealth
    private let rules: @Sendable () -> GateRules
    /// Where people look budgets and approvals up.
    private let link: @Sendable () -> String

    /// How long a call waits for calls in flight to make room before it is refused for good.
    static let patienceMilliseconds = 2000

    init(
        meters: Meters,
        health: StoreHealth,
        rules: @escaping @Sendable () -> GateRules,
        link: @escaping @Sendable () -> String
    ) {
        self.meters = meters
        self.health = health
        self.rules = rules
        self.link = link
    }

    func admit(
        _ request: AdmissionRequest,
        whenDecided: @escaping @Sendable (Admission) -> Void
    ) -> Admission {
        let rules = rules()
        guard !meters.isEmpty || !rules.policies.isEmpty else { return .admitted(AdmittedCall()) }
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
        let question = BudgetRequest(asked.subject, at: request.at, most: asked.most)
        let answer = meters.reserve(question) { [self] in whenDecided(admission($0, asked.admitted)) }
        return switch answer {
        case .decided(let decision): admission(decision, asked.admitted)
        case .waiting(let ticket):
            .waiting(GateWait(ticket: ticket, milliseconds: Self.patienceMilliseconds))
        }
    }

    func giveUp(_ wait: GateWait) -> Admission? {
        meters.giveUp(wait.ticket).map { admission($0, AdmittedCall()) }
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
        let tokens = usage.counts.reduce(into: Int64(0)) { $0 &+= $1.count }
        let estimate = Consumption(cost: rating.total ?? .zero, tokens: tokens)
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
        switch verdict.outcome {
        case .allow: asking.take(verdict)
        case .deny: throw .policy(verdict)
        case .requireApproval: throw .approval(verdict, link: "\(link())/approvals")
        }
    }

    /// The most the call can take; a job that costs later must at least find room for something.
    private func most(_ request: AdmissionRequest, _ pricing: PriceBook) -> Consumption {
        switch request.billing {
        case .free, .retrieval, .refused: .none
        case .deferred: Consumption(cost: Money(picodollars: 1), tokens: 1)
        case .metered:
            pricing.most(request.estimate, service: request.service, at: request.at)
                ?? Consumption(cost: .zero, tokens: request.estimate.promptTokens)
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
            let isAllowed = rules.policies.isEmpty || rules.policies.decide(cheaper.policySubject).outcome == .allow
            if isAllowed { return asking = cheaper }
        }
    }

    private func admission(_ decision: BudgetDecision, _ admitted: AdmittedCall) -> Admission {
        switch decision {
        case .admitted(let number, let most):
            var admitted = admitted
            admitted.reservation = GateReservation(number: number, most: most)
            return .admitted(admitted)
        case .refused(let refusal): return .refused(.budget(refusal, link: link()))
        case .needsApproval(let refusal): return .refused(.approval(refusal, link: "\(link())/approvals"))
        case .throttled(let refusal, let seconds):
            return .refused(.throttled(refusal, seconds: seconds, link: link()))
        case .suspended(let suspension): return .refused(.suspended(suspension))
        case .unwatchable(let budget): return .refused(.unwatchable(budget))
        }
    }
}

/// What the gate decides by: replaced as a whole with the configuration.
struct GateRules: Sendable {
    var pricing: PriceBook
    var policies: PolicyBook
}

/// One call on its way through the gate.
private struct Asking {
    var request: AdmissionRequest
    var most: Consumption
    /// How it goes on, if it does.
    var admitted = AdmittedCall()

    init(_ request: AdmissionRequest, most: Consumption) {
        self.request = request
        self.most = most
    }

    var subject: CallSubject {
        CallSubject(service: request.service, attribution: admitted.attribution ?? request.attribution)
    }

    var policySubject: PolicySubject {
        PolicySubject(
            call: subject,
            at: request.at,
            estimatedCost: most.cost,
            promptTokens: request.estimate.promptTokens,
            maxOutputTokens: request.estimate.maxOutputTokens.map(Int64.init)
        )
    }

    mutating func take(_ verdict: PolicyVerdict) {
        if !verdict.tags.isEmpty { admitted.attribution = verdict.applied(to: request.attribution) }
        admitted.notices += verdict.warnings.map { ("x-outlay-warning", "\($0.policy): \($0.message)".headerText) }
    }
}

extension Route.Billing {
    /// Whether policies and budgets are asked; what is never billed passes, as long as nobody suspended its caller.
    fileprivate var isWatched: Bool { self == .metered || self == .deferred }
}

extension String {
    /// Printable ASCII only, so that it can stand in a header field.
    fileprivate var headerText: String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(500).map { (0x20...0x7e).contains($0.value) ? $0 : "?" }))
    }
}
