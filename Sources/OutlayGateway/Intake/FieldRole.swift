/// What a request field is to the gateway, by its name.
enum FieldRole: Sendable {
    /// Passed on as it came.
    case forwarded
    /// Ends here: hop-by-hop, private to the way from the caller to us, or rewritten (S-03).
    case dropped
    /// Says whom the call belongs to: read, never passed on.
    case claim
    case host
    case authorization
    /// A key in a field of its own: `x-api-key`, `x-goog-api-key`, `api-key`.
    case keyField
    /// `X-Outlay-Key`: names the caller.
    case callerKey
    case contentLength
    case contentType
    case contentEncoding
    case connection
    case expect
    case upgrade
    case trace
    case anthropicVersion
    case clientRequestID
    case retryCount
    /// Which turn of Codex the call belongs to.
    case codexTurn
    /// Which session of an agent the call belongs to.
    case session

    /// - Parameter name: in any case.
    init(_ name: String) {
        self = Self.known[name] ?? (Self.privatePrefixes.contains { name.hasFieldPrefix($0) } ? .dropped : .forwarded)
    }

    private static let privatePrefixes = ["x-outlay-", "x-forwarded-", "proxy-", "sec-"]

    private static let known = FieldTable<FieldRole>([
        "host": .host,
        "authorization": .authorization,
        "x-api-key": .keyField, "x-goog-api-key": .keyField, "api-key": .keyField,
        "x-outlay-key": .callerKey, "x-outlay-tags": .claim, "x-outlay-justification": .claim, "baggage": .claim,
        "content-length": .contentLength, "content-type": .contentType, "content-encoding": .contentEncoding,
        "connection": .connection, "expect": .expect, "upgrade": .upgrade,
        "traceparent": .trace,
        "anthropic-version": .anthropicVersion,
        "x-codex-turn-metadata": .codexTurn, "x-claude-code-session-id": .session,
        "x-client-request-id": .clientRequestID, "x-stainless-retry-count": .retryCount,
        "keep-alive": .dropped, "proxy-connection": .dropped, "te": .dropped, "trailer": .dropped,
        "transfer-encoding": .dropped, "accept-encoding": .dropped, "tracestate": .dropped, "forwarded": .dropped,
        "via": .dropped, "x-real-ip": .dropped, "cookie": .dropped, "origin": .dropped, "referer": .dropped,
        "http2-settings": .dropped,
    ])

    /// Fields of an answer that end here: hop-by-hop, about the provider's own origin, or ours to set.
    ///
    /// - Parameter name: in any case.
    static func isDroppedFromAnswer(_ name: String) -> Bool {
        droppedFromAnswer[name] != nil || name.hasFieldPrefix("x-outlay-") || name.hasFieldPrefix("proxy-")
    }

    private static let droppedFromAnswer = FieldTable<Void>([
        "connection": (), "keep-alive": (), "te": (), "trailer": (), "transfer-encoding": (), "upgrade": (),
        "set-cookie": (), "alt-svc": (), "strict-transport-security": (),
    ])
}

/// Values by the names of fields, in any case; a look-up allocates nothing, because it is made for every field.
struct FieldTable<Value: Sendable>: Sendable {
    /// By the length of the name: few have the same.
    private let byLength: [[(name: String, value: Value)]]

    /// - Parameter values: by names in lower case.
    init(_ values: KeyValuePairs<String, Value>) {
        let longest = values.lazy.map(\.key.utf8.count).max() ?? 0
        var byLength = [[(name: String, value: Value)]](repeating: [], count: longest + 1)
        for (name, value) in values { byLength[name.utf8.count].append((name, value)) }
        self.byLength = byLength
    }

    subscript(_ name: String) -> Value? {
        let length = name.utf8.count
        guard length < byLength.count else { return nil }
        for entry in byLength[length] where name.isField(entry.name) { return entry.value }
        return nil
    }
}
