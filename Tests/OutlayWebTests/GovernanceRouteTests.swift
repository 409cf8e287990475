import Hummingbird
import HummingbirdTesting
import OutlayVault
import OutlayWeb
import Testing

/// Every route of budgets and approvals × every kind of caller: who may, and nobody else.
struct GovernanceRouteTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var method: HTTPRequest.Method
        var path: String
        var body = "{}"
        /// The status for the administrator, an approver, the key that asked, and another key.
        var statuses: [Int]

        var testDescription: String { "\(method) \(path)" }
    }

    @Test(arguments: [
        Row(method: .get, path: "budgets", statuses: [200, 200, 403, 403]),
        Row(method: .get, path: "budgets/growth", statuses: [200, 200, 403, 403]),
        Row(method: .get, path: "budgets/none", statuses: [404, 404, 403, 403]),
        Row(
            method: .put,
            path: "budgets/sales",
            body: #"{"name":"x","limit":"5 USD"}"#,
            statuses: [200, 403, 403, 403]
        ),
        Row(method: .put, path: "budgets/sales", body: #"{"limit":"much"}"#, statuses: [400, 403, 403, 403]),
        Row(method: .delete, path: "budgets/none", statuses: [404, 403, 403, 403]),
        Row(
            method: .post,
            path: "budgets/growth/grants",
            body: #"{"amount":"5 USD","until":"24h","reason":"launch"}"#,
            statuses: [201, 403, 403, 403]
        ),
        Row(
            method: .post,
            path: "budgets/growth/overrides",
            body: #"{"amount":"5 USD","until":"yesterday","reason":"launch"}"#,
            statuses: [400, 403, 403, 403]
        ),
        Row(
            method: .post,
            path: "budgets/growth/increases",
            body: #"{"amount":"5","until":"7d","reason":"launch"}"#,
            statuses: [201, 201, 403, 403]
        ),
        Row(method: .post, path: "budgets/growth/sign-off", statuses: [400, 403, 403, 403]),
        Row(method: .get, path: "approvals", statuses: [200, 200, 200, 200]),
        Row(method: .get, path: "approvals?state=lost", statuses: [400, 400, 400, 400]),
        Row(method: .get, path: "approvals/apr_1", statuses: [200, 200, 200, 404]),
        Row(method: .post, path: "approvals/apr_1/approve", statuses: [200, 200, 403, 403]),
        Row(method: .post, path: "approvals/apr_1/deny", body: #"{"reason":"no"}"#, statuses: [200, 200, 403, 403]),
        Row(
            method: .post,
            path: "approvals/decide",
            body: #"{"ids":["apr_1"],"decision":"approve","extent":"amount","amount_usd":"3"}"#,
            statuses: [200, 200, 403, 403]
        ),
        Row(
            method: .post,
            path: "approvals/apr_1/justification",
            body: #"{"text":"the quarter ends"}"#,
            statuses: [200, 403, 200, 404]
        ),
        Row(method: .get, path: "agents/scout", statuses: [200, 200, 200, 200]),
        Row(method: .post, path: "agents/scout/suspend", statuses: [200, 403, 403, 403]),
        Row(method: .post, path: "agents/scout/resume", statuses: [404, 403, 403, 403]),
        Row(method: .get, path: "suspensions", statuses: [200, 200, 403, 403]),
        Row(method: .post, path: "suspensions", body: #"{"scope":{"team":["a"]}}"#, statuses: [201, 403, 403, 403]),
        Row(method: .delete, path: "suspensions/sus_1", statuses: [404, 403, 403, 403]),
        Row(method: .post, path: "admissions", statuses: [200, 403, 200, 200]),
        Row(method: .post, path: "admissions/x/settle", body: #"{"cost_usd":"1"}"#, statuses: [404, 403, 404, 404]),
        Row(method: .delete, path: "admissions/x", statuses: [404, 403, 404, 404]),
        Row(method: .get, path: "audit", statuses: [200, 403, 403, 403]),
        Row(method: .get, path: "spend", statuses: [200, 403, 403, 403]),
        Row(method: .get, path: "keys", statuses: [200, 403, 403, 403]),
    ])
    func `each route is open to whom it names and to nobody else`(_ row: Row) async throws {
        let secrets = [RouteTests.token.reveal(), "token-maria", "key-bot", "key-other"]
        for (secret, status) in zip(secrets + ["token-gone", "wrong", ""], row.statuses + [403, 401, 401]) {
            try await RouteTests.application().test(.router) { client in
                var headers: HTTPFields = [.contentType: "application/json"]
                if !secret.isEmpty { headers[.authorization] = "Bearer \(secret)" }
                try await client.execute(
                    uri: "/api/v1/" + row.path,
                    method: row.method,
                    headers: headers,
                    body: ByteBuffer(string: row.body)
                ) { answer in
                    #expect(answer.status.code == status, "\(secret.prefix(11)): \(String(buffer: answer.body))")
                }
            }
        }
    }

    @Test func `a key for telemetry alone writes events and reads nothing back`() async throws {
        try await RouteTests.application().test(.router) { client in
            let headers: HTTPFields = [.authorization: "Bearer key-ingest", .contentType: "application/json"]
            let readings: [(HTTPRequest.Method, String)] = [
                (.get, "approvals"), (.get, "approvals/apr_1"), (.post, "approvals/apr_1/justification"),
                (.get, "agents/scout"), (.post, "admissions"), (.post, "admissions/x/settle"), (.get, "spend"),
            ]
            for (method, path) in readings {
                try await client.execute(uri: "/api/v1/" + path, method: method, headers: headers) { answer in
                    #expect(answer.status == .forbidden, "\(path)")
                }
            }
            try await client.execute(
                uri: "/api/v1/events",
                method: .post,
                headers: headers,
                body: ByteBuffer(string: #"{"events":[]}"#)
            ) { answer in
                #expect(answer.status != .forbidden && answer.status != .unauthorized)
            }
        }
    }

    @Test func `a key sees its own requests and no figures of an agent`() async throws {
        try await RouteTests.application().test(.router) { client in
            let other: HTTPFields = [.authorization: "Bearer key-other"]
            try await client.execute(uri: "/api/v1/approvals", method: .get, headers: other) { answer in
                #expect(String(buffer: answer.body) == "[]")
            }
            let own: HTTPFields = [.init("x-api-key")!: "key-bot"]
            try await client.execute(uri: "/api/v1/agents/scout", method: .get, headers: own) { answer in
                #expect(String(buffer: answer.body).contains("\"meters\":[]"))
            }
        }
    }

    @Test func `the second decision is a conflict that names the first`() async throws {
        try await RouteTests.application().test(.router) { client in
            let maria: HTTPFields = [.authorization: "Bearer token-maria", .contentType: "application/json"]
            for status in [200, 409] {
                try await client.execute(
                    uri: "/api/v1/approvals/apr_1/approve",
                    method: .post,
                    headers: maria,
                    body: ByteBuffer(string: "{}")
                ) { answer in
                    #expect(answer.status.code == status)
                    #expect(String(buffer: answer.body).contains("approver:maria"))
                }
            }
        }
    }
}

/// The pages of budgets and approvals, for the administrator and for approvers.
struct GovernancePageTests {
    private static func session(_ secret: String, _ client: some TestClientProtocol) async throws -> String {
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        return try await client.execute(
            uri: "/sign-in",
            method: .post,
            headers: form,
            body: ByteBuffer(string: "secret=\(secret)")
        ) { answer in
            String((answer.headers[.setCookie] ?? "").prefix { $0 != ";" })
        }
    }

    @Test func `an approver signs in, sees what waits and approves it from our own page only`() async throws {
        try await RouteTests.application().test(.router) { client in
            let cookie = try await Self.session("token-maria", client)
            var headers: HTTPFields = [.cookie: cookie, .contentType: "application/x-www-form-urlencoded"]
            for (path, text) in [
                ("/approvals", "&lt;b&gt;scout&lt;/b&gt;"), ("/approvals/apr_1", "value=approve"),
                ("/budgets", "<meter"),
            ] {
                try await client.execute(uri: path, method: .get, headers: headers) { answer in
                    #expect(answer.status == .ok)
                    #expect(String(buffer: answer.body).contains(text), "\(path)")
                }
            }
            let form = ByteBuffer(string: "decision=approve&extent=amount&amount=&until=&reason=")
            try await client.execute(uri: "/approvals/apr_1", method: .post, headers: headers, body: form) { answer in
                #expect(answer.status == .unauthorized)
            }
            headers[.init("sec-fetch-site")!] = "same-origin"
            try await client.execute(uri: "/approvals/apr_1", method: .post, headers: headers, body: form) { answer in
                #expect(String(buffer: answer.body).contains("Say which amount."))
            }
            let good = ByteBuffer(string: "decision=approve&extent=amount&amount=3&until=&reason=")
            try await client.execute(uri: "/approvals/apr_1", method: .post, headers: headers, body: good) { answer in
                #expect(answer.status == .seeOther)
            }
            try await client.execute(uri: "/approvals/apr_1", method: .get, headers: headers) { answer in
                #expect(String(buffer: answer.body).contains("approved by approver:maria"))
            }
            try await client.execute(uri: "/", method: .get, headers: headers) { answer in
                #expect(answer.status == .forbidden)
            }
        }
    }

    @Test func `an approver ticks several requests and decides them together, once, or none of them`() async throws {
        try await RouteTests.application().test(.router) { client in
            let cookie = try await Self.session("token-maria", client)
            var headers: HTTPFields = [.cookie: cookie, .contentType: "application/x-www-form-urlencoded"]
            func send(_ form: String) async throws -> (status: HTTPResponse.Status, text: String) {
                try await client.execute(
                    uri: "/approvals",
                    method: .post,
                    headers: headers,
                    body: ByteBuffer(string: form)
                ) { ($0.status, String(buffer: $0.body)) }
            }
            let both = "ids%5B%5D=apr_1&ids%5B%5D=apr_2&amount=&until="
            #expect(try await send(both + "&decision=approve&extent=once").status == .unauthorized)
            headers[.init("sec-fetch-site")!] = "same-origin"
            #expect(try await send("decision=deny&reason=no").text.contains("Tick the requests"))
            let unsaid = try await send(both + "&decision=deny&reason=")
            #expect(unsaid.text.contains("a denial needs a reason"))
            #expect(unsaid.text.ranges(of: " checked>").count == 2, "both stay ticked")
            let unknown = try await send("ids%5B%5D=apr_1&ids%5B%5D=apr_9&decision=deny&reason=no")
            #expect(unknown.text.contains("apr_9"))
            try await client.execute(uri: "/approvals/apr_1", method: .get, headers: headers) { answer in
                #expect(String(buffer: answer.body).contains("value=approve"), "none was decided")
            }
            #expect(try await send(both + "&decision=approve&extent=once").status == .seeOther)
            for id in ["apr_1", "apr_2"] {
                try await client.execute(uri: "/approvals/\(id)", method: .get, headers: headers) { answer in
                    #expect(String(buffer: answer.body).contains("approved by approver:maria"), "\(id)")
                }
            }
            #expect(try await send(both + "&decision=deny&reason=no").text.contains("was approved by approver:maria"))
        }
    }

    @Test(arguments: ["key-bot", "wrong", "token-gone"])
    func `who is no approver gets no session with pages`(_ secret: String) async throws {
        try await RouteTests.application().test(.router) { client in
            let cookie = try await Self.session(secret, client)
            try await client.execute(uri: "/approvals", method: .get, headers: [.cookie: cookie]) { answer in
                #expect([.seeOther, .forbidden].contains(answer.status))
            }
        }
    }
}
