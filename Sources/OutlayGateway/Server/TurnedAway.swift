internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// A connection too many: told so at once, then closed; nothing it sends is looked at.
final class TurnedAway: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Closing at once would reset the connection under a client that still sends, and lose the answer.
    private static let patience = TimeAmount.milliseconds(500)

    func channelActive(context: ChannelHandlerContext) {
        let body = Refusal.tooManyConnections.body(dialect: .openai)
        var head = "HTTP/1.1 \(Refusal.tooManyConnections.status) Service Unavailable\r\nconnection: close\r\n"
        for field in Refusal.tooManyConnections.headers { head += "\(field.name): \(field.value)\r\n" }
        var answer = ByteBuffer(string: head + "content-length: \(body.count)\r\n\r\n")
        answer.writeBytes(body)
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        context.close(mode: .output, promise: nil)
        context.read()
        let channel = context.channel
        context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelReadComplete(context: ChannelHandlerContext) {
        context.read()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
