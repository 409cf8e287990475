internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression

/// Inflates a compressed answer beside its way to the client, for whoever reads it.
///
/// The decompressor of swift-nio-extras is a channel handler that takes NIOHTTP1's parts, so it stands behind the
/// codec for the length of one answer. The one file that knows NIOHTTP1.
struct Inflation {
    typealias Part = HTTPClientResponsePart

    private let context: ChannelHandlerContext
    private let inflate: NIOHTTPResponseDecompressor
    private let sink: InflatedBody

    /// - Returns: `nil` unless the head promises a `gzip` or `deflate` body.
    init?(of head: ResponseHead, into receiver: any UpstreamReceiver, on context: ChannelHandlerContext) {
        guard let encoding = head["content-encoding"], encoding.isField("gzip") || encoding.isField("deflate") else {
            return nil
        }
        self.context = context
        sink = InflatedBody(receiver: receiver)
        inflate = NIOHTTPResponseDecompressor(limit: .ratio(100))
        guard (try? context.pipeline.syncOperations.addHandlers([inflate, sink])) != nil else { return nil }
        let fields = HTTPHeaders(head.fields.map { ($0.name, $0.value) })
        let start = HTTPResponseHead(version: .http1_1, status: .init(statusCode: head.status), headers: fields)
        fire(.head(start))
    }

    /// Takes the next bytes of the body as they came.
    func take(_ bytes: ByteBuffer) {
        fire(.body(bytes))
    }

    /// Hands over what is left, and leaves the channel.
    func finish() {
        fire(.end(nil))
        context.pipeline.syncOperations.removeHandler(inflate, promise: nil)
        context.pipeline.syncOperations.removeHandler(sink, promise: nil)
    }

    private func fire(_ part: Part) {
        context.fireChannelRead(NIOAny(part))
    }
}

/// Takes what the decompressor makes of a compressed body.
private final class InflatedBody: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

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
