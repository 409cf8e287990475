internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression

/// The client side of HTTP/1.1 by NIOHTTP1 (llhttp): one request at a time.
///
/// The one file of this side that knows NIOHTTP1.
final class NIOHTTP1UpstreamCodec: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The exchange in progress; `nil` while the connection rests in its pool.
    private(set) var receiver: (any UpstreamReceiver)?
    /// Called once when the channel is closed or must not be used again.
    var ended: (() -> Void)?
    private var context: ChannelHandlerContext?
    private var inflater: InflatedBody?
    /// Whether the whole request has left; an answer that comes before must not end in the pool.
    private(set) var isRequestSent = true

    /// Puts the codec at the end of an upstream channel's pipeline; to be called on its loop.
    static func install(on channel: any Channel) throws -> NIOHTTP1UpstreamCodec {
        var framing = HTTPRequestEncoder.Configuration()
        framing.automaticallySetFramingHeaders = false
        let codec = NIOHTTP1UpstreamCodec()
        try channel.pipeline.syncOperations.addHandlers([
            HTTPRequestEncoder(configuration: framing),
            ByteToMessageHandler(HTTPResponseDecoder()),
            codec,
        ])
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
        let part = unwrapInboundIn(data)
        guard let receiver else { return fail() }
        switch part {
        case .head(let head):
            prepareInflation(of: head)
            receiver.received(ResponseHead(head))
        case .body(let bytes):
            receiver.received(bytes)
        case .end:
            break
        }
        if inflater != nil { context.fireChannelRead(wrapInboundOut(part)) }
        if case .end = part { finish(receiver) }
    }

    private func finish(_ finished: any UpstreamReceiver) {
        removeInflater()
        finished.receivedEnd()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        receiver?.readCompleted()
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail()
    }

    private func fail() {
        let broken = receiver
        receiver = nil
        removeInflater()
        context?.close(promise: nil)
        let ended = ended
        self.ended = nil
        ended?()
        broken?.broke()
    }

    // MARK: - From the exchange

    var isOpen: Bool { context?.channel.isActive ?? false }
    var isIdle: Bool { receiver == nil }

    /// Sends one request whole; its answer goes to `receiver` until ``release()`` or the end of the channel.
    func send(_ head: RequestHead, body: ByteBuffer, to receiver: any UpstreamReceiver) {
        guard let context else { return receiver.broke() }
        self.receiver = receiver
        isRequestSent = false
        let method = HTTPMethod(rawValue: head.method)
        let fields = HTTPHeaders(head.fields.map { ($0.name, $0.value) })
        let start = HTTPRequestHead(version: .http1_1, method: method, uri: head.target, headers: fields)
        context.write(wrapOutboundOut(.head(start)), promise: nil)
        if body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess { [weak self] in self?.isRequestSent = true }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
        context.read()
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

    // MARK: - Inflation

    private func prepareInflation(of head: HTTPResponseHead) {
        let encoding = head.headers.first(name: "content-encoding")?.lowercased()
        guard encoding == "gzip" || encoding == "deflate", let context, let receiver else { return }
        let sink = InflatedBody(receiver: receiver)
        let limit = NIOHTTPDecompression.DecompressionLimit.ratio(100)
        let inflate = NIOHTTPResponseDecompressor(limit: limit)
        guard (try? context.pipeline.syncOperations.addHandlers([inflate, sink])) != nil else { return }
        sink.inflate = inflate
        inflater = sink
    }

    private func removeInflater() {
        guard let inflater, let context else { return }
        self.inflater = nil
        if let inflate = inflater.inflate {
            context.pipeline.syncOperations.removeHandler(inflate, promise: nil)
        }
        context.pipeline.syncOperations.removeHandler(inflater, promise: nil)
    }
}

/// Takes what the decompressor behind the codec makes of a compressed body.
private final class InflatedBody: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    var inflate: NIOHTTPResponseDecompressor?
    private let receiver: any UpstreamReceiver

    init(receiver: any UpstreamReceiver) {
        self.receiver = receiver
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .body(let bytes) = unwrapInboundIn(data) { receiver.inflated(bytes) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        receiver.inflationFailed()
    }
}

extension ResponseHead {
    fileprivate init(_ head: HTTPResponseHead) {
        self.init(
            status: Int(head.status.code),
            reason: head.status.reasonPhrase,
            fields: head.headers.map { Field($0.name, $0.value) },
            keepsAlive: head.isKeepAlive
        )
    }
}
