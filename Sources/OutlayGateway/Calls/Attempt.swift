internal import NIOCore
internal import OutlayCore
internal import OutlayWire
internal import Synchronization

/// One attempt of a call at one upstream: sends, reads, shows the answer to the client, and is booked once.
///
/// Confined to the call's event loop.
final class Attempt {
    enum Phase {
        /// No connection yet; nothing was sent.
        case opening
        /// Sent; no answer yet.
        case waiting
        /// A JSON answer is kept until its cost is known.
        case holding
        /// The answer is shown as it comes.
        case streaming
        /// The client left; the answer is read for its usage.
        case draining
        case done
    }

    let call: Call
    let target: UpstreamTarget
    let number: Int
    let request: UpstreamRequest
    let injectsUsage: Bool
    /// What is asked of whom, before the answer says more.
    let service: ServiceUse
    var phase = Phase.opening
    var answer = AnswerState()
    /// Shows the last bytes once the event is durable; strict mode only.
    var committed: (() -> Void)?
    var client: ClientConnection? { call.client }
    private(set) var link: UpstreamLink?

    init(of call: Call, at target: UpstreamTarget, number: Int, request: UpstreamRequest, injectsUsage: Bool) {
        self.call = call
        self.target = target
        self.number = number
        self.request = request
        self.injectsUsage = injectsUsage
        service = call.facts.service(at: target)
    }

    // MARK: - Sending

    func start() {
        guard let resting = call.state.pool.takeIdle(target) else { return open() }
        send(on: resting)
    }

    private func open() {
        phase = .opening
        call.state.pool.open(target, limits: call.limits) { result in
            switch result {
            case .success(let link): self.opened(link)
            case .failure(.busy): self.failed(.busy)
            case .failure(.unreachable): self.failed(.unreachable)
            }
        }
    }

    private func opened(_ link: UpstreamLink) {
        guard case .opening = phase else { return call.state.pool.putBack(link, limits: call.limits) }
        send(on: link)
    }

    private func send(on link: UpstreamLink) {
        self.link = link
        link.attempt = self
        phase = .waiting
        setAlarm(milliseconds: call.limits.times.firstByte)
        link.codec.send(request.head, body: request.body, to: self)
    }

    /// The connection had died in its pool: the request goes out once more, on a fresh one.
    func resend() {
        call.core.metrics.staleConnections.wrappingAdd(1, ordering: .relaxed)
        link?.attempt = nil
        link = nil
        open()
    }

    // MARK: - Letting go

    /// Ends the use of the connection; a complete exchange leaves it to the next call.
    func letGo(keep: Bool) {
        guard let link else { return }
        self.link = nil
        link.attempt = nil
        link.alarm.clear()
        guard keep, link.codec.isRequestSent else { return link.codec.close() }
        link.isUsed = true
        call.state.pool.putBack(link, limits: call.limits)
    }

    func readMore() {
        link?.codec.read()
    }

    /// Bounds how long the next sign of the provider may take.
    func setAlarm(milliseconds: Int) {
        link?.alarm.set(milliseconds: milliseconds)
    }

    // MARK: - From the client's side

    func resume() {
        guard case .streaming = phase else { return }
        readMore()
    }

    func clientLeft() {
        switch phase {
        case .opening, .done: end(Ending(.clientGone, isForwarded: false))
        case .waiting, .holding, .streaming: leave()
        case .draining: break
        }
    }

    /// Nobody waits for the answer any more: it is read on only where that finds the bill.
    func leave() {
        let stopsBill = call.facts.isStream && target.cancelStopsBilling
        let isBilled = !call.accepted.route.isFree && (answer.head?.status ?? 200) < 400
        guard isBilled, !stopsBill, call.state.beginDrain(call, limit: call.limits.drainsMax) else {
            end(Ending(goneKind))
            return
        }
        if answer.head != nil { phase = .draining }
        answer.isDrained = true
        setAlarm(milliseconds: call.limits.times.drain)
        readMore()
    }

    /// The shutdown's time is over.
    func cut() {
        let wasStreaming = if case .streaming = phase { true } else { false }
        let isForwarded = if case .opening = phase { false } else { true }
        let client = client
        end(Ending(.cut, isForwarded: isForwarded))
        if wasStreaming, answer.isEventStream {
            let last = Refusal.stopping.finalEvent(
                dialect: target.upstream.dialect,
                api: call.accepted.route.api
            )
            client?.send(ByteBuffer(bytes: last))
            client?.end()
        }
    }

    /// The time that was set is over.
    func rang() {
        switch phase {
        case .opening, .done: break
        case .waiting: failed(.timedOut)
        case .holding, .streaming: truncated()
        case .draining: end(Ending(goneKind))
        }
    }

    /// Why nobody waits for the answer.
    var goneKind: CallOutcome.Ending { answer.isCut ? .cut : .clientGone }
}
