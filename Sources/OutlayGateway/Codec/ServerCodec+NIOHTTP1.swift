internal import NIOCore
internal import NIOHTTP1

/// The server side of HTTP/1.1 by NIOHTTP1 (llhttp).
///
/// The one file of this side that knows NIOHTTP1. Parts of pipelined requests are held here while a call
/// is in progress; they are few, because nothing is read meanwhile.
final class NIOHTTP1ServerCodec: ChannelInboundHandler, ServerCodec {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var receiver: (any ServerCodecReceiver)?
    private var context: ChannelHandlerContext?
    private var held = CircularBuffer<HTTPServerRequestPart>()
    private var isPaused = false
    private var isDelivering = false

    /// Puts the codec at the end of a client channel's pipeline; to be called on its loop.
    static func install(on channel: any Channel, fieldCountMax: Int, fieldBytesMax: Int) throws -> NIOHTTP1ServerCodec {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldCount = fieldCountMax
        limits.maxHeaderListSize = fieldBytesMax
        limits.maxHeaderFieldSize = fieldBytesMax
        var framing = HTTPResponseEncoder.Configuration()
        framing.automaticallySetFramingHeaders = false
        let codec = NIOHTTP1ServerCodec()
        try channel.pipeline.syncOperations.addHandlers([
            HTTPResponseEncoder(configuration: framing),
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)),
            codec,
        ])
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
        held.append(unwrapInboundIn(data))
        deliver()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        receiver?.readCompleted()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        receiver?.writabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        receiver?.closed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let problem = error as? HTTPParserError else { return context.close(promise: nil) }
        receiver?.failed(problem == .headerOverflow ? .headersTooLarge : .malformed)
    }

    private func deliver() {
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        while !isPaused, let part = held.popFirst() {
            switch part {
            case .head(let head): receiver?.received(RequestHead(head))
            case .body(let bytes): receiver?.received(bytes)
            case .end: receiver?.receivedEnd()
            }
        }
    }

    // MARK: - From the connection

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ head: ResponseHead, isHTTP10: Bool, isChunked: Bool) {
        var fields = HTTPHeaders(head.fields.map { ($0.name, $0.value) })
        if !head.keepsAlive { fields.add(name: "connection", value: "close") }
        if isChunked, !isHTTP10 { fields.add(name: "transfer-encoding", value: "chunked") }
        let status = HTTPResponseStatus(statusCode: head.status, reasonPhrase: head.reason)
        let version: HTTPVersion = isHTTP10 ? .http1_0 : .http1_1
        write(.head(HTTPResponseHead(version: version, status: status, headers: fields)))
    }

    func send(_ body: ByteBuffer) {
        write(.body(.byteBuffer(body)))
    }

    func sendEnd() {
        write(.end(nil))
    }

    func sendContinue() {
        write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
        flush()
    }

    private func write(_ part: HTTPServerResponsePart) {
        guard let context else { return }
        context.write(wrapOutboundOut(part), promise: nil)
    }

    func flush() {
        context?.flush()
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
        context?.flush()
        context?.close(mode: .output, promise: nil)
        context?.read()
    }

    func close() {
        context?.flush()
        context?.close(promise: nil)
    }
}

extension RequestHead {
    fileprivate init(_ head: HTTPRequestHead) {
        method = head.method.rawValue
        target = head.uri
        isHTTP10 = head.version.minor == 0
        keepsAlive = head.isKeepAlive && head.version.minor > 0
        fields = head.headers.map { Field($0.name, $0.value) }
    }
}
