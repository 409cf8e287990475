/// A metered request understood: who is asked for what, and what it will consume.
struct Call: Sendable {
    let request: SandboxRequest
    let body: JSON
    let directions: Directions
    /// The model that serves it.
    let model: String
    let usage: SandboxUsage
    let hash: UInt64
    /// Whether the answer stops because the caller's limit was reached.
    let isLimited: Bool
    let ids: Identity

    /// - Throws: ``DirectionError`` when the request asks the sandbox for something it does not know.
    init(_ request: SandboxRequest, _ body: JSON, model: String?, ids: Identity) throws(DirectionError) {
        let prompt = Prompt(body)
        directions = try Directions(headers: request.headers, body: prompt.directions)
        self.request = request
        self.body = body
        self.model = directions.model ?? model ?? body["model"]?.text ?? "sandbox-model"
        hash = prompt.hash
        self.ids = ids.named(directions.id)
        let natural = 24 + Int(prompt.hash >> 32 & 31)
        let limit = Self.limit(body)
        var usage = SandboxUsage()
        usage.input = max(1, (prompt.characters + 3) / 4)
        usage.output = min(natural, limit ?? natural)
        for (name, path) in SandboxUsage.names {
            if let count = directions.usage[name] { usage[keyPath: path] = count }
        }
        usage.reasoning = min(usage.reasoning, usage.output)
        self.usage = usage
        isLimited = limit.map { $0 <= usage.output } ?? false
    }

    private static func limit(_ body: JSON) -> Int? {
        let written =
            body["max_completion_tokens"] ?? body["max_tokens"] ?? body["max_output_tokens"]
            ?? body["generationConfig"]?["maxOutputTokens"]
        return written?.integer.map { min(max(1, $0), 1_000_000) }
    }

    var isStream: Bool { body["stream"]?.bool ?? false }
    /// Tokens that are text rather than thoughts.
    var textTokens: Int { usage.output - usage.reasoning }
    var text: String { Wording.text(hash, 0..<textTokens) }

    var hasUsage: Bool { !directions.fault.has(.noUsage) }
    var hasUsageTwice: Bool { directions.fault.has(.usageTwice) }

    /// The usage member, twice where the fault asks for it, absent where it does.
    func usageMembers(_ name: String, _ usage: JSON) -> [JSON.Member] {
        let member = JSON.Member(name: name, value: usage)
        return hasUsage ? (hasUsageTwice ? [member, member] : [member]) : []
    }

    func charge(_ api: String, id: String?) -> Charge {
        Charge(dialect: request.dialect, api: api, model: model, responseID: id, usage: usage)
    }
}

/// The names an answer carries.
struct Identity: Hashable, Sendable {
    /// Unique per request, unless the caller fixed it.
    var suffix: String
    /// Unix seconds.
    var created: Int

    init(suffix: String, created: Int) {
        self.suffix = suffix
        self.created = created
    }

    func named(_ name: String?) -> Identity {
        name.map { Identity(suffix: $0, created: 1_790_000_000) } ?? self
    }
}
