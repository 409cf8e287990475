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
    private var reservation: GateReservation?
    private var fallbacks: [UpstreamTarget] = []
    private var attempt: Attempt?
    private var attemptCount = 0

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

    /// Looks at the request, attributes it, asks the gate and forwards it.
    func begin() {
        do throws(Refusal) {
            facts = try CallFacts(accepted, body: incoming.bytes, call: id, core: core, at: startedAt)
            reservation = try admit()
        } catch {
            incoming.discard()
            client?.refuse(error)
            return
        }
        core.metrics.calls.wrappingAdd(1, ordering: .relaxed)
        core.metrics.activeCalls.wrappingAdd(1, ordering: .relaxed)
        fallbacks = accepted.snapshot.fallbacks(of: accepted.target, for: accepted.caller.stored.rules)
        forward(to: accepted.target, injectsUsage: facts.includeUsage(at: accepted.target) != nil)
    }

    /// The one gate that every forwarded call passes (S-21).
    private func admit() throws(Refusal) -> GateReservation? {
        var request = AdmissionRequest(
            call: id,
            at: startedAt,
            service: facts.service(at: accepted.target),
            attribution: facts.attribution
        )
        request.promptCharacters = facts.peek.promptCharacters
        request.maxOutputTokens = facts.peek.maxOutputTokens
        request.isStream = facts.isStream
        request.isBillable = accepted.route.billing == .metered
        switch core.seams.gate.admit(request) {
        case .admitted(let reservation): return reservation
        case .refused(let refusal): throw refusal
        }
    }

    private func forward(to target: UpstreamTarget, injectsUsage: Bool) {
        attemptCount += 1
        let splice = injectsUsage ? facts.includeUsage(at: target) : nil
        let body = facts.tagged(splice?.applied(to: incoming.bytes) ?? incoming.bytes, for: target)
        let request = UpstreamRequest(accepted, to: target, body: body)
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
        if isLast { finish() }
    }

    /// Books usage that this call only tells of: a background response, a call of a batch.
    ///
    /// It goes to the book before the call's own event, so that a crash in between loses nothing.
    func bookBeside(_ event: CostEvent) {
        core.seams.book.settle(event, committed: nil)
        core.seams.gate.settled(event, reservation: reservation, isLast: false)
    }

    private func finish() {
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
        attempt?.clientLeft()
    }

    /// The client took no bytes for too long: it is treated as gone.
    func clientStalled() {
        let stalled = client
        clientLeft()
        stalled?.close()
    }

    func cut() {
        attempt?.cut()
    }
}
