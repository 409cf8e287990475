internal import NIOCore
internal import OutlayCore
internal import OutlayWire
internal import Synchronization

/// One client connection: takes one request at a time, whole, and hands it to a call.
///
/// Confined to its event loop.
final class ClientConnection: ServerCodecReceiver {
    private enum Phase {
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
    private let codec: any ServerCodec
    private var phase = Phase.idle
    private var exchange = Exchange()
    private var alarm: Alarm?
    private var hasPartialHead = false

    /// What the answer in progress must be framed like.
    private struct Exchange {
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

    private var core: GatewayCore { state.core }
    private var times: GatewayLimits.Times { core.snapshots.snapshot.limits.times }

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
            let accepted = try AcceptedHead(head, core: core, dialect: &exchange.dialect)
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

    // MARK: - The answer

    /// Whether the client takes bytes; once it does not, its time runs.
    var isWritable: Bool {
        if codec.isWritable { return true }
        alarm?.set(milliseconds: times.clientStall)
        return false
    }

    func send(_ head: ResponseHead) {
        var head = head
        if let id = exchange.id { head.fields.append(Field("x-outlay-call-id", id.description)) }
        head.keepsAlive = exchange.keepsAlive && !core.metrics.isStopping
        exchange.keepsAlive = head.keepsAlive
        let hasBody = !exchange.isHead && head.status >= 200 && head.status != 204 && head.status != 304
        codec.send(head, isHTTP10: exchange.isHTTP10, isChunked: hasBody && head["content-length"] == nil)
    }

    func send(_ bytes: ByteBuffer) {
        if !exchange.isHead, bytes.readableBytes > 0 { codec.send(bytes) }
    }

    func flush() {
        codec.flush()
    }

    /// The answer is complete.
    func end() {
        codec.sendEnd()
        codec.flush()
        finishExchange()
    }

    /// The answer ends before its end, and the client can tell.
    func breakOff() {
        close()
    }

    /// Answers with a refusal instead; what is left of the request is thrown away.
    func refuse(_ refusal: Refusal) {
        core.metrics.refusals.wrappingAdd(1, ordering: .relaxed)
        let isServing = if case .serving = phase { true } else { false }
        if case .receiving(let incoming) = phase { incoming.discard() }
        phase = .refused(discarded: 0)
        var refusal = refusal
        refusal.details.callID = exchange.id?.description
        let body = refusal.body(dialect: exchange.dialect)
        var fields = refusal.headers.map { Field($0.name, $0.value) }
        fields.append(Field("content-length", String(body.count)))
        send(ResponseHead(status: refusal.status, fields: fields))
        send(ByteBuffer(bytes: body))
        codec.sendEnd()
        codec.flush()
        alarm?.set(milliseconds: times.bodyGrace)
        if isServing { finishExchange() }
    }

    private func finishExchange() {
        guard exchange.keepsAlive, !core.metrics.isStopping else { return close() }
        phase = .idle
        exchange = Exchange()
        hasPartialHead = false
        alarm?.set(milliseconds: times.clientIdle)
        codec.resume()
        codec.read()
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
