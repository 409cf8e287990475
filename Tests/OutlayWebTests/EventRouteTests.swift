import Hummingbird
import HummingbirdTesting
import OutlayVault
import OutlayWeb
import Testing

/// `POST /api/v1/events`: who may, and what is said of what cannot be read.
struct EventRouteTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var token: String? = "admin"
        var header = "authorization"
        var query = ""
        var body = #"{"id":"a"}"#
        var status: Int
        var contains: [String] = []

        var testDescription: String { "\(token ?? "nobody") \(query) \(body.prefix(60))" }
    }

    @Test(arguments: [
        Row(status: 200, contains: [#""accepted":1"#, #""dry_run":false"#]),
        Row(token: "key-bot", status: 200), Row(token: "key-bot", header: "x-api-key", status: 200),
        Row(token: "key-other", status: 403, contains: ["forbidden"]),
        Row(token: "token-maria", status: 403), Row(token: "nonsense", status: 401), Row(token: nil, status: 401),
        Row(query: "?dry_run=true", status: 200, contains: [#""dry_run":true"#]),
        Row(query: "?source=import:csv&key=bot", status: 200),
        Row(query: "?source=gateway", status: 400, contains: ["import:NAME"]),
        Row(token: "key-bot", query: "?source=import:csv", status: 403),
        Row(token: "key-bot", query: "?key=other", status: 403),
        Row(body: "{\"id\":\"a\"}\n{\"id\":\"b\"}", status: 200, contains: [#""accepted":2"#]),
        Row(body: "", status: 400, contains: ["no events"]),
        Row(
            body: #"[{"id":"a"},{"modle":"x"},{"id":7}]"#,
            status: 400,
            contains: [
                "Event 1: 'modle' is no field of an event", "2 problems in all", "Nothing was booked",
                #""index":2"#, "invalid_request",
            ]
        ),
        Row(body: "[" + String(repeating: "{},", count: 10_000) + "{}]", status: 400, contains: ["More than 10000"]),
        Row(body: String(repeating: " ", count: (20 << 20) + 1), status: 413, contains: ["too_large"]),
    ])
    func `each caller is answered as the API says`(_ row: Row) async throws {
        try await RouteTests.application().test(.router) { client in
            var headers: HTTPFields = [:]
            if let token = row.token {
                let secret = token == "admin" ? RouteTests.token.reveal() : token
                headers[.init(row.header)!] = row.header == "authorization" ? "Bearer \(secret)" : secret
            }
            try await client.execute(
                uri: "/api/v1/events" + row.query,
                method: .post,
                headers: headers,
                body: ByteBuffer(string: row.body)
            ) { answer in
                let text = String(buffer: answer.body)
                #expect(answer.status.code == row.status, "\(text.prefix(500))")
                for part in row.contains { #expect(text.contains(part), "\(text.prefix(500))") }
            }
        }
    }
}
