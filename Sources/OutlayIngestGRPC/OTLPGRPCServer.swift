internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import NIOCore
package import OutlayIngest
internal import ServiceLifecycle

/// The port for OTLP over gRPC as a service, with or without TLS.
///
/// It runs on the event loops the other receivers share, so an idle one costs no thread.
package struct OTLPGRPCServer: Service {
    private let receiver: OTLPReceiver
    private let listener: OTLPServer.Listener
    private let opened: @Sendable (Int) async -> Void

    /// - Parameter opened: called with the port once connections are accepted.
    package init(
        _ receiver: OTLPReceiver,
        listener: OTLPServer.Listener,
        opened: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.receiver = receiver
        self.listener = listener
        self.opened = opened
    }

    package func run() async throws {
        let transport = HTTP2ServerTransport.Posix(
            address: try address(),
            transportSecurity: security,
            config: configuration
        )
        let server = GRPCServer(transport: transport, services: [ExportMethods(receiver: receiver)])
        try await withGracefulShutdownHandler {
            do {
                try await withThrowingDiscardingTaskGroup { group in
                    group.addTask { try await server.serve() }
                    // Where nothing could be bound, the other task says why.
                    if let bound = try? await transport.listeningAddress { await opened(bound.port ?? listener.port) }
                }
            } catch let error as RuntimeError {
                throw error.cause ?? error
            }
        } onGracefulShutdown: {
            server.beginGracefulShutdown()
        }
    }

    private func address() throws -> GRPCNIOTransportCore.SocketAddress {
        let resolved = try NIOCore.SocketAddress.makeAddressResolvingHost(listener.host, port: listener.port)
        let host = resolved.ipAddress ?? listener.host
        return switch resolved {
        case .v6: .ipv6(host: host, port: listener.port)
        default: .ipv4(host: host, port: listener.port)
        }
    }

    private var security: HTTP2ServerTransport.Posix.TransportSecurity {
        guard let files = listener.certificate else { return .plaintext }
        return .tls(
            certificateChain: [.file(path: files.chain, format: .pem)],
            privateKey: .file(path: files.key, format: .pem)
        )
    }

    private var configuration: HTTP2ServerTransport.Posix.Config {
        var configuration = HTTP2ServerTransport.Posix.Config.defaults
        configuration.compression.enabledAlgorithms = .gzip
        // Never asked: MessageGate refuses before.
        configuration.rpc.maxRequestPayloadSize = receiver.limits.bodyBytesMax
        configuration.http2.maxConcurrentStreams = 100
        configuration.connection.maxIdleTime = .seconds(600)
        // A stream that never ends must not keep the process from stopping.
        configuration.connection.maxGraceTime = .seconds(15)
        let connections = ConnectionCount(most: receiver.limits.connectionsMax)
        configuration.channelDebuggingCallbacks.onAcceptTCPConnection = { connections.admit($0) }
        configuration.channelDebuggingCallbacks.onAcceptHTTP2Stream = { [receiver] channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(MessageGate(receiver), position: .first)
            }
        }
        return configuration
    }
}

extension GRPCNIOTransportCore.SocketAddress {
    fileprivate var port: Int? { ipv4?.port ?? ipv6?.port }
}
