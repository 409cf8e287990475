import Foundation
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
package import OutlayCore
import ServiceLifecycle

/// A model provider that thinks nothing and charges nothing: OpenAI's, Anthropic's and Google's API on one port.
///
/// Used by `outlay demo` and the tests. It accepts connections once ``start(_:logger:now:)`` returns.
package final class Sandbox: Service {
    package struct Options: Hashable, Sendable {
        package var host = "127.0.0.1"
        /// 0 picks a free one.
        package var port = 0
        package var threads = 1
        /// The key callers must bring; any will do when `nil`.
        package var requiredKey: String?
        /// A file that every served call is appended to.
        package var recordPath: String?

        package init() {}
    }

    package let bill: Bill
    /// Scheme, host and port, without a trailing slash: `http://127.0.0.1:40123`.
    package let url: String
    package let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let logger: Logger

    private init(bill: Bill, host: String, group: MultiThreadedEventLoopGroup, listener: any Channel, logger: Logger) {
        self.bill = bill
        self.group = group
        self.listener = listener
        self.logger = logger
        port = listener.localAddress?.port ?? 0
        url = "http://\(host):\(port)"
    }

    /// Opens the port.
    package static func start(
        _ options: Options = Options(),
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp = {
            Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
        }
    ) async throws -> Sandbox {
        let bill = Bill(record: try options.recordPath.map { try CallRecord(path: $0) })
        let core = SandboxCore(
            provider: Provider(requiredKey: options.requiredKey),
            bill: bill,
            run: String(UInt32.random(in: .min ... .max), radix: 36),
            now: now
        )
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, options.threads))
        do {
            let listener = try await bootstrap(group, core).bind(host: options.host, port: options.port).get()
            let sandbox = Sandbox(bill: bill, host: options.host, group: group, listener: listener, logger: logger)
            logger.info("sandbox provider listens", metadata: ["url": "\(sandbox.url)"])
            return sandbox
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Serves until graceful shutdown.
    package func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }

    /// Closes the port and every connection.
    package func stop() async {
        try? await listener.close()
        do {
            try await group.shutdownGracefully()
        } catch {
            logger.warning("sandbox provider did not stop cleanly", metadata: ["error": "\(error)"])
        }
    }

    private static func bootstrap(_ group: MultiThreadedEventLoopGroup, _ core: SandboxCore) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(ConnectionHandler(service: core))
                }
            }
    }
}
