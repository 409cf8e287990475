import Glibc
import NIOCore
import NIOHTTP1

/// One connection to the sandbox: gathers a request, asks the provider, plays the answer.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The largest request body; more is answered with 413.
    private static let bodyMax = 128 << 20

    private let service: SandboxCore
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var playing: Playing?

    private struct Playing {
        var pieces: PieceSource
        let reply: Reply
        let number: Int
        let isKeepAlive: Bool
        var isWaiting = false
    }

    init(service: SandboxCore) {
        self.service = service
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let buffer):
            guard head != nil else { return }
            body += buffer.readableBytesView
            if body.count > Self.bodyMax { refuseEarly(413, "The request is too large.", context) }
        case .end:
            guard let head else { return }
            self.head = nil
            answer(request(head), isKeepAlive: head.isKeepAlive, context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        self.head = head
        body = []
        let fault = head.headers.first(name: "x-sandbox-fault") ?? ""
        if fault.contains(Fault.Kind.earlyRefusal.rawValue) {
            refuseEarly(400, "Refused before the body was read (sandbox fault).", context)
        } else if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            let proceed = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(proceed)), promise: nil)
        }
    }

    private func refuseEarly(_ status: Int, _ message: String, _ context: ChannelHandlerContext) {
        guard let head else { return }
        self.head = nil
        let request = request(head)
        let reply = service.provider.refusal(request, status, message, service.identity(0))
        start(reply, number: 0, isKeepAlive: false, context)
    }

    private func request(_ head: HTTPRequestHead) -> SandboxRequest {
        let headers = head.headers.map { ($0.name, $0.value) }
        defer { body = [] }
        return SandboxRequest(method: head.method.rawValue, uri: head.uri, headers: headers, body: body)
    }

    private func answer(_ request: SandboxRequest, isKeepAlive: Bool, _ context: ChannelHandlerContext) {
        if let reply = service.ownReply(to: request) {
            return start(reply, number: 0, isKeepAlive: isKeepAlive, context)
        }
        let (reply, number) = service.reply(to: request)
        start(reply, number: number, isKeepAlive: isKeepAlive, context)
    }

    // MARK: - Playing the answer

    private func start(_ reply: Reply, number: Int, isKeepAlive: Bool, _ context: ChannelHandlerContext) {
        playing = Playing(pieces: PieceSource(reply), reply: reply, number: number, isKeepAlive: isKeepAlive)
        var pause = reply.directions.fault.stall + reply.directions.firstTokenMilliseconds
        if case .whole = reply.body, let output = reply.charge?.usage.output {
            pause += min(output, 1_000_000) * reply.directions.tokenMilliseconds
        }
        wait(pause, context) { [weak self] in self?.sendHead(context) }
    }

    private func wait(_ pause: Int, _ context: ChannelHandlerContext, then body: @escaping () -> Void) {
        guard pause > 0 else { return body() }
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(pause)), body)
    }

    private func sendHead(_ context: ChannelHandlerContext) {
        guard let playing, context.channel.isActive else { return }
        let fault = playing.reply.directions.fault
        if fault.has(.resetBeforeHeaders) { return reset(context) }
        if fault.has(.closeBeforeHeaders) { return breakOff(context) }
        var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: playing.reply.status))
        for (name, value) in playing.reply.headers { head.headers.add(name: name, value: value) }
        if fault.has(.gzip) { head.headers.add(name: "content-encoding", value: "gzip") }
        if case .whole(let bytes) = playing.reply.body {
            let length = fault.has(.gzip) ? Gzip.whole(bytes).count : bytes.count
            head.headers.add(name: "content-length", value: "\(length + (fault.has(.wrongLength) ? 100 : 0))")
        }
        if !playing.isKeepAlive { head.headers.add(name: "connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if fault.has(.resetAfterHeaders) {
            context.flush()
            return reset(context)
        }
        sendPieces(context)
    }

    private func sendPieces(_ context: ChannelHandlerContext) {
        while playing != nil, context.channel.isActive {
            guard context.channel.isWritable else {
                playing?.isWaiting = true
                return context.flush()
            }
            guard let piece = playing?.pieces.next() else { return finish(context) }
            guard piece.pause == 0 else {
                context.flush()
                return wait(piece.pause, context) { [weak self] in
                    self?.send(piece.bytes, context)
                    self?.sendPieces(context)
                }
            }
            send(piece.bytes, context)
        }
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        guard playing != nil, context.channel.isActive else { return }
        let isSplit = playing?.reply.directions.fault.split != nil
        let part = wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
        if isSplit { context.writeAndFlush(part, promise: nil) } else { context.write(part, promise: nil) }
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard let playing else { return }
        let isBroken = playing.pieces.isCut && playing.reply.directions.fault.errorEventAfter == nil
        guard !isBroken else { return breakOff(context) }
        end(playing.pieces.isCut ? .cut : .completed)
        let isKeepAlive = playing.isKeepAlive
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !isKeepAlive { written.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
    }

    private func breakOff(_ context: ChannelHandlerContext) {
        end(.cut)
        context.flush()
        context.close(promise: nil)
    }

    /// Ends the connection with RST rather than FIN.
    private func reset(_ context: ChannelHandlerContext) {
        end(.cut)
        let socket = context.channel as? any SocketOptionProvider
        let set = socket?.setSoLinger(linger(l_onoff: 1, l_linger: 0)) ?? context.eventLoop.makeSucceededVoidFuture()
        set.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }

    private func end(_ state: Bill.State) {
        guard let playing else { return }
        self.playing = nil
        service.end(playing.reply, number: playing.number, state: state, generated: playing.pieces.generated)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, playing?.isWaiting == true {
            playing?.isWaiting = false
            sendPieces(context)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.clientGone)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
