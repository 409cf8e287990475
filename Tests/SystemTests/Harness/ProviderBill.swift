import Foundation

/// What the sandbox provider wrote down about the calls it served, by the caller's own name for each.
struct ProviderBill {
    /// One line of the record; a call has one when it is seen and another when it ends.
    struct Line: Decodable {
        var number: Int
        var api: String
        var model: String
        var clientRequestID: String?
        var usage: [String: Int]
        var state: String

        private enum CodingKeys: String, CodingKey {
            case number, api, model, usage, state
            case clientRequestID = "client_request_id"
        }

        func units(_ name: String) -> Int { usage[name] ?? 0 }
    }

    /// The last word about each call, in the order the provider saw them.
    let calls: [Line]

    init(file: String) throws {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let lines = try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        let last = Dictionary(lines.map { ($0.number, $0) }) { $1 }
        calls = last.values.sorted { $0.number < $1.number }
    }

    /// Calls by their client request id; those without one are left out.
    var byClientRequest: [String: [Line]] {
        Dictionary(grouping: calls.filter { $0.clientRequestID != nil }) { $0.clientRequestID ?? "" }
    }

    /// The sum of one unit over all calls.
    func total(_ unit: String) -> Int {
        calls.reduce(0) { $0 + $1.units(unit) }
    }
}
