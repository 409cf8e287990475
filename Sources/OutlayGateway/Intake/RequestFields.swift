internal import OutlayCore
internal import OutlayWire

/// A request's header fields, sorted in one pass by what they are to the gateway.
struct RequestFields {
    /// Passed on as they came; never a credential, a claim or a hop-by-hop field.
    private(set) var forwarded: [Field] = []
    /// Where a provider key may stand; passed on only in bring-your-own mode.
    private(set) var credentials: [Field] = []
    private(set) var callerKeys: [String] = []
    private(set) var claims: [(name: String, value: String)] = []
    private(set) var host: String?
    private(set) var contentType: String?
    private(set) var contentLength: Int?
    private(set) var links = CallLinks()
    /// The turn of Codex that the call names.
    private(set) var turn: CodexTurn?
    /// What an agent calls its session: groups calls where nothing better does.
    private(set) var session: String?
    /// What the head announces: `Expect: 100-continue`, an upgrade, `anthropic-version`, a compressed body.
    private(set) var marks = Marks()

    struct Marks {
        var hostCount = 0
        var expectsContinue = false
        var isUpgrade = false
        var isWebSocket = false
        var hasAnthropicVersion = false
        var isEncoded = false
        var retryCount = 0
        var connectionNames: [String] = []
    }

    init(_ fields: [Field], attributing: any Attributing) {
        forwarded.reserveCapacity(fields.count)
        for field in fields { take(field, attributing: attributing) }
        let named = marks.connectionNames
        if !named.isEmpty { forwarded.removeAll { field in named.contains { field.name.isField($0) } } }
        links.attempt = 1 + marks.retryCount
    }

    private mutating func take(_ field: Field, attributing: any Attributing) {
        let role = FieldRole(field.name)
        switch role {
        case .claim: claims.append((field.name, field.value))
        case .forwarded where attributing.isClaim(field: field.name): claims.append((field.name, field.value))
        case .forwarded: forwarded.append(field)
        case .dropped: break
        case .host:
            host = field.value
            marks.hostCount += 1
        case .authorization, .keyField: credentials.append(field)
        case .callerKey: callerKeys.append(field.value)
        case .contentLength: contentLength = Int(field.value)
        case .trace: takeTrace(field.value)
        default: takeAnnouncement(role, field)
        }
    }

    private mutating func takeAnnouncement(_ role: FieldRole, _ field: Field) {
        switch role {
        case .connection:
            marks.connectionNames += field.connectionOptions
        case .expect: marks.expectsContinue = field.value.isField("100-continue")
        case .upgrade:
            marks.isUpgrade = true
            marks.isWebSocket = field.value.lowercased().contains("websocket")
        case .contentEncoding: marks.isEncoded = !field.value.isField("identity")
        case .contentType:
            contentType = field.value
            forwarded.append(field)
        case .anthropicVersion:
            marks.hasAnthropicVersion = true
            forwarded.append(field)
        case .clientRequestID:
            links.clientRequestID = String(field.value.prefix(256))
            forwarded.append(field)
        case .retryCount:
            marks.retryCount = Int(field.value).map { max(0, min(1000, $0)) } ?? 0
            forwarded.append(field)
        case .codexTurn:
            turn = CodexTurn(header: field.value)
            session = turn?.session ?? session
            forwarded.append(field)
        case .session:
            session = field.value
            forwarded.append(field)
        default: break
        }
    }

    /// `00-TRACE-SPAN-FLAGS`; anything else is no trace.
    private mutating func takeTrace(_ value: String) {
        let parts = value.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.isHex(parts[1], 32), Self.isHex(parts[2], 16) else { return }
        links.traceID = parts[1].lowercased()
        links.spanID = parts[2].lowercased()
    }

    private static func isHex(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
            && text.utf8.contains { $0 != UInt8(ascii: "0") }
    }
}

extension RequestFields {
    /// Why the caller says it needs the call (`X-Outlay-Justification`), at most 500 characters.
    var justification: String? {
        claims.first { $0.name.isField("x-outlay-justification") }.map { String($0.value.prefix(500)) }
    }
}
