internal import NIOCore
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
