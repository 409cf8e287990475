internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

/// Connects to an upstream: TCP, the CONNECT proxy where there is one, TLS, then the codec.
final class UpstreamOpening {
    struct TimedOut: Error {}

    private let target: UpstreamTarget
    private let loop: any EventLoop
    private let milliseconds: Int
    private let output: LoopOutput
    private var ready: ((Result<HTTP1UpstreamCodec, any Error>) -> Void)?
    private var channel: (any Channel)?
    private var alarm: Alarm?

    init(target: UpstreamTarget, loop: any EventLoop, milliseconds: Int, output: LoopOutput) {
        self.target = target
        self.loop = loop
        self.milliseconds = milliseconds
        self.output = output
    }

    func start(_ ready: @escaping (Result<HTTP1UpstreamCodec, any Error>) -> Void) {
        self.ready = ready
        let alarm = Alarm(on: loop) { self.finish(.failure(TimedOut())) }
        self.alarm = alarm
        alarm.set(milliseconds: milliseconds)
        let origin = target.proxy ?? target.origin
        ClientBootstrap(group: loop)
            .connectTimeout(.milliseconds(Int64(clamping: milliseconds)))
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connect(host: origin.host, port: origin.port)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel): self.connected(channel)
                case .failure(let error): self.finish(.failure(error))
                }
            }
    }

    private func connected(_ channel: any Channel) {
        self.channel = channel
        guard ready != nil else { return channel.close(promise: nil) }
        guard target.proxy != nil else { return secure(channel) }
        let tunnel = ProxyTunnel(to: target.origin) { [weak self] isOpen in
            guard let self else { return }
            isOpen ? secure(channel) : finish(.failure(ChannelError.connectTimeout(.zero)))
        }
        do {
            try channel.pipeline.syncOperations.addHandler(tunnel)
        } catch {
            finish(.failure(error))
        }
    }

    private func secure(_ channel: any Channel) {
        do {
            guard let context = target.tls else { return try speak(channel) }
            let host = target.origin.host
            let isName = (try? SocketAddress(ipAddress: host, port: 0)) == nil
            let tls = try NIOSSLClientHandler(context: context, serverHostname: isName ? host : nil)
            let shaken = HandshakeWatch { [weak self] isShaken in
                guard let self, ready != nil else { return }
                guard isShaken, (try? speak(channel)) != nil else { return finish(.failure(TimedOut())) }
            }
            try channel.pipeline.syncOperations.addHandlers([tls, shaken])
            channel.read()
        } catch {
            finish(.failure(error))
        }
    }

    private func speak(_ channel: any Channel) throws {
        finish(.success(try HTTP1UpstreamCodec.install(on: channel, output: output)))
    }

    private func finish(_ result: Result<HTTP1UpstreamCodec, any Error>) {
        guard let ready else { return }
        self.ready = nil
        alarm?.stop()
        alarm = nil
        if case .failure = result { channel?.close(promise: nil) }
        ready(result)
    }
}

/// Waits for the end of the TLS handshake, then passes everything on.
private final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private var done: ((Bool) -> Void)?

    init(done: @escaping (Bool) -> Void) {
        self.done = done
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        finish(true)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if done != nil { context.read() }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(false)
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(false)
        context.fireChannelInactive()
    }

    private func finish(_ isShaken: Bool) {
        let done = done
        self.done = nil
        done?(isShaken)
    }
}
