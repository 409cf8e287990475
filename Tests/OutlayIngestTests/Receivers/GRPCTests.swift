import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import OutlayCore
@testable import OutlayIngest
@testable import OutlayIngestGRPC
import OutlayTestKit
import OutlayWire
import ServiceLifecycle
import Testing

/// The receiver over gRPC, asked by a real client.
@Suite struct GRPCTests {
    typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

    /// Runs a server on a free port, a client of it, and stops both.
    static func withClient(
        _ stage: Stage,
        isGzip: Bool = false,
        isSecure: Bool = false,
        _ work: (Client) async throws -> Void
    ) async throws {
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        var listener = OTLPServer.Listener(host: "127.0.0.1", port: 0)
        if isSecure {
            listener.certificate = (
                Fixture.url("tls/localhost.pem").path(), Fixture.url("tls/localhost.key.pem").path()
            )
        }
        let server = OTLPGRPCServer(stage.receiver, listener: listener) { opened.yield($0) }
        let group = ServiceGroup(services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            let transport = try HTTP2ClientTransport.Posix(
                target: .ipv4(address: "127.0.0.1", port: port),
                transportSecurity: isSecure ? .tls { $0.serverCertificateVerification = .noVerification } : .plaintext,
                config: .defaults { config in
                    config.compression.algorithm = isGzip ? .gzip : .none
                    config.compression.enabledAlgorithms = .gzip
                }
            )
            try await withGRPCClient(transport: transport) { try await work($0) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    static func export(
        _ client: Client,
        _ body: [UInt8] = [1, 2, 3],
        _ signal: TelemetrySignal = .traces,
        metadata: Metadata = ["x-api-key": "olk_ingest"]
    ) async throws -> [UInt8] {
        try await client.unary(
            request: ClientRequest(message: body, metadata: metadata),
            descriptor: ExportMethods.method(of: signal),
            serializer: RawMessage(),
            deserializer: RawMessage(),
            options: .defaults
        ) { try $0.message }
    }

    /// The error a call ends with.
    static func failure(of call: () async throws -> [UInt8]) async throws -> RPCError {
        do {
            let answer = try await call()
            throw RPCError(code: .unknown, message: "it was taken: \(answer)")
        } catch let error as RPCError {
            return error
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func `each signal is taken, compressed or not`(_ isGzip: Bool) async throws {
        let stage = Stage()
        try await Self.withClient(stage, isGzip: isGzip) { client in
            for signal in TelemetrySignal.allCases {
                let answer = try await Self.export(client, BodyTests.text, signal)
                #expect(answer == [])
            }
        }
        let expected = TelemetrySignal.allCases.map {
            FakeIntake.Taken(body: BodyTests.text, signal: $0, encoding: .protobuf, key: "ingest")
        }
        #expect(stage.intake.taken == expected)
        #expect(stage.receiver.allowance.bytesHeld == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `with a certificate it speaks TLS`() async throws {
        let stage = Stage()
        try await Self.withClient(stage, isSecure: true) {
            let answer = try await Self.export($0)
            #expect(answer == [])
        }
        #expect(stage.intake.taken.count == 1)
    }

    @Test func `the methods are OpenTelemetry's`() {
        #expect(
            TelemetrySignal.allCases.map { ExportMethods.method(of: $0).fullyQualifiedMethod }.sorted() == [
                "opentelemetry.proto.collector.logs.v1.LogsService/Export",
                "opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
                "opentelemetry.proto.collector.trace.v1.TraceService/Export",
            ]
        )
    }

    static let credentials: [(metadata: Metadata, code: RPCError.Code?)] = [
        (["authorization": "Bearer olk_ingest"], nil),
        (["x-outlay-key": "olk_both"], nil),
        ([:], .unauthenticated),
        (["x-api-key": "olk_nobody"], .unauthenticated),
        (["x-api-key": "olk_revoked"], .unauthenticated),
        (["x-api-key": "olk_gateway"], .permissionDenied),
    ]

    @Test(.timeLimit(.minutes(1)))
    func `a key is found where exporters put it, and must be for telemetry`() async throws {
        let stage = Stage()
        try await Self.withClient(stage) { client in
            for (metadata, code) in Self.credentials {
                if let code {
                    let error = try await Self.failure { try await Self.export(client, metadata: metadata) }
                    #expect(error.code == code, "\(metadata)")
                } else {
                    #expect(try await Self.export(client, metadata: metadata) == [])
                }
            }
        }
        #expect(stage.intake.taken.map(\.key) == ["ingest", "both"])
    }

    static let failures: [(failure: IntakeFailure, code: RPCError.Code, seconds: UInt8?)] = [
        (.malformed("depth"), .invalidArgument, nil),
        (.busy(retryAfterSeconds: 3), .unavailable, 3),
        (.unavailable(retryAfterSeconds: 30), .unavailable, 30),
    ]

    @Test(.timeLimit(.minutes(1)))
    func `what cannot be taken says whether to send it again, and when`() async throws {
        let stage = Stage()
        try await Self.withClient(stage) { client in
            for (failure, code, seconds) in Self.failures {
                stage.intake.answer(with: .failure(failure))
                let error = try await Self.failure { try await Self.export(client) }
                #expect(error.code == code)
                let details = error.metadata[binaryValues: "grpc-status-details-bin"].first { _ in true }
                #expect(details?.suffix(6) == seconds.map { [0x12, 4, 0x0a, 2, 8, $0] })
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what was rejected is told in the answer`() async throws {
        let stage = Stage()
        stage.intake.answer(with: .success(AnswerTests.partial))
        try await Self.withClient(stage) { client in
            let answer = try await Self.export(client, [], .metrics)
            #expect(answer == (try AnswerTests.bytes("metrics-partial.bin")))
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func `a message over the limit is refused for good`(_ isGzip: Bool) async throws {
        let stage = Stage(IngestLimits(bodyBytesMax: 1 << 20))
        try await Self.withClient(stage, isGzip: isGzip) { client in
            let large = [UInt8](repeating: 0, count: (1 << 20) + 1)
            let error = try await Self.failure { try await Self.export(client, large) }
            #expect(error.code == .resourceExhausted)
            #expect(error.metadata[binaryValues: "grpc-status-details-bin"].first { _ in true } == nil)
            #expect(try await Self.export(client, Array(large.dropLast())) == [])
        }
        #expect(stage.intake.taken.map(\.body.count) == [1 << 20])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a bomb is refused for good and leaves nothing behind`() async throws {
        let stage = Stage()
        try await Self.withClient(stage, isGzip: true) { client in
            let error = try await Self.failure { try await Self.export(client, [UInt8](repeating: 0, count: 64 << 20)) }
            #expect(error.code == .resourceExhausted)
        }
        #expect(stage.intake.taken.isEmpty)
        #expect(stage.receiver.allowance.bytesHeld == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `over what all bodies together may hold a call is welcome later`() async throws {
        var limits = IngestLimits()
        limits.bytesInFlightMax = 200_000
        let stage = Stage(limits)
        let other = BodyShare(of: stage.receiver.allowance)
        try await Self.withClient(stage) { client in
            #expect(other.grow(by: 155_000))
            let error = try await Self.failure { try await Self.export(client, BodyTests.text) }
            #expect(error.code == .unavailable)
            #expect(error.metadata[binaryValues: "grpc-status-details-bin"].first { _ in true } != nil)
            other.giveBack()
            #expect(try await Self.export(client, BodyTests.text) == [])
        }
        #expect(stage.intake.taken.count == 1)
        #expect(stage.receiver.allowance.bytesHeld == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a port that is taken is an error that names it`() async throws {
        let stage = Stage()
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        let listener = OTLPServer.Listener(host: "127.0.0.1", port: 0)
        let first = OTLPGRPCServer(stage.receiver, listener: listener) { opened.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await first.run() }
            let port = try #require(await ports.first { _ in true })
            let taken = OTLPServer.Listener(host: "127.0.0.1", port: port)
            let second = OTLPGRPCServer(stage.receiver, listener: taken) { _ in Issue.record("it opened") }
            let error = await #expect(throws: (any Error).self) { try await second.run() }
            #expect("\(error.map { "\($0)" } ?? "")".contains("ddress already in use"))
            tasks.cancelAll()
            while let _ = try? await tasks.next() {}
        }
    }
}
