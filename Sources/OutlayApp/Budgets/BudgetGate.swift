internal import OutlayCore
internal import OutlayGateway
internal import OutlayMeters
internal import OutlayWire
internal import Synchronization

/// The gate that every call of the gateway passes: suspensions and budgets, in that order.
///
/// It asks, and translates the answer; what may pass is decided by the meters.
final class BudgetGate: CallGate {
    private let meters: Meters
    private let health: StoreHealth
    private let pricing: @Sendable () -> PriceBook
    /// Where people look budgets and approvals up.
    private let link: @Sendable () -> String

    /// How long a call waits for calls in flight to make room before it is refused for good.
    static let patienceMilliseconds = 2000

    init(
        meters: Meters,
        health: StoreHealth,
        pricing: @escaping @Sendable () -> PriceBook,
        link: @escaping @Sendable () -> String
    ) {
        self.meters = meters
        self.health = health
        self.pricing = pricing
        self.link = link
    }

    func admit(
        _ request: AdmissionRequest,
        whenDecided: @escaping @Sendable (Admission) -> Void
    ) -> Admission {
        guard !meters.isEmpty else { return .admitted(AdmittedCall()) }
        var request = request
        let asked = request.service.requestedModel
        if request.billing == .metered, let cheaper = downgrade(request) { request.service.requestedModel = cheaper }
        let subject = CallSubject(service: request.service, attribution: request.attribution)
        // Fail closed: while the ledger takes nothing in, nobody can say what a hard budget has left.
        // Fail open: a soft budget must not take production down; the journal keeps the call.
        if health.isFailing, request.billing != .free, meters.isHardLimited(subject) { return .refused(.storeFailing) }
        let most = most(request)
        let question = BudgetRequest(subject, at: request.at, most: most)
        let model = request.service.requestedModel == asked ? nil : request.service.requestedModel
        let answer = meters.reserve(question) { [self] in whenDecided(admission($0, most: most, model: model)) }
        return switch answer {
        case .decided(let decision): admission(decision, most: most, model: model)
        case .waiting(let ticket):
            .waiting(GateWait(ticket: ticket, milliseconds: Self.patienceMilliseconds))
        }
    }

    func giveUp(_ wait: GateWait) -> Admission? {
        meters.giveUp(wait.ticket).map { admission($0, most: .none, model: nil) }
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

    /// The most the call can take; a job that costs later must at least find room for something.
    private func most(_ request: AdmissionRequest) -> Consumption {
        switch request.billing {
        case .free, .retrieval, .refused: .none
        case .deferred: Consumption(cost: Money(picodollars: 1), tokens: 1)
        case .metered:
            pricing().most(request.estimate, service: request.service, at: request.at)
                ?? Consumption(cost: .zero, tokens: request.estimate.promptTokens)
        }
    }

    /// The first cheaper model that the key allows, where a budget near its end asks for one.
    private func downgrade(_ request: AdmissionRequest) -> String? {
        guard request.service.requestedModel != nil else { return nil }
        let subject = CallSubject(service: request.service, attribution: request.attribution)
        return meters.downgrades(for: subject).first { request.rules.allows(model: $0) }
    }

    private func admission(_ decision: BudgetDecision, most: Consumption, model: String?) -> Admission {
        switch decision {
        case .admitted(let number):
            var admitted = AdmittedCall(reservation: GateReservation(number: number, most: most))
            admitted.model = model
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
