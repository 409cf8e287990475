internal import NIOCore
internal import OutlayCore
internal import OutlayWire
internal import Synchronization

/// The answer: the provider's as it comes, or a refusal of our own.
extension ClientConnection {
    /// Whether the client takes bytes; once it does not, its time runs.
    var isWritable: Bool {
        if codec.isWritable { return true }
        alarm?.set(milliseconds: times.clientStall)
        return false
    }

    func send(_ head: ResponseHead) {
        var head = head
        if let name = callName { head.fields.append(Field("x-outlay-call-id", name)) }
        head.keepsAlive = exchange.keepsAlive && !core.metrics.isStopping
        exchange.keepsAlive = head.keepsAlive
        let hasBody = !exchange.isHead && head.status >= 200 && head.status != 204 && head.status != 304
        codec.send(head, isHTTP10: exchange.isHTTP10, isChunked: hasBody && head["content-length"] == nil)
    }

    /// The name of the call in progress, or of the one that was refused.
    private var callName: String? {
        if case .serving(let call) = phase { call.name } else { exchange.id?.description }
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

    /// Answers what turns cost, from calls of the same key; nothing is forwarded, and nothing booked.
    func tellTurnCosts(_ incoming: IncomingBody) {
        let asked = TurnCostsQuestion.turns(in: Array(incoming.bytes.readableBytesView))
        let key = incoming.accepted.caller.stored.rules.name
        guard let asked else {
            refuse(.noTurns)
            return finishExchange()
        }
        incoming.discard()
        let now = core.seams.now()
        let costs = asked.map { id in
            (id: id, cost: core.turns.cost(of: RecentTurns.Name(key: key, turn: id), at: now))
        }
        let body = TurnCost.answer(costs)
        let fields = [Field("content-type", "application/json"), Field("content-length", String(body.count))]
        phase = .refused(discarded: 0)
        send(ResponseHead(status: 200, fields: fields))
        send(ByteBuffer(bytes: body))
        end()
    }

    /// The exchange is over: the connection waits for the next one, or closes.
    func finishExchange() {
        guard exchange.keepsAlive, !core.metrics.isStopping else { return close() }
        phase = .idle
        exchange = Exchange()
        hasPartialHead = false
        alarm?.set(milliseconds: times.clientIdle)
        codec.resume()
        codec.read()
    }
}
