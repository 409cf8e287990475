import Foundation

/// The addresses in the line that `outlay serve` prints when it is ready.
struct ReadyLine: Decodable {
    var ready: Bool
    var web: String
    var gateway: String
    var otlpHTTP: String?
    var otlpGRPC: String?

    private enum CodingKeys: String, CodingKey {
        case ready, web, gateway
        case otlpHTTP = "otlp_http"
        case otlpGRPC = "otlp_grpc"
    }

    /// Flags that have a server take free ports.
    static let anyPorts = ["--web", "--gateway", "--otlp-http", "--otlp-grpc"].flatMap { [$0, "127.0.0.1:0"] }

    /// Flags that have a server listen where this one does.
    var flags: [String] {
        let doors = [("--web", web), ("--gateway", gateway), ("--otlp-http", otlpHTTP), ("--otlp-grpc", otlpGRPC)]
        return doors.flatMap { [$0.0, $0.1.map { String($0.trimmingPrefix("http://")) } ?? "off"] }
    }
}

/// `outlay spend --format json`, as a program outside the project would read it.
struct SpendReport: Decodable, Equatable {
    struct Row: Decodable, Equatable {
        var key: [String: String?]
        var calls: Int
        var usage: [String: Double]
        var costUSD: String?
        var unpricedCalls: Int
        var estimatedCalls: Int
        var unmeteredCalls: Int

        private enum CodingKeys: String, CodingKey {
            case key, calls, usage
            case costUSD = "cost_usd"
            case unpricedCalls = "unpriced_calls"
            case estimatedCalls = "estimated_calls"
            case unmeteredCalls = "unmetered_calls"
        }

        func units(_ name: String) -> Int {
            Int(usage[name] ?? 0)
        }

        func tag(_ dimension: String) -> String? {
            key[dimension].flatMap { $0 }
        }
    }

    var from: String
    var to: String
    var zone: String
    var rows: [Row]
    var total: Row
}

/// `outlay explain CALL-ID --format json`: one event of a call.
struct CallReport: Decodable {
    struct Line: Decodable {
        var unit: String
        var quantity: Double
        var amountUSD: String

        private enum CodingKeys: String, CodingKey {
            case unit, quantity
            case amountUSD = "amount_usd"
        }
    }

    struct Tag: Decodable {
        var dimension: String
        var value: String
        var from: String
    }

    var id: String
    var kind: String
    var model: String?
    var tags: [Tag]
    var quality: String
    var method: String?
    var state: String
    var lines: [Line]
    var costUSD: String?
    var outcome: String
    var attempt: Int

    private enum CodingKeys: String, CodingKey {
        case id, kind, model, tags, quality, method, state, lines, outcome, attempt
        case costUSD = "cost_usd"
    }
}

/// `outlay verify --json`.
struct VerifyReport: Decodable {
    var events: Int
    var costUSD: String
    var differences: [String]

    private enum CodingKeys: String, CodingKey {
        case events, differences
        case costUSD = "cost_usd"
    }
}

/// `outlay key create --format json`.
struct KeyReport: Decodable {
    var id: String
    var key: String
}
