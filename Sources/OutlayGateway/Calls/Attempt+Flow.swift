internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// A running stream under a budget: watched as it flows, and ended where it crosses a hard limit.
extension Attempt {
    /// How often a stream is looked at: well within the 250 ms that a crossed limit may go on for.
    private static let interval = TimeAmount.milliseconds(100)

    /// Asks the gate whether the stream may go on, at most ten times a second.
    func watchFlow() {
        guard case .streaming = phase, let reservation = call.reservation, let reader = answer.reader else { return }
        let now = NIODeadline.now()
        guard now >= answer.nextLook else { return }
        answer.nextLook = now + Self.interval
        let service = call.facts.service(at: target)
        let flow = StreamFlow(
            at: call.startedAt,
            service: service,
            promptCharacters: call.facts.peek.promptCharacters,
            outputCharacters: reader.outputCharacters,
            ratio: call.core.ratio(provider: service.provider, model: service.requestedModel),
            pricing: call.accepted.snapshot.pricing
        )
        if let refusal = call.core.seams.gate.flow(flow, of: reservation) { cutShort(refusal) }
    }

    /// Ends the stream with the provider's own form of an error.
    ///
    /// What the client saw is booked. Where stopping does not stop the bill, the rest is read for its usage.
    private func cutShort(_ refusal: Refusal) {
        var refusal = refusal
        refusal.details.callID = call.id.description
        answer.isCut = true
        guard answer.isEventStream, let client else {
            self.client?.breakOff()
            return
        }
        let last = refusal.finalEvent(dialect: target.upstream.dialect, api: call.accepted.route.api)
        client.send(ByteBuffer(bytes: last))
        call.letClientGo()
        leave()
    }
}
