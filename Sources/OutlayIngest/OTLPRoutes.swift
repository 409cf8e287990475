internal import HTTPTypes
package import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// OTLP over HTTP: the same routes on its own port and on the web port.
package struct OTLPRoutes: Sendable {
    private let receiver: OTLPReceiver

    package init(_ receiver: OTLPReceiver) {
        self.receiver = receiver
    }

    package func add(to router: Router<some RequestContext>) {
        for signal in TelemetrySignal.allCases {
            for path in Self.paths(of: signal) {
                router.post(RouterPath(path)) { request, _ in await answer(to: request, signal) }
            }
        }
    }

    /// Where requests of a signal are accepted.
    ///
    /// Exporters append `/v1/SIGNAL` to an endpoint, or do not, by which variable it was given in; so an endpoint that
    /// is a signal's own path already counts too. The last signal of a path is what the body is.
    static func paths(of signal: TelemetrySignal) -> [String] {
        let appended = TelemetrySignal.allCases.map { "/\($0)/v1/\(signal)" }
        // "/api/public/otel" is Langfuse's.
        let standard = ["", "/api/v1/otlp", "/api/public/otel"].flatMap { base in
            [base + "/v1/\(signal)"] + appended.map { base + "/v1" + $0 }
        }
        let short = ["/\(signal)"] + appended
        return standard + short.map { "/api/v1/otlp" + $0 }
    }

    private func answer(to request: Request, _ signal: TelemetrySignal) async -> Response {
        let (encoding, isKnown) = Self.encoding(of: request)
        do {
            let result = try await take(request, signal, isKnown ? encoding : nil)
            return Self.response(.ok, OTLPAnswer.taken(result, signal, encoding), encoding)
        } catch {
            return Self.response(refusing: error, encoding)
        }
    }

    /// The key first, so that nobody unknown makes us read; then what can be told from the head; then the body.
    private func take(
        _ request: Request,
        _ signal: TelemetrySignal,
        _ encoding: TelemetryEncoding?
    ) async throws(TelemetryRefusal) -> IntakeResult {
        let key = try receiver.admit(Self.credentials(of: request.headers))
        guard let encoding else { throw .unknownType }
        let reading = try BodyReading(request.headers, limits: receiver.limits)
        let share = BodyShare(of: receiver.allowance)
        defer { share.giveBack() }
        let body = try await reading.body(of: request, share)
        return try await receiver.take(body, signal: signal, encoding: encoding, key: key)
    }

    private static func credentials(of headers: HTTPFields) -> [String] {
        let names = Credentials.keyFields.compactMap { HTTPField.Name($0) }
        return Credentials.candidates(
            bare: names.flatMap { headers[values: $0] },
            authorization: headers[values: .authorization]
        )
    }

    /// The encoding of a request, in which it is answered too; JSON where it names none we know.
    static func encoding(of request: Request) -> (TelemetryEncoding, isKnown: Bool) {
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }
        return switch type.lowercased() {
        case "application/x-protobuf": (.protobuf, true)
        case "application/json": (.json, true)
        default: (.json, false)
        }
    }

    static func response(refusing refusal: TelemetryRefusal, _ encoding: TelemetryEncoding) -> Response {
        var response = response(
            HTTPResponse.Status(code: refusal.httpStatus),
            OTLPAnswer.refused(refusal, encoding),
            encoding
        )
        if let seconds = refusal.retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
        if refusal.kind == .unauthenticated { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    private static func response(
        _ status: HTTPResponse.Status,
        _ body: [UInt8],
        _ encoding: TelemetryEncoding
    ) -> Response {
        let type =
            switch encoding {
            case .protobuf: "application/x-protobuf"
            case .json: "application/json"
            }
        return Response(
            status: status,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}

extension TelemetryRefusal {
    fileprivate static let unknownType = TelemetryRefusal(
        .unsupported,
        "Send application/x-protobuf or application/json as the Content-Type."
    )
}
