/// An answer ready to be played: what is sent, and what it will say on the bill.
struct Reply: Sendable {
    enum Body: Sendable {
        case whole([UInt8])
        case stream(StreamScript)
    }

    var status = 200
    var headers: [(name: String, value: String)] = []
    var body: Body
    /// `nil` for what no provider bills.
    var charge: Charge?
    var directions = Directions()

    init(status: Int = 200, json: JSON, charge: Charge? = nil) {
        self.status = status
        headers = [("content-type", "application/json")]
        body = .whole(json.bytes)
        self.charge = charge
    }

    init(type: String, body: Body, status: Int = 200, charge: Charge? = nil) {
        self.status = status
        headers = [("content-type", type)]
        self.body = body
        self.charge = charge
    }
}

/// One line of the provider's bill.
struct Charge: Hashable, Sendable {
    var dialect: Dialect
    var api: String
    var model: String
    var responseID: String?
    var usage: SandboxUsage
}

/// The events of a stream, made as they are sent.
struct StreamScript: Sendable {
    /// Before the first token.
    var opening: [[UInt8]]
    /// How many tokens of text follow.
    var tokens: Int
    /// The event that carries tokens `range`, as written for a stream in which they are the latest.
    var delta: @Sendable (Range<Int>) -> [UInt8]
    /// After the last token.
    var closing: [[UInt8]]
    /// What ends a complete stream (`[DONE]`, `message_stop`, `]`); left out by the fault `no-end`.
    var end: [UInt8]
    /// The dialect's error in mid-stream.
    var failure: [UInt8]
    /// Whether lines are those of server-sent events.
    var isEvents = true
}

extension StreamScript {
    /// `data: …` with a blank line, after `event: name` where the dialect names its events.
    static func event(_ name: String? = nil, _ data: JSON) -> [UInt8] {
        event(name, bytes: data.bytes)
    }

    static func event(_ name: String? = nil, bytes: [UInt8]) -> [UInt8] {
        let line = name.map { Array("event: \($0)\n".utf8) } ?? []
        return line + Array("data: ".utf8) + bytes + Array("\n\n".utf8)
    }
}
