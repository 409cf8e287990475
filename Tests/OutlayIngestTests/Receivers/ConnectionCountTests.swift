import NIOCore
import NIOEmbedded
@testable import OutlayIngestGRPC
import Testing

@Suite struct ConnectionCountTests {
    /// A connection as it is when it was accepted.
    private static func accepted() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/test")).wait()
        return channel
    }

    @Test func `a connection over the number is closed, and one that ends makes room`() throws {
        let connections = ConnectionCount(most: 1)
        let channels = try (0..<3).map { _ in try Self.accepted() }
        try connections.admit(channels[0]).wait()
        #expect(channels[0].isActive)
        try connections.admit(channels[1]).wait()
        #expect(!channels[1].isActive)
        try channels[0].close().wait()
        channels[0].embeddedEventLoop.run()
        channels[1].embeddedEventLoop.run()
        try connections.admit(channels[2]).wait()
        #expect(channels[2].isActive)
    }
}
