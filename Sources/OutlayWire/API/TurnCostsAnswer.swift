package import OutlayCore

/// What Codex asks the gateway about turns, and what it is told.
///
/// `POST …/analytics/codex/turn-costs` with `{"turn_ids": […]}`; Codex then reports our price as its own.
package enum TurnCostsQuestion {
    package static let path = "/analytics/codex/turn-costs"
    private static let idsMax = 1000
    private static let bodyBytesMax = 256 << 10

    /// Whether a call is this question, whatever stands before it.
    package static func isAsked(method: String, path: String) -> Bool {
        guard method == "POST" else { return false }
        let bare = path.hasSuffix("/") ? String(path.dropLast()) : path
        return bare == Self.path || bare == "/v1" + Self.path
    }

    /// The turns asked for; `nil` when `body` is not the question.
    package static func turns(in body: [UInt8]) -> [String]? {
        guard body.count <= bodyBytesMax, let document = try? JSONDocument(body),
            let list = document.root["turn_ids"], list.kind == .array
        else { return nil }
        let ids = list.elements.map(\.string)
        guard ids.count <= idsMax, !ids.contains(nil) else { return nil }
        return ids.compactMap(\.self)
    }
}

/// What one turn cost, as far as the gateway knows.
package struct TurnCost: Hashable, Sendable {
    package struct Response: Hashable, Sendable {
        package var id: String
        package var cost: Money

        package init(id: String, cost: Money) {
            self.id = id
            self.cost = cost
        }
    }

    package var turn: String
    /// The cost of the calls without a response's id.
    package var rest: Money = .zero
    /// How many calls there were.
    package var eventCount = 0
    package var model: String?
    package var speed = "standard"
    package var reasoningEffort: String?
    package var responses: [Response] = []

    package init(turn: String) {
        self.turn = turn
    }

    package var total: Money { responses.reduce(rest) { $0 + $1.cost } }
}

extension TurnCost {
    /// The body of the answer; a turn without a cost is *pending*, which Codex asks again.
    package static func answer(_ turns: [(id: String, cost: TurnCost?)]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { answer in
            answer.key("turns")
            answer.array { list in
                for turn in turns {
                    list.object { object in
                        object.member("turn_id", turn.id)
                        object.member("status", turn.cost == nil ? "pending" : "priced")
                        turn.cost?.write(to: &object)
                    }
                }
            }
        }
        return writer.bytes
    }

    private func write(to object: inout JSONWriter) {
        object.member("total_usd", total.description)
        object.key("event_count")
        object.int(eventCount)
        for (key, text) in [("model", model), ("speed", speed), ("reasoning_effort", reasoningEffort)] {
            object.key(key)
            if let text { object.string(text) } else { object.null() }
        }
        object.key("responses")
        object.array { list in
            for response in responses {
                list.object {
                    $0.member("response_id", response.id)
                    $0.member("total_usd", response.cost.description)
                }
            }
        }
    }
}
