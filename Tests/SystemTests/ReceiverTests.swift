import Foundation
import Testing

extension Promises {
    /// Telemetry comes in by ports of its own, and by the web port.
    @Suite struct ReceiverTests {
        /// Posts an empty request and says with which status it was answered.
        private static func status(of path: String, at address: String, key: String?) throws -> Int {
            var headers = [(name: "content-type", value: "application/json")]
            if let key { headers.append((name: "x-api-key", value: key)) }
            return try HTTP.exchange(HTTP.Request(path: path, headers: headers, body: "{}"), with: address).status
        }

        @Test(.timeLimit(.minutes(1)))
        func `four doors are open, and telemetry is taken by the keys that are for it`() async throws {
            let installation = try await Installation.withSandbox()
            let doors = [installation.web, installation.gateway, installation.otlpHTTP, installation.otlpGRPC]
            #expect(Set(doors).count == 4)
            #expect(doors.allSatisfy { $0.hasPrefix("http://127.0.0.1:") })
            let gateway = try await installation.makeKey("calls", "--for", "gateway")
            let ingest = try await installation.makeKey("telemetry", "--for", "ingest")
            for (address, path) in [
                (installation.otlpHTTP, "/v1/traces"), (installation.web, "/v1/metrics"),
                (installation.web, "/api/v1/otlp/logs"),
            ] {
                #expect(try Self.status(of: path, at: address, key: nil) == 401)
                #expect(try Self.status(of: path, at: address, key: gateway) == 403)
                let answered = try Self.status(of: path, at: address, key: ingest)
                #expect([200, 503].contains(answered), "\(path): \(answered)")
            }
            let metrics = try HTTP.exchange(HTTP.Request(method: "GET", path: "/metrics"), with: installation.web).text
            for line in ["outlay_otlp_requests_total 3", "outlay_otlp_refusals_total 6"] {
                #expect(metrics.contains(line), "\(line) is not in \(metrics)")
            }
            #expect(try await installation.outlay("key", "revoke", "telemetry").status == 0)
            #expect(try Self.status(of: "/v1/traces", at: installation.otlpHTTP, key: ingest) == 401)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a door that is off has no address`() async throws {
            let scratch = try Scratch()
            let arguments =
                ["serve", "--data", scratch.path("data"), "--web", "127.0.0.1:0"]
                + ["--gateway", "127.0.0.1:0", "--otlp-http", "off", "--otlp-grpc", "off"]
            let server = try Child(Programs.outlay, arguments, in: scratch)
            let ready = try await server.firstLine(as: ReadyLine.self)
            #expect(ready.ready && ready.otlpHTTP == nil && ready.otlpGRPC == nil)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a request that is half here does not keep the server from stopping`() async throws {
            let installation = try await Installation.withSandbox()
            let key = try await installation.makeKey("telemetry", "--for", "ingest")
            let connection = try HTTP.Connection(to: installation.otlpHTTP)
            let head = "POST /v1/logs HTTP/1.1\r\nhost: a\r\nx-api-key: \(key)\r\ncontent-type: application/json\r\n"
            try connection.send(Data((head + "expect: 100-continue\r\ncontent-length: 100\r\n\r\n{").utf8))
            let status = try Self.status(of: "/v1/logs", at: installation.otlpHTTP, key: nil)
            #expect(status == 401)
            installation.server.signal(SIGTERM)
            var bytes = Data()
            while let more = try connection.receive() { bytes.append(more) }
            #expect(String(decoding: bytes, as: UTF8.self).contains("503 Service Unavailable"))
            #expect(await installation.server.end() == 0)
        }

        @Test(.timeLimit(.minutes(1)), arguments: ["--otlp-http", "--otlp-grpc"])
        func `a telemetry port that is taken ends with 2 and names the flag`(_ flag: String) async throws {
            let installation = try await Installation.withSandbox()
            let taken = installation.otlpHTTP.replacing("http://", with: "")
            let arguments =
                ["serve", "--data", installation.scratch.path("other")] + ReadyLine.anyPorts + [flag, taken]
            let spoken = try await Spoken.by(Programs.outlay, arguments, in: installation.scratch)
            #expect(spoken.status == 2, "\(spoken.errors)")
            #expect(spoken.errors.contains(taken) && spoken.errors.contains(flag), "\(spoken.errors)")
        }
    }
}
