import NIOCore
import NIOPosix
import Synchronization

/// A provider that does exactly what a script says, request by request, down to resets.
final class ChaosUpstream: Sendable {
    enum Step: Sendable {
        case send(String)
        case bytes([UInt8])
        /// Goes on when the test opens it.
        case wait(Latch)
        case close
        case reset
    }

    struct Request: Sendable {
        /// Counted over all connections, from 0.
        var index: Int
        /// Counted over connections, from 0.
        var connection: Int
        var head: String
        var body: [UInt8]

        var line: String { String(head.prefix { $0 != "\r\n" }) }
        var text: String { String(decoding: body, as: UTF8.self) }
        subscript(_ name: String) -> String? { Answer.field(name, in: head) }
    }

    typealias Script = @Sendable (Request) -> [Step]

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let script: Script
    private let channel = Mutex<(any Channel)?>(nil)
    /// Whether a script is run as soon as the head is there, before the body.
    private let isEager: Bool

    init(isEager: Bool = false, script: @escaping Script) {
        self.script = script
        self.isEager = isEager
    }

    func start() async throws -> Int {
        let listening = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = self.state.withLock { state in
                        defer { state.connections += 1 }
                        return state.connections
                    }
                    try channel.pipeline.syncOperations.addHandler(Connection(self, number: number))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        channel.withLock { $0 = listening }
        return listening.localAddress?.port ?? 0
    }

    func stop() async throws {
        try await channel.withLock { $0 }?.close()
    }

    var requests: [Request] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }

    func received(count: Int) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.requests.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    fileprivate func take(_ head: String, _ body: [UInt8], connection: Int) -> [Step] {
        let (request, ready) = state.withLock { state in
            let request = Request(index: state.requests.count, connection: connection, head: head, body: body)
            state.requests.append(request)
            let ready = state.waiters.filter { $0.count <= state.requests.count }.map(\.continuation)
            state.waiters.removeAll { $0.count <= state.requests.count }
            return (request, ready)
        }
        for continuation in ready { continuation.resume() }
        return script(request)
    }

    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let upstream: ChaosUpstream
        private let number: Int
        private var bytes: [UInt8] = []
        private var hasAnswered = false

        init(_ upstream: ChaosUpstream, number: Int) {
            self.upstream = upstream
            self.number = number
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            // What comes behind an eager answer is thrown away unread.
            guard !upstream.isEager || !hasAnswered else { return }
            bytes += unwrapInboundIn(data).readableBytesView
            while let length = Answer.length(of: bytes, isHead: upstream.isEager) {
                let request = Answer(Array(bytes.prefix(length)))
                bytes = upstream.isEager ? [] : Array(bytes.dropFirst(length))
                hasAnswered = true
                run(upstream.take(request.head, request.body, connection: number)[...], context.channel)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func run(_ steps: ArraySlice<Step>, _ channel: any Channel) {
            Self.run(steps, channel)
        }

        private static func run(_ steps: ArraySlice<Step>, _ channel: any Channel) {
            guard let step = steps.first else { return }
            let rest = steps.dropFirst()
            switch step {
            case .send(let text):
                channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in run(rest, channel) }
            case .bytes(let bytes):
                channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { _ in run(rest, channel) }
            case .wait(let latch): latch.whenOpen { run(rest, channel) }
            case .close: channel.close(promise: nil)
            case .reset: channel.reset()
            }
        }
    }
}

/// Something a script waits for and a test opens.
final class Latch: Sendable {
    private let state = Mutex<(isOpen: Bool, actions: [@Sendable () -> Void])>((false, []))

    func open() {
        let actions = state.withLock { state in
            state.isOpen = true
            defer { state.actions = [] }
            return state.actions
        }
        for action in actions { action() }
    }

    func whenOpen(_ action: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            if !state.isOpen { state.actions.append(action) }
            return state.isOpen
        }
        if isOpen { action() }
    }
}
