import Hummingbird
import HummingbirdTesting
import Logging
import OutlayCore
import OutlayTestKit
import OutlayVault
@testable import OutlayWeb
import Testing

/// One request and what its answer must and must not hold.
struct RouteCase: Sendable, CustomTestStringConvertible {
    var method: HTTPRequest.Method = .get
    var path: String
    var isSignedIn = true
    var body = ""
    var status: HTTPResponse.Status
    var contains: [String] = []
    var excludes: [String] = []

    var testDescription: String { "\(method) \(path)" }
}

struct RouteTests {
    static let token = AccessToken.generate()

    static func application(_ operations: FakeOperations = FakeOperations()) -> some ApplicationProtocol {
        let router = WebRouter(
            ledger: MemoryLedger(),
            operations: operations,
            governance: FakeGovernance(),
            sessions: Sessions(token: AccessToken(token)),
            gatewayURL: { "http://127.0.0.1:7071" },
            isSecure: false,
            logger: Logger(label: "test")
        )
        return Application(router: router.router())
    }

    @Test(arguments: [
        RouteCase(path: "/health", isSignedIn: false, status: .ok, contains: ["ok"]),
        RouteCase(path: "/ready", isSignedIn: false, status: .ok),
        RouteCase(path: "/metrics", isSignedIn: false, status: .ok, contains: ["outlay_calls_total"]),
        RouteCase(path: "/api/v1/openapi.json", isSignedIn: false, status: .ok, contains: ["\"openapi\":\"3.1.0\""]),
        RouteCase(path: "/assets/outlay.css", isSignedIn: false, status: .ok),
        RouteCase(path: "/sign-in", isSignedIn: false, status: .ok, contains: ["<form method=post"]),
        RouteCase(path: "/", isSignedIn: false, status: .seeOther),
        RouteCase(path: "/", status: .ok, contains: ["Spend in 2026-11", "$0.00"]),
        RouteCase(path: "/api/v1/spend", isSignedIn: false, status: .unauthorized, contains: ["unauthenticated"]),
        RouteCase(path: "/api/v1/spend", status: .ok, contains: ["\"rows\":[]", "2026-11-01T00:00:00Z"]),
        RouteCase(path: "/api/v1/spend?by=Team", status: .badRequest, contains: ["no dimension"]),
        RouteCase(path: "/api/v1/spend?from=yesterday", status: .badRequest, contains: ["2026-11"]),
        RouteCase(path: "/api/v1/spend?grain=year", status: .badRequest, contains: ["hour, day, week or month"]),
        RouteCase(path: "/api/v1/spend?zone=Mars", status: .badRequest, contains: ["time zone"]),
        RouteCase(path: "/api/v1/spend?where=team", status: .badRequest, contains: ["--where team=growth"]),
        RouteCase(path: "/api/v1/calls/call_x", status: .notFound, contains: ["not_found"]),
        RouteCase(path: "/api/v1/nothing", status: .notFound),
        RouteCase(path: "/api/v1/keys", status: .ok),
        RouteCase(
            method: .post,
            path: "/api/v1/keys",
            body: #"{"name":"ci-bot","tags":{"team":"platform"}}"#,
            status: .created,
            contains: ["olk_", "\"team\":\"platform\""]
        ),
        RouteCase(method: .post, path: "/api/v1/keys", body: #"{"name":""}"#, status: .badRequest),
        RouteCase(method: .post, path: "/api/v1/keys", body: "{", status: .badRequest),
        RouteCase(method: .post, path: "/api/v1/keys", isSignedIn: false, body: "{}", status: .unauthorized),
        RouteCase(method: .delete, path: "/api/v1/keys/nobody", status: .notFound, contains: ["outlay key list"]),
        RouteCase(method: .post, path: "/api/v1/verify", status: .ok, contains: ["\"differences\":[]"]),
        RouteCase(path: "/api/v1/doctor", status: .ok, contains: ["sound"]),
        RouteCase(
            method: .post,
            path: "/api/v1/prices",
            body: #"{"book":"{}"}"#,
            status: .unprocessableContent,
            contains: ["untrusted"]
        ),
        RouteCase(path: "/api/v1/backup", status: .serviceUnavailable, contains: ["disk is full"]),
    ])
    func `each route answers each caller as the API says`(_ route: RouteCase) async throws {
        try await Self.application().test(.router) { client in
            var headers: HTTPFields = [.contentType: "application/json"]
            if route.isSignedIn { headers[.authorization] = "Bearer \(Self.token.reveal())" }
            try await client.execute(
                uri: route.path,
                method: route.method,
                headers: headers,
                body: ByteBuffer(string: route.body)
            ) { answer in
                let text = String(buffer: answer.body)
                #expect(answer.status == route.status, "\(text)")
                for part in route.contains { #expect(text.contains(part)) }
                for part in route.excludes { #expect(!text.contains(part)) }
                #expect(answer.headers[.init("content-security-policy")!]?.contains("default-src 'none'") == true)
            }
        }
    }

    @Test func `routes that others add are open doors of the same port`() async throws {
        var router = WebRouter(
            ledger: MemoryLedger(),
            operations: FakeOperations(),
            governance: FakeGovernance(),
            sessions: Sessions(token: AccessToken(Self.token)),
            gatewayURL: { "" },
            isSecure: false,
            logger: Logger(label: "test")
        )
        router.additions = [{ $0.post("api/v1/added") { _, _ in HTTPResponse.Status.accepted } }]
        try await Application(router: router.router()).test(.router) { client in
            try await client.execute(uri: "/api/v1/added", method: .post) { #expect($0.status == .accepted) }
            try await client.execute(uri: "/api/v1/keys", method: .get) { #expect($0.status == .unauthorized) }
        }
    }

    @Test func `an installation that is not ready says why`() async throws {
        try await Self.application(FakeOperations(unready: "the journal is full")).test(.router) { client in
            try await client.execute(uri: "/ready", method: .get) { answer in
                #expect(answer.status == .serviceUnavailable)
                #expect(String(buffer: answer.body).contains("the journal is full"))
            }
        }
    }

    @Test func `a one-time code signs in once, and a session changes things only from our own pages`() async throws {
        let sessions = Sessions(token: AccessToken(Self.token))
        let operations = FakeOperations()
        let code = sessions.issueCode(now: operations.now())
        let router = WebRouter(
            ledger: MemoryLedger(),
            operations: operations,
            governance: FakeGovernance(),
            sessions: sessions,
            gatewayURL: { "" },
            isSecure: false,
            logger: Logger(label: "test")
        )
        try await Application(router: router.router()).test(.router) { client in
            let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            let body = ByteBuffer(string: "secret=\(code)")
            let cookie = try await client.execute(uri: "/sign-in", method: .post, headers: form, body: body) { answer in
                #expect(answer.status == .seeOther)
                return try #require(answer.headers[.setCookie])
            }
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
            try await client.execute(uri: "/sign-in", method: .post, headers: form, body: body) { answer in
                #expect(answer.status == .ok)
            }
            let session = String(cookie.prefix { $0 != ";" })
            try await client.execute(uri: "/", method: .get, headers: [.cookie: session]) { answer in
                #expect(answer.status == .ok)
            }
            let change = #"{"name":"forged"}"#
            try await client.execute(
                uri: "/api/v1/keys",
                method: .post,
                headers: [.cookie: session, .contentType: "application/json"],
                body: ByteBuffer(string: change)
            ) { answer in
                #expect(answer.status == .unauthorized)
            }
        }
    }
}
