internal import NIOCore

/// The client side of HTTP/1.1, by our own strict reader: one request at a time.
final class HTTP1UpstreamCodec: ChannelInboundHandler, Flushable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The exchange in progress; `nil` while the connection rests in its pool.
    private(set) var receiver: (any UpstreamReceiver)?
    /// Called once when the channel is closed or must not be used again.
    var ended: (() -> Void)?
    private var context: ChannelHandlerContext?
    private var head = HeadReader(.answer, limits: HeadReader.Limits())
    private var body: BodyReader?
    /// What came and was not taken yet.
    private var input = ByteBuffer()
    private var output: GatheredOutput
    private var inflation: Inflation?
    private var isHeadRequest = false
    private var isFlushDue = false
    /// Whether the connection must not carry another exchange.
    private var isSpoilt = false

    init(output loopOutput: LoopOutput) {
        output = GatheredOutput(loopOutput)
    }

    /// Puts the codec at the end of an upstream channel's pipeline; to be called on its loop.
    static func install(on channel: any Channel, output: LoopOutput) throws -> HTTP1UpstreamCodec {
        let codec = HTTP1UpstreamCodec(output: output)
        try channel.pipeline.syncOperations.addHandler(codec)
        return codec
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    // MARK: - From the channel

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard receiver != nil else { return fail() }
        input.take(unwrapInboundIn(data))
        do throws(CodecProblem) {
            while receiver != nil, try deliverNext(context) {}
        } catch {
            fail()
        }
        input.releaseIfEmpty()
    }

    /// Hands over what comes next; `false` when more bytes are needed for it.
    private func deliverNext(_ context: ChannelHandlerContext) throws(CodecProblem) -> Bool {
        guard body != nil else {
            guard let whole = try head.read(&input) else { return false }
            head = HeadReader(.answer, limits: HeadReader.Limits())
            try begin(whole, context)
            return true
        }
        switch try body?.next(&input) {
        case .bytes(let bytes)?:
            receiver?.received(bytes)
            inflation?.take(bytes)
        case .end?: finish()
        case nil: return false
        }
        return true
    }

    /// Begins the answer; what is only on the way to it (100, 103) is passed over.
    private func begin(_ whole: HeadReader.Head, _ context: ChannelHandlerContext) throws(CodecProblem) {
        guard whole.start.status >= 200 else {
            // Nobody asked to switch protocols.
            guard whole.start.status != 101 else { throw .malformed }
            return
        }
        let framing = isHeadRequest ? .none : whole.framing
        body = BodyReader(framing)
        let answer = ResponseHead(
            status: whole.start.status,
            reason: whole.start.reason,
            fields: whole.fields,
            keepsAlive: whole.keepsAlive && framing != .untilClose
        )
        guard let receiver else { return }
        receiver.received(answer)
        if self.receiver != nil { inflation = Inflation(of: answer, into: receiver, on: context) }
    }

    private func finish() {
        body = nil
        inflation?.finish()
        inflation = nil
        // Bytes beyond the answer belong to nothing: the connection cannot be trusted with another one.
        isSpoilt = isSpoilt || input.readableBytes > 0
        receiver?.receivedEnd()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        receiver?.readCompleted()
        // A resting connection is read, so that its end is seen, and so that the kernel need not be told at every
        // call to stop watching and to watch again.
        if receiver == nil { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if body?.endsAtClose ?? false { finish() }
        fail()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail()
    }

    private func fail() {
        let broken = receiver
        receiver = nil
        inflation?.finish()
        inflation = nil
        context?.close(promise: nil)
        let ended = ended
        self.ended = nil
        ended?()
        broken?.broke()
    }

    // MARK: - From the exchange

    var isOpen: Bool { !isSpoilt && context?.channel.isActive ?? false }
    var isIdle: Bool { receiver == nil }

    /// Whether the whole request has left; an answer that comes before must not end in the pool.
    var isRequestSent: Bool {
        !isFlushDue && (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) == 0
    }

    /// Sends one request whole; its answer goes to `receiver` until ``release()`` or the end of the channel.
    func send(_ head: RequestHead, body: ByteBuffer, to receiver: any UpstreamReceiver) {
        guard let context else { return receiver.broke() }
        self.receiver = receiver
        isHeadRequest = head.method == "HEAD"
        output.write(head)
        output.write(body, to: context)
        isFlushDue = true
        output.loop.flushSoon(self)
        context.read()
    }

    func flushNow() {
        isFlushDue = false
        guard let context else { return }
        output.flush(to: context)
    }

    func read() {
        context?.read()
    }

    /// Ends the exchange and keeps the connection.
    func release() {
        receiver = nil
    }

    /// Ends the exchange and the connection.
    func close() {
        receiver = nil
        fail()
    }
}
