internal import NIOCore
internal import OutlayCore
internal import OutlayWire
internal import Synchronization

/// One client connection: takes one request at a time, whole, and hands it to a call.
///
/// Confined to its event loop.
final class ClientConnection: ServerCodecReceiver {
    enum Phase {
        /// Between requests.
        /// Can transition to:
        ///   - `.receiving` when a head is accepted,
        ///   - `.refused` when it is not,
        ///   - `.closed`.
        case idle
        /// A body is arriving.
        /// Can transition to: `.serving`, `.refused`, `.closed`.
        case receiving(IncomingBody)
        /// The answer is out; what is left of the request is thrown away.
        /// Can transition to: `.idle` at the end of the request, `.closed`.
        case refused(discarded: Int)
        /// A call is in progress; nothing is read.
        /// Can transition to: `.idle`, `.closed`.
        case serving(Call)
        case closed
    }

    let state: LoopState
    let codec: any ServerCodec
    var phase = Phase.idle
    var exchange = Exchange()
    var alarm: Alarm?
    var hasPartialHead = false

    /// What the answer in progress must be framed like.
    struct Exchange {
        var id: CallID?
        var dialect = Upstream.Dialect.openai
        var isHTTP10 = false
        var keepsAlive = true
        var isHead = false
    }

    init(codec: any ServerCodec, state: LoopState) {
        self.codec = codec
        self.state = state
    }

    var core: GatewayCore { state.core }
    var times: GatewayLimits.Times { core.snapshots.snapshot.limits.times }

    // MARK: - The request

    func opened() {
        state.add(self)
        alarm = Alarm(on: state.loop) { [weak self] in self?.rang() }
        alarm?.set(milliseconds: times.header)
        codec.read()
    }

    func received(_ head: RequestHead) {
        hasPartialHead = false
        exchange = Exchange(isHTTP10: head.isHTTP10, keepsAlive: head.keepsAlive, isHead: head.method == "HEAD")
        let id = core.nextCallID(at: core.seams.now())
        exchange.id = id
        guard !core.metrics.isStopping else {
            exchange.keepsAlive = false
            return refuse(.stopping)
        }
        do throws(Refusal) {
            let accepted = try AcceptedHead(head, state: state, dialect: &exchange.dialect)
            if accepted.fields.marks.isUpgrade { exchange.keepsAlive = false }
            if accepted.fields.marks.expectsContinue, !head.isHTTP10 { codec.sendContinue() }
            phase = .receiving(IncomingBody(id: id, accepted: accepted, metrics: core.metrics))
            alarm?.set(milliseconds: times.bodyGrace)
        } catch {
            let expects = head.fields.contains { $0.name.isField("expect") || $0.name.isField("upgrade") }
            if expects { exchange.keepsAlive = false }
            refuse(error)
        }
    }

    func received(_ bytes: ByteBuffer) {
        switch phase {
        case .receiving(let incoming):
            do throws(Refusal) {
                try incoming.append(bytes)
            } catch {
                refuse(error)
            }
        case .refused(let discarded):
            phase = .refused(discarded: discarded &+ bytes.readableBytes)
            if discarded > core.snapshots.snapshot.limits.bodyBytesMax { close() }
        case .idle, .serving, .closed: break
        }
    }

    func receivedEnd() {
        switch phase {
        case .receiving(let incoming):
            codec.pause()
            alarm?.clear()
            begin(incoming)
        case .refused: finishExchange()
        case .idle, .serving, .closed: break
        }
    }

    private func begin(_ incoming: IncomingBody) {
        guard !incoming.accepted.isTurnCosts else { return tellTurnCosts(incoming) }
        let call = Call(incoming, client: self)
        phase = .serving(call)
        call.begin()
    }

    func readCompleted() {
        switch phase {
        case .idle:
            if !hasPartialHead {
                hasPartialHead = true
                alarm?.set(milliseconds: times.header)
            }
            codec.read()
        case .receiving, .refused: codec.read()
        case .serving, .closed: break
        }
    }

    func failed(_ problem: CodecProblem) {
        switch phase {
        case .idle, .receiving:
            exchange.keepsAlive = false
            if exchange.id == nil { exchange.id = core.nextCallID(at: core.seams.now()) }
            refuse(problem == .headersTooLarge ? .headersTooLarge : .malformed)
            codec.closeSending()
        case .serving: exchange.keepsAlive = false
        case .refused: close()
        case .closed: break
        }
    }

    private func rang() {
        switch phase {
        case .idle:
            hasPartialHead ? failed(.malformed) : close()
        case .receiving(let incoming):
            guard incoming.isFastEnough(grace: times.bodyGrace) else {
                exchange.keepsAlive = false
                refuse(.tooSlow)
                return codec.closeSending()
            }
            alarm?.set(milliseconds: times.bodyGrace)
        case .refused: close()
        case .serving(let call): call.clientStalled()
        case .closed: break
        }
    }

    // MARK: - The end

    func writabilityChanged() {
        guard case .serving(let call) = phase, codec.isWritable else { return }
        alarm?.clear()
        call.clientIsWritable()
    }

    /// A shutdown began.
    func stop() {
        if case .idle = phase { close() }
    }

    func cut() {
        if case .serving(let call) = phase { call.cut() }
        close()
    }

    func close() {
        codec.close()
    }

    func closed() {
        let last = phase
        phase = .closed
        alarm?.stop()
        state.remove(self)
        switch last {
        case .serving(let call): call.clientLeft()
        case .receiving(let incoming): incoming.discard()
        case .idle, .refused, .closed: break
        }
    }
}
