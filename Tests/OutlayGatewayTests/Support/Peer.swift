import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// One end of a TCP connection that a test holds: what came is kept, and waited for without sleeping.
final class Peer: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var waiters: [(isDone: ([UInt8], Bool) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    /// Connects to a listener on this machine.
    static func connect(port: Int, isReading: Bool = true) async throws -> Peer {
        let peer = Peer()
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: isReading)
            .channelOption(.socketOption(.so_rcvbuf), value: 256 * 1024)
            .channelInitializer { $0.pipeline.addHandler(peer) }
            .connect(host: "127.0.0.1", port: port)
            .get()
        peer.channel.withLock { $0 = channel }
        return peer
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let added = context.channel
        channel.withLock { $0 = added }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        change { $0.bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        change { $0.isClosed = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func change(_ body: (inout State) -> Void) {
        let ready = state.withLock { state in
            body(&state)
            let ready = state.waiters.filter { $0.isDone(state.bytes, state.isClosed) }.map(\.continuation)
            state.waiters.removeAll { $0.isDone(state.bytes, state.isClosed) }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    private func wait(until isDone: @escaping @Sendable ([UInt8], Bool) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if isDone(state.bytes, state.isClosed) { return true }
                state.waiters.append((isDone, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    // MARK: - What tests do

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        channel.withLock { $0 }?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func startReading() {
        guard let channel = channel.withLock({ $0 }) else { return }
        channel.setOption(.autoRead, value: true).whenComplete { _ in channel.read() }
    }

    func close() {
        channel.withLock { $0 }?.close(promise: nil)
    }

    /// Closes with a reset.
    func reset() {
        if let channel = channel.withLock({ $0 }) { channel.reset() }
    }

    var received: [UInt8] { state.withLock { $0.bytes } }
    var text: String { String(decoding: received, as: UTF8.self) }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Waits for one whole answer (by its framing) or the end, and takes it away.
    func answer(isHead: Bool = false) async -> Answer {
        await wait { bytes, isClosed in isClosed || Answer.length(of: bytes, isHead: isHead) != nil }
        return state.withLock { state in
            let length = Answer.length(of: state.bytes, isHead: isHead) ?? state.bytes.count
            let bytes = Array(state.bytes.prefix(length))
            state.bytes.removeFirst(length)
            return Answer(bytes)
        }
    }

    func received(_ part: String) async {
        await wait { bytes, isClosed in
            isClosed || String(decoding: bytes, as: UTF8.self).contains(part)
        }
    }

    func received(count: Int) async {
        await wait { bytes, isClosed in isClosed || bytes.count >= count }
    }

    func received(ending: String) async {
        let ending = Array(ending.utf8)
        await wait { bytes, isClosed in isClosed || bytes.suffix(ending.count).elementsEqual(ending) }
    }

    func closed() async {
        await wait { _, isClosed in isClosed }
    }
}

/// One HTTP/1.1 message as it came over the wire.
struct Answer: Sendable {
    let head: String
    /// The body, chunk framing taken off.
    let body: [UInt8]
    /// Whether the framing came to its end.
    let isWhole: Bool

    init(_ bytes: [UInt8]) {
        guard let end = Self.headEnd(bytes) else {
            (head, body, isWhole) = (String(decoding: bytes, as: UTF8.self), [], false)
            return
        }
        head = String(decoding: bytes[..<end], as: UTF8.self)
        let rest = Array(bytes[end...])
        if Self.field("transfer-encoding", in: head) == "chunked" {
            (body, isWhole) = Self.unchunked(rest).map { ($0.body, $0.isWhole) } ?? (rest, false)
        } else {
            body = rest
            isWhole = Self.field("content-length", in: head).flatMap { Int($0) }.map { $0 <= rest.count } ?? true
        }
    }

    var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    var text: String { String(decoding: body, as: UTF8.self) }

    subscript(_ name: String) -> String? { Self.field(name, in: head) }

    static func field(_ name: String, in head: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == name { return String(parts[1].drop { $0 == " " }) }
        }
        return nil
    }

    /// How many bytes of `bytes` are one whole message; `nil` while it is not whole.
    static func length(of bytes: [UInt8], isHead: Bool) -> Int? {
        guard let end = headEnd(bytes) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        let isBodiless = isHead || head.hasPrefix("HTTP/1.1 204") || head.hasPrefix("HTTP/1.1 100")
        if isBodiless { return end }
        if field("transfer-encoding", in: head) == "chunked" {
            guard let chunks = unchunked(Array(bytes[end...])), chunks.isWhole else { return nil }
            return end + chunks.length
        }
        guard let length = field("content-length", in: head).flatMap({ Int($0) }) else {
            return head.hasPrefix("HTTP/") ? nil : end
        }
        return bytes.count >= end + length ? end + length : nil
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { bytes[$0..<($0 + 4)].elementsEqual([13, 10, 13, 10]) }.map { $0 + 4 }
    }

    private static func unchunked(_ bytes: [UInt8]) -> (body: [UInt8], isWhole: Bool, length: Int)? {
        var body: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard let end = bytes[index...].firstIndex(of: 13) else { break }
            guard let size = Int(String(decoding: bytes[index..<end], as: UTF8.self), radix: 16) else { return nil }
            let start = end + 2
            if size == 0 { return (body, bytes.count >= start + 2, min(bytes.count, start + 2)) }
            body += bytes[min(start, bytes.count)..<min(start + size, bytes.count)]
            index = start + size + 2
        }
        return (body, false, bytes.count)
    }
}

extension Channel {
    /// Closes with a reset instead of an end.
    func reset() {
        guard let options = self as? any SocketOptionProvider else { return close(promise: nil) }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in self.close(promise: nil) }
    }
}
