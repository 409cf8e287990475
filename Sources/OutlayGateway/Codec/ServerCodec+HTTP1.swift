internal import NIOCore

/// The server side of HTTP/1.1, by our own strict reader.
///
/// What a client pipelines is held here while a call is in progress; it is little, because at most one read is
/// made ahead.
final class HTTP1ServerCodec: ChannelInboundHandler, ServerCodec, Flushable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let limits: HeadReader.Limits
    /// Reads the head in progress; `body` reads what follows it.
    private var head: HeadReader
    private var body: BodyReader?
    /// What came was no HTTP; the rest is thrown away.
    private var isBroken = false
    private var receiver: (any ServerCodecReceiver)?
    private var context: ChannelHandlerContext?
    /// What came and was not taken yet.
    private var input = ByteBuffer()
    private var output: GatheredOutput
    private var isChunked = false
    private var isPaused = false
    private var isDelivering = false
    private var isFlushDue = false

    init(limits: HeadReader.Limits, output loopOutput: LoopOutput) {
        self.limits = limits
        head = HeadReader(.request, limits: limits)
        output = GatheredOutput(loopOutput)
    }

    /// Puts the codec at the end of a client channel's pipeline; to be called on its loop.
    static func install(
        on channel: any Channel,
        limits: HeadReader.Limits,
        output: LoopOutput
    ) throws -> HTTP1ServerCodec {
        let codec = HTTP1ServerCodec(limits: limits, output: output)
        try channel.pipeline.syncOperations.addHandler(codec)
        return codec
    }

    func attach(_ receiver: any ServerCodecReceiver) {
        self.receiver = receiver
    }

    // MARK: - From the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        receiver = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        receiver?.opened()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        input.take(unwrapInboundIn(data))
        deliver()
        input.releaseIfEmpty()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        receiver?.readCompleted()
        // One read ahead, instead of telling the kernel at every call to stop watching and to watch again.
        if isPaused, input.readableBytes == 0 { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        receiver?.writabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        receiver?.closed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func deliver() {
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        do throws(CodecProblem) {
            while !isPaused, try deliverNext() {}
        } catch {
            isBroken = true
            receiver?.failed(error)
        }
    }

    /// Hands over what comes next; `false` when more bytes are needed for it.
    private func deliverNext() throws(CodecProblem) -> Bool {
        guard !isBroken else {
            input.clear()
            return false
        }
        guard body != nil else {
            guard input.readableBytes > 0, let whole = try head.read(&input) else { return false }
            body = BodyReader(whole.framing)
            receiver?.received(RequestHead(whole))
            return true
        }
        switch try body?.next(&input) {
        case .bytes(let bytes)?: receiver?.received(bytes)
        case .end?:
            body = nil
            head = HeadReader(.request, limits: limits)
            receiver?.receivedEnd()
        case nil: return false
        }
        return true
    }

    // MARK: - From the connection

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ head: ResponseHead, isHTTP10: Bool, isChunked: Bool) {
        self.isChunked = isChunked && !isHTTP10
        output.write(head, isHTTP10: isHTTP10, isChunked: self.isChunked)
    }

    func send(_ body: ByteBuffer) {
        guard let context, body.readableBytes > 0 else { return }
        if isChunked { output.writeChunkSize(body.readableBytes) }
        output.write(body, to: context)
        if isChunked { output.writeLineEnd() }
    }

    func sendEnd() {
        if isChunked { output.writeLastChunk() }
        isChunked = false
    }

    func sendContinue() {
        output.writeContinue()
        flushNow()
    }

    func flush() {
        guard !isFlushDue else { return }
        isFlushDue = true
        output.loop.flushSoon(self)
    }

    func flushNow() {
        isFlushDue = false
        guard let context else { return }
        output.flush(to: context)
    }

    func read() {
        if !isPaused { context?.read() }
    }

    func pause() {
        isPaused = true
    }

    func resume() {
        isPaused = false
        deliver()
    }

    func closeSending() {
        flushNow()
        context?.close(mode: .output, promise: nil)
        context?.read()
    }

    func close() {
        flushNow()
        context?.close(promise: nil)
    }
}

extension RequestHead {
    fileprivate init(_ head: HeadReader.Head) {
        method = head.start.method
        target = head.start.target
        isHTTP10 = head.start.isHTTP10
        keepsAlive = head.keepsAlive && !isHTTP10
        fields = head.fields
    }
}
