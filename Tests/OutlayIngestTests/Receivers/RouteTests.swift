import HTTPTypes
import Hummingbird
import HummingbirdTesting
import OutlayCore
@testable import OutlayIngest
import OutlayWire
import Testing

/// Where telemetry is taken, from whom, and how it is answered.
@Suite struct RouteTests {
    static func application(_ stage: Stage) -> some ApplicationProtocol {
        Application(router: OTLPServer.router(stage.receiver))
    }

    static let protobuf: HTTPFields = [.contentType: "application/x-protobuf"]
    static let json: HTTPFields = [.contentType: "application/json"]

    /// Sends one request with a key that is for ingest.
    static func post(
        _ stage: Stage,
        _ path: String = "/v1/traces",
        _ headers: HTTPFields = protobuf,
        key: String? = "olk_ingest",
        body: [UInt8] = [1, 2, 3]
    ) async throws -> TestResponse {
        try await application(stage).test(.router) { client in
            var headers = headers
            if let key, let name = HTTPField.Name("x-api-key") { headers[name] = key }
            return try await client.execute(uri: path, method: .post, headers: headers, body: ByteBuffer(bytes: body))
        }
    }

    static let paths = [
        "/v1/SIGNAL", "/v1/SIGNAL/", "/api/v1/otlp/SIGNAL", "/api/v1/otlp/SIGNAL/", "/api/v1/otlp/v1/SIGNAL",
        "/api/v1/otlp/metrics/v1/SIGNAL", "/api/v1/otlp/traces/v1/SIGNAL", "/api/v1/otlp/logs/v1/SIGNAL",
        "/api/v1/otlp/v1/metrics/v1/SIGNAL", "/v1/metrics/v1/SIGNAL", "/v1/traces/v1/SIGNAL", "/v1/logs/v1/SIGNAL",
        "/api/public/otel/v1/SIGNAL",
    ]

