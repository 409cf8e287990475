import Foundation
import OutlayTestKit

/// One request of telemetry as an emitter sent it.
struct TelemetryBody {
    var signal: String
    var isJSON: Bool
    /// Relative to the root of the repository.
    var path: String
    var bytes: Data

    /// The requests of a folder of `Tests/Fixtures/otlp`, in the order in which they were captured.
    static func bodies(of emitter: String, isJSON: Bool = false) throws -> [TelemetryBody] {
        let suffix = isJSON ? "json" : "bin"
        return try Repository.files(under: "Tests/Fixtures/otlp/\(emitter)").sorted().compactMap { path in
            let parts = (path.split(separator: "/").last ?? "").split(separator: ".")
            guard parts.count == 2, parts[1] == suffix, let signal = parts[0].split(separator: "-").last,
                ["traces", "metrics", "logs"].contains(signal)
            else { return nil }
            let bytes = try Data(contentsOf: Repository.root.appending(path: path))
            return TelemetryBody(signal: String(signal), isJSON: isJSON, path: path, bytes: bytes)
        }
    }
}

extension Installation {
    /// Posts to the receiver's own port, and says how it was answered.
    func post(_ body: TelemetryBody, key: String, isGzip: Bool = false) throws -> HTTP.Answer {
        var headers = [("x-api-key", key)]
        headers.append(("content-type", body.isJSON ? "application/json" : "application/x-protobuf"))
        if isGzip { headers.append(("content-encoding", "gzip")) }
        var request = HTTP.Request(path: "/v1/\(body.signal)", headers: headers.map { (name: $0.0, value: $0.1) })
        request.payload = isGzip ? Data(Gzip.compress(Array(body.bytes))) : body.bytes
        return try HTTP.exchange(request, with: otlpHTTP)
    }

    /// Books what still waits for a better signal.
    func flushTelemetry() async throws {
        let spoken = try await outlay("sources", "--flush")
        guard spoken.status == 0 else { throw Child.Failure(description: spoken.errors) }
    }

    /// What is booked of any time, however the clocks of fixtures and machine stand to each other.
    func spendEver(by dimensions: String) async throws -> SpendReport {
        try await spend(by: dimensions, "--from", "2020-01", "--to", "2039-12")
    }

    /// Makes many keys by the API, which is quicker than a process for each.
    func makeKeys(_ names: [String]) throws -> [String: String] {
        let token = try String(contentsOfFile: data + "/admin-token", encoding: .utf8)
        let headers = [
            (name: "authorization", value: "Bearer \(token.trimmingCharacters(in: .whitespacesAndNewlines))"),
            (name: "content-type", value: "application/json"),
        ]
        var keys: [String: String] = [:]
        for name in names {
            let request = HTTP.Request(path: "/api/v1/keys", headers: headers, body: #"{"name":"\#(name)"}"#)
            let answer = try HTTP.exchange(request, with: web)
            keys[name] = try JSONDecoder().decode(KeyReport.self, from: answer.body).key
        }
        return keys
    }
}
