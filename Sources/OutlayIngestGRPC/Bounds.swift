internal import NIOCore
internal import NIOHTTP2
internal import OutlayIngest
internal import Synchronization

/// Closes connections over a number as they come.
final class ConnectionCount: Sendable {
    private let open = Atomic(0)
    private let most: Int

    init(most: Int) {
        self.most = most
    }

    func admit(_ channel: any Channel) -> EventLoopFuture<Void> {
        let count = open.add(1, ordering: .relaxed).newValue
        channel.closeFuture.whenComplete { [self] _ in open.subtract(1, ordering: .relaxed) }
        return count <= most ? channel.eventLoop.makeSucceededVoidFuture() : channel.close()
    }
}

/// Counts what one HTTP/2 stream holds before its message is whole.
///
/// The library collects a message of up to the limit on every stream. Over the allowance for all requests the stream is
/// refused (`REFUSED_STREAM`), which tells the exporter that nothing was done and the same call is welcome again.
final class StreamBound: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let share: BodyShare
    private var isRefused = false

    init(_ allowance: BodyAllowance) {
        share = BodyShare(of: allowance)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        if case .data(let frame) = unwrapInboundIn(data), !share.grow(by: frame.data.readableBytes) {
            isRefused = true
            share.giveBack()
            context.writeAndFlush(wrapOutboundOut(.rstStream(.refusedStream)), promise: nil)
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        share.giveBack()
        context.fireChannelInactive()
    }
}