    @Test(arguments: paths, TelemetrySignal.allCases)
    func `every path an exporter makes of an endpoint takes its signal`(
        _ path: String,
        _ signal: TelemetrySignal
    ) async throws {
        for (headers, encoding) in [(Self.protobuf, TelemetryEncoding.protobuf), (Self.json, .json)] {
            let stage = Stage()
            let path = path.replacing("SIGNAL", with: "\(signal)")
            let answer = try await Self.post(stage, path, headers)
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == headers[.contentType])
            #expect(
                Array(answer.body.readableBytesView) == OTLPAnswer.taken(IntakeResult(accepted: 1), signal, encoding)
            )
            let expected = FakeIntake.Taken(body: [1, 2, 3], signal: signal, encoding: encoding, key: "ingest")
            #expect(stage.intake.taken == [expected])
        }
    }

    @Test(arguments: ["/v1development/profiles", "/v1/profiles", "/v1", "/", "/api/v1/otlp/v1"])
    func `other paths are not found, told in the request's encoding`(_ path: String) async throws {
        let stage = Stage()
        let answer = try await Self.post(stage, path, Self.protobuf)
        #expect(answer.status == .notFound)
        #expect(answer.headers[.contentType] == "application/x-protobuf")
        #expect(Array(answer.body.readableBytesView).prefix(2) == [8, 5])
        #expect(stage.intake.taken.isEmpty)
    }

    @Test func `health answers without a key`() async throws {
        try await Self.application(Stage()).test(.router) { client in
            try await client.execute(uri: "/health", method: .get) { #expect($0.status == .ok) }
        }
    }

    /// Fields of a request, the status they are answered with and the key that was found.
    static let credentials: [(fields: [(String, String)], status: Int, key: String?)] = [
        ([("x-api-key", "olk_ingest")], 200, "ingest"),
        ([("x-outlay-key", "olk_ingest")], 200, "ingest"),
        ([("x-api-key", " olk_both ")], 200, "both"),
        ([("authorization", "Bearer olk_ingest")], 200, "ingest"),
        ([("authorization", "bearer  olk_ingest")], 200, "ingest"),
        ([("authorization", "Bearer%20olk_ingest")], 200, "ingest"),
        ([("authorization", "olk_ingest")], 200, "ingest"),
        // pk:olk_ingest, olk_ingest:, olk_ingest
        ([("authorization", "Basic cGs6b2xrX2luZ2VzdA==")], 200, "ingest"),
        ([("authorization", "Basic b2xrX2luZ2VzdDo=")], 200, "ingest"),
        ([("authorization", "basic b2xrX2luZ2VzdA==")], 200, "ingest"),
        ([("authorization", "Bearer unknown"), ("x-api-key", "olk_ingest")], 200, "ingest"),
        ([("authorization", "Bearer olk_ingest"), ("x-api-key", "olk_ingest")], 200, "ingest"),
        ([("authorization", "Bearer olk_both"), ("x-api-key", "olk_ingest")], 401, nil),
        ([], 401, nil),
        ([("x-api-key", "")], 401, nil),
        ([("x-api-key", "olk_nobody")], 401, nil),
        ([("authorization", "Basic !!!")], 401, nil),
        ([("authorization", "Digest olk_ingest")], 401, nil),
        ([("x-api-key", "olk_expired")], 401, nil),
        ([("x-api-key", "olk_revoked")], 401, nil),
        ([("x-api-key", "olk_gateway")], 403, nil),
    ]

    @Test(arguments: credentials)
    func `a key is found where exporters put it, and must be for telemetry`(
        _ row: (fields: [(String, String)], status: Int, key: String?)
    ) async throws {
        for (type, isProtobuf) in [("application/x-protobuf", true), ("application/json", false)] {
            let stage = Stage()
            var headers: HTTPFields = [.contentType: type]
            for (name, value) in row.fields { headers[try #require(HTTPField.Name(name))] = value }
            let answer = try await Self.post(stage, "/v1/logs", headers, key: nil)
            #expect(answer.status.code == row.status)
            #expect(answer.headers[.contentType] == type)
            #expect(stage.intake.taken.map(\.key) == (row.key.map { [$0] } ?? []))
            guard row.status != 200 else { continue }
            let code: UInt8 = row.status == 401 ? 16 : 7
            let body = Array(answer.body.readableBytesView)
            #expect(isProtobuf ? body.prefix(2) == [8, code] : body.starts(with: Array("{\"code\": \(code), ".utf8)))
        }
    }

    static let types: [(type: String?, status: Int)] = [
        ("application/json; charset=utf-8", 200), ("Application/X-Protobuf", 200), ("application/json ;x=y", 200),
        ("text/plain", 415), ("application/protobuf", 415), ("", 415), (nil, 415),
    ]

    @Test(arguments: types)
    func `a content type nobody promised to read is answered 415`(_ row: (type: String?, status: Int)) async throws {
        let stage = Stage()
        var headers: HTTPFields = [:]
        headers[.contentType] = row.type
        let answer = try await Self.post(stage, "/v1/logs", headers)
        #expect(answer.status.code == row.status)
        #expect(stage.intake.taken.count == (row.status == 200 ? 1 : 0))
    }

    static let failures: [(failure: IntakeFailure, status: Int, code: UInt8, retryAfter: String?)] = [
        (.malformed("depth"), 400, 3, nil),
        (.busy(retryAfterSeconds: 3), 429, 14, "3"),
        (.unavailable(retryAfterSeconds: 30), 503, 14, "30"),
    ]

    @Test(arguments: failures)
    func `what cannot be taken says whether to send it again, and when`(
        _ row: (failure: IntakeFailure, status: Int, code: UInt8, retryAfter: String?)
    ) async throws {
        let stage = Stage()
        stage.intake.answer(with: .failure(row.failure))
        let answer = try await Self.post(stage)
        #expect(answer.status.code == row.status)
        #expect(answer.headers[.retryAfter] == row.retryAfter)
        #expect(Array(answer.body.readableBytesView).prefix(2) == [8, row.code])
    }

    @Test func `what was rejected is told with 200`() async throws {
        let stage = Stage()
        stage.intake.answer(with: .success(AnswerTests.partial))
        let answer = try await Self.post(stage, "/v1/metrics")
        #expect(answer.status == .ok)
        #expect(Array(answer.body.readableBytesView) == (try AnswerTests.bytes("metrics-partial.bin")))
    }

    @Test func `an empty request is taken`() async throws {
        let stage = Stage()
        #expect(try await Self.post(stage, body: []).status == .ok)
        #expect(stage.intake.taken.map(\.body) == [[]])
    }
}
