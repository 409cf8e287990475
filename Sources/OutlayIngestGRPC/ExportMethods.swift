internal import GRPCCore
internal import OutlayCore
internal import OutlayIngest
internal import OutlayWire

/// The three `Export` methods of OTLP, whose messages are handed on as the bytes they came as.
struct ExportMethods: RegistrableRPCService {
    let receiver: OTLPReceiver

    func registerMethods<Transport>(with router: inout RPCRouter<Transport>) where Transport: ServerTransport {
        for signal in TelemetrySignal.allCases {
            router.registerHandler(
                forMethod: Self.method(of: signal),
                deserializer: RawMessage(),
                serializer: RawMessage()
            ) { request, _ in
                do {
                    let result = try await take(request, signal)
                    let answer = OTLPAnswer.taken(result, signal, .protobuf)
                    return StreamingServerResponse(single: ServerResponse(message: answer))
                } catch let refusal as TelemetryRefusal {
                    throw RPCError(refusal)
                }
            }
        }
    }

    static func method(of signal: TelemetrySignal) -> MethodDescriptor {
        let (package, service) =
            switch signal {
            case .traces: ("trace", "TraceService")
            case .metrics: ("metrics", "MetricsService")
            case .logs: ("logs", "LogsService")
            }
        return MethodDescriptor(
            fullyQualifiedService: "opentelemetry.proto.collector.\(package).v1.\(service)",
            method: "Export"
        )
    }

    /// The key first; what comes meanwhile is bounded by ``MessageGate``.
    private func take(_ request: StreamingServerRequest<[UInt8]>, _ signal: TelemetrySignal) async throws
        -> IntakeResult
    {
        let key = try receiver.admit(Self.credentials(of: request.metadata))
        var messages = request.messages.makeAsyncIterator()
        guard let body = try await messages.next() else {
            throw TelemetryRefusal(.malformed, "The call carried no request.")
        }
        return try await receiver.take(body, signal: signal, encoding: .protobuf, key: key)
    }

    private static func credentials(of metadata: Metadata) -> [String] {
        Credentials.candidates(
            bare: Credentials.keyFields.flatMap { Array(metadata[stringValues: $0]) },
            authorization: Array(metadata[stringValues: "authorization"])
        )
    }
}

extension RPCError {
    /// The refusal with its code; `RetryInfo` in the details tells exporters to send the same again.
    init(_ refusal: TelemetryRefusal) {
        var metadata = Metadata()
        if refusal.retryAfterSeconds != nil {
            metadata.addBinary(OTLPAnswer.refused(refusal, .protobuf), forKey: "grpc-status-details-bin")
        }
        self.init(code: Code(refusal.kind), message: refusal.message, metadata: metadata)
    }
}

extension RPCError.Code {
    /// The same numbers as ``TelemetryRefusal/code``.
    init(_ kind: TelemetryRefusal.Kind) {
        switch kind {
        case .malformed, .unsupported: self = .invalidArgument
        case .unauthenticated: self = .unauthenticated
        case .wrongDoor: self = .permissionDenied
        case .noSuchPath: self = .notFound
        case .tooLarge: self = .resourceExhausted
        case .busy, .unavailable: self = .unavailable
        }
    }
}

/// A message as the bytes it is.
struct RawMessage: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes {
        Bytes(message)
    }

    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
        unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
    }
}
