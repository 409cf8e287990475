internal import NIOCore
internal import OutlayCore
internal import OutlayWire
internal import Synchronization

/// One call of a client, from its whole request to its last booked attempt.
///
/// Confined to its client's event loop; outlives the client while an answer is drained.
final class Call {
    let id: CallID
    /// `id` as it is written.
    let name: String
    let accepted: AcceptedHead
    let state: LoopState
    let startedAt: Timestamp
    let start = NIODeadline.now()
    private(set) var client: ClientConnection?
    private(set) var facts: CallFacts
    private let incoming: IncomingBody
    private(set) var reservation: GateReservation?
    /// While the gate has not decided.
    private var wait: (gate: GateWait, alarm: Alarm)?
    private var fallbacks: [UpstreamTarget] = []
    private var attempt: Attempt?
    private var attemptCount = 0
    /// From going to the first upstream to the end.
    private var isOpen = false

    init(_ incoming: IncomingBody, client: ClientConnection) {
        self.incoming = incoming
        self.client = client
        id = incoming.id
        name = incoming.id.description
        accepted = incoming.accepted
        state = client.state
        startedAt = client.state.core.seams.now()
        facts = CallFacts(accepted)
    }

    var core: GatewayCore { state.core }
    var limits: GatewayLimits { accepted.snapshot.limits }
    /// The turn of Codex that the call is part of.
    private var turn: RecentTurns.Name? {
        accepted.fields.turn.map { RecentTurns.Name(key: accepted.caller.stored.rules.name, turn: $0.id) }
    }

    /// Looks at the request, attributes it and asks the gate.
    func begin() {
        do throws(Refusal) {
            facts = try CallFacts(accepted, body: incoming.bytes, call: id, state: state, at: startedAt)
        } catch {
            return refused(error)
        }
        guard !core.seams.gate.isOpen else { return decided(.admitted(AdmittedCall())) }
        let bound = NIOLoopBound(self, eventLoop: state.loop)
        decided(
            core.seams.gate.admit(admissionRequest) { admission in
                bound.eventLoop.execute { bound.value.decided(admission) }
            }
        )
    }

    /// What the one gate is asked that every forwarded call passes (S-21).
    private var admissionRequest: AdmissionRequest {
        let service = facts.service(at: accepted.target)
        var request = AdmissionRequest(
            call: id,
            at: startedAt,
            service: service,
            attribution: facts.attribution,
            rules: accepted.caller.stored.rules,
            estimate: facts.estimate(core.ratio(provider: service.provider, model: service.requestedModel))
        )
        request.estimate.bodyBytes = incoming.bytes.readableBytes
        request.isStream = facts.isStream
        request.billing = accepted.route.billing
        request.justification = accepted.fields.justification
        return request
    }

    private func decided(_ admission: Admission) {
        wait?.alarm.stop()
        wait = nil
        switch admission {
        case .waiting(let gate):
            let alarm = Alarm(on: state.loop) { [weak self] in self?.giveUp() }
            wait = (gate, alarm)
            alarm.set(milliseconds: gate.milliseconds)
        case .refused(let refusal): refused(refusal)
        case .admitted(let admitted):
            reservation = admitted.reservation
            guard client != nil else { return release() }
            facts.apply(admitted)
            go()
        }
    }

    /// The time to wait for a decision is over; none comes where it is on its way already.
    private func giveUp() {
        guard let wait, let last = wait.gate.giveUp() else { return }
        decided(last)
    }

    private func refused(_ refusal: Refusal) {
        incoming.discard()
        client?.refuse(refusal)
    }

    /// It was admitted, and is not forwarded.
    private func release() {
        incoming.discard()
        if let reservation { core.seams.gate.released(reservation) }
        reservation = nil
    }

    private func go() {
        core.metrics.calls.wrappingAdd(1, ordering: .relaxed)
        core.metrics.activeCalls.wrappingAdd(1, ordering: .relaxed)
        if let turn { core.turns.begin(turn, at: startedAt, effort: accepted.fields.turn?.reasoningEffort) }
        isOpen = true
        fallbacks = accepted.snapshot.fallbacks(of: accepted.target, for: accepted.caller.stored.rules)
        forward(to: accepted.target, injectsUsage: facts.includeUsage(at: accepted.target) != nil)
    }

    private func forward(to target: UpstreamTarget, injectsUsage: Bool) {
        attemptCount += 1
        let splice = injectsUsage ? facts.includeUsage(at: target) : nil
        let body = facts.body(of: incoming.bytes, splice: splice, for: target)
        let request = UpstreamRequest(accepted, path: facts.path(accepted.path(at: target)), to: target, body: body)
        let attempt = Attempt(
            of: self,
            at: target,
            number: attemptCount,
            request: request,
            injectsUsage: splice != nil
        )
        self.attempt = attempt
        do throws(CallBookError) {
            try core.seams.book.intend(attempt.intent)
        } catch {
            release()
            finish()
            client?.refuse(.journalFull)
            return
        }
        core.metrics.attempts.wrappingAdd(1, ordering: .relaxed)
        attempt.start()
    }

    // MARK: - From the attempt

    var hasFallback: Bool { !fallbacks.isEmpty && client != nil && !core.metrics.isStopping }

    /// The attempt is booked and showed nothing to the client; the next upstream is tried.
    func fallBack() {
        guard !fallbacks.isEmpty else { return }
        let target = fallbacks.removeFirst()
        forward(to: target, injectsUsage: facts.includeUsage(at: target) != nil)
    }

    /// The upstream does not know `include_usage`: it is asked once more without.
    func repeatWithoutUsage(at target: UpstreamTarget) {
        forward(to: target, injectsUsage: false)
    }

    /// Books one attempt; with `isLast` the call is over.
    func book(_ event: CostEvent, isLast: Bool, committed: (@Sendable () -> Void)? = nil) {
        core.seams.book.settle(event, committed: committed)
        core.seams.gate.settled(event, reservation: reservation, isLast: isLast)
        if let turn { core.turns.add(event, to: turn) }
        if isLast { finish() }
    }

    /// Books usage that this call only tells of: a background response, a call of a batch.
    ///
    /// It goes to the book before the call's own event, so that a crash in between loses nothing.
    func bookBeside(_ event: CostEvent) {
        core.seams.book.settle(event, committed: nil)
        core.seams.gate.settled(event, reservation: reservation, isLast: false)
        if let turn { core.turns.add(event, to: turn) }
    }

    private func finish() {
        if isOpen, let turn { core.turns.end(turn) }
        isOpen = false
        // The two hold each other until here.
        attempt = nil
        incoming.discard()
        state.endDrain(self)
        if core.metrics.activeCalls.load(ordering: .relaxed) > 0 {
            core.metrics.activeCalls.wrappingSubtract(1, ordering: .relaxed)
        }
    }

    // MARK: - From the client

    func clientIsWritable() {
        attempt?.resume()
    }

    func clientLeft() {
        client = nil
        giveUp()
        attempt?.clientLeft()
    }

    /// The client has its last bytes; the answer may be read on.
    func letClientGo() {
        client?.end()
        client = nil
    }

    /// The client took no bytes for too long: it is treated as gone.
    func clientStalled() {
        let stalled = client
        clientLeft()
        stalled?.close()
    }

    func cut() {
        if wait != nil { refused(.stopping) }
        attempt?.cut()
    }
}
