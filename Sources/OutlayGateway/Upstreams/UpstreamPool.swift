internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Connections to upstreams, kept alive between calls: one pool per event loop, never crossed.
final class UpstreamPool {
    /// Why there is no connection.
    enum Problem: Error {
        case unreachable
        case busy
    }

    typealias Ready = (Result<UpstreamLink, Problem>) -> Void

    let loop: any EventLoop
    private var idle: [PoolKey: [UpstreamLink]] = [:]
    private var counts: [PoolKey: Int] = [:]
    private var isClosed = false
    private let output: LoopOutput

    init(loop: any EventLoop, output: LoopOutput) {
        self.loop = loop
        self.output = output
    }

    /// A resting connection, if there is one that looks alive; the newest first.
    func takeIdle(_ target: UpstreamTarget) -> UpstreamLink? {
        while let link = idle[target.pool]?.popLast() {
            link.alarm.clear()
            if link.codec.isOpen { return link }
        }
        return nil
    }

    /// Opens a connection; `ready` is called later, on the loop.
    func open(_ target: UpstreamTarget, limits: GatewayLimits, ready: @escaping Ready) {
        let key = target.pool
        guard !isClosed, counts[key, default: 0] < limits.upstreamConnectionsMax else { return ready(.failure(.busy)) }
        counts[key, default: 0] += 1
        let opening = UpstreamOpening(
            target: target,
            loop: loop,
            milliseconds: limits.times.connect,
            output: output
        )
        opening.start { result in
            switch result {
            case .success(let codec):
                let link = UpstreamLink(codec: codec, key: key, loop: self.loop)
                codec.ended = { [weak self, weak link] in
                    guard let self, let link else { return }
                    forget(link)
                }
                ready(.success(link))
            case .failure:
                self.uncount(key)
                ready(.failure(.unreachable))
            }
        }
    }

    /// Takes back a connection after a complete exchange.
    func putBack(_ link: UpstreamLink, limits: GatewayLimits) {
        link.codec.release()
        guard !isClosed, link.codec.isOpen, idle[link.key, default: []].count < limits.upstreamIdleMax else {
            return link.codec.close()
        }
        link.alarm.set(milliseconds: limits.times.upstreamIdle)
        idle[link.key, default: []].append(link)
    }

    /// Closes resting connections; those in use close when they are put back.
    func close() {
        isClosed = true
        let resting = idle.values.joined()
        idle = [:]
        for link in resting { link.codec.close() }
    }

    private func forget(_ link: UpstreamLink) {
        link.alarm.stop()
        uncount(link.key)
        idle[link.key]?.removeAll { $0 === link }
    }

    private func uncount(_ key: PoolKey) {
        guard let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }
}

/// One connection to an upstream.
final class UpstreamLink {
    let codec: HTTP1UpstreamCodec
    let key: PoolKey
    /// The one deadline of the connection: of the attempt that uses it, or of its rest in the pool.
    let alarm: Alarm
    /// The attempt in progress; it lets go of the connection when it ends.
    var attempt: Attempt?
    /// Whether it has carried an exchange before: then it may have died unnoticed.
    var isUsed = false

    init(codec: HTTP1UpstreamCodec, key: PoolKey, loop: any EventLoop) {
        self.codec = codec
        self.key = key
        alarm = Alarm(on: loop)
        alarm.rings { [weak self] in self?.rang() }
    }

    private func rang() {
        guard let attempt else { return codec.close() }
        attempt.rang()
    }
}
