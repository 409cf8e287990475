internal import NIOCore

/// Asks an outbound proxy for a tunnel (`CONNECT`), then gets out of the way.
final class ProxyTunnel: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The longest answer a proxy may give.
    private static let answerMax = 8192

    private let authority: String
    private var answer = ByteBuffer()
    private var opened: ((Bool) -> Void)?

    init(to origin: Origin, opened: @escaping (Bool) -> Void) {
        let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
        authority = "\(host):\(origin.port)"
        self.opened = opened
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let request = ByteBuffer(string: "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        answer.writeBuffer(&bytes)
        guard answer.readableBytes <= Self.answerMax else { return finish(false, context) }
        let view = answer.readableBytesView
        guard view.suffix(4).elementsEqual([13, 10, 13, 10]) else { return }
        let line = String(decoding: view.prefix { $0 != 13 }, as: UTF8.self)
        let words = line.split(separator: " ")
        let isOpen = words.count > 1 && words[0].hasPrefix("HTTP/1.") && words[1].hasPrefix("2")
        finish(isOpen, context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if opened != nil { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(false, context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(false, context)
    }

    private func finish(_ isOpen: Bool, _ context: ChannelHandlerContext) {
        guard let opened else { return }
        self.opened = nil
        if isOpen { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
        opened(isOpen)
    }
}
