/// Who did something to budgets and approvals, as the audit log names them.
package enum Principal: Hashable, Sendable {
    /// Whoever holds the administrator's token.
    case administrator
    /// A configured approver, by name.
    case approver(String)
    /// A client key, by name: a program.
    case key(String)
    /// The product itself: thresholds, and what time does.
    case outlay
}

extension Principal: LosslessStringConvertible {
    /// `admin`, `approver:maria`, `key:ci-bot`, `outlay`.
    package var description: String {
        switch self {
        case .administrator: "admin"
        case .approver(let name): "approver:\(name)"
        case .key(let name): "key:\(name)"
        case .outlay: "outlay"
        }
    }

    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.last) {
        case ("admin", _) where parts.count == 1: self = .administrator
        case ("outlay", _) where parts.count == 1: self = .outlay
        case ("approver", let name?) where parts.count == 2: self = .approver(name)
        case ("key", let name?) where parts.count == 2: self = .key(name)
        default: return nil
        }
    }
}

extension Principal: Codable {
    package init(from decoder: any Decoder) throws {
        self = try decoder.value(Self.init(_:))
    }

    package func encode(to encoder: any Encoder) throws {
        try encoder.write(description)
    }
}
