package import OutlayCore

/// What a call claims about itself, for the resolver of attributions.
package struct CallClaims: Sendable {
    /// Every header field that speaks to Outlay (`X-Team`, `X-Outlay-Tags`, `baggage` …), in order.
    package var fields: [(name: String, value: String)]
    /// Tags in the provider's own metadata fields.
    package var metadata: [(name: String, value: String)]
    /// The end user, where the body names one in plain text.
    package var user: String?
    /// The path below the upstream's prefix.
    package var path: String
    package var host: String?
    /// The W3C trace id: the run, where nothing else names one.
    package var traceID: String?
    /// What an agent calls its session: the run, where there is no trace either.
    package var sessionID: String?
    /// What a token says whose signature was verified.
    package var token: TokenClaims?

    package init(
        fields: [(name: String, value: String)],
        metadata: [(name: String, value: String)] = [],
        user: String? = nil,
        path: String,
        host: String? = nil,
        traceID: String? = nil
    ) {
        self.fields = fields
        self.metadata = metadata
        self.user = user
        self.path = path
        self.host = host
        self.traceID = traceID
    }
}

/// Decides whom a call belongs to; OutlayCore's resolver conforms in the composition root.
package protocol Attributing: Sendable {
    /// Whether the field is addressed to Outlay: read as a claim, and never forwarded.
    func isClaim(field name: String) -> Bool

    /// Whether the same claims of the same key are attributed alike at any time, so that an answer may be remembered.
    var isSteady: Bool { get }

    /// Whom the call belongs to; `inherited` are the effective tags of its trace's first call by the same key.
    func attribute(_ claims: CallClaims, key: KeyRules, at time: Timestamp, inherited: TagSet?) -> Attribution
}

extension Attributing {
    package var isSteady: Bool { false }
}

extension CallClaims {
    /// Whether the two say the same.
    func isSame(as other: CallClaims) -> Bool {
        Self.isSame(fields, other.fields) && Self.isSame(metadata, other.metadata) && user == other.user
            && path == other.path && host == other.host && traceID == other.traceID && sessionID == other.sessionID
            && token == nil && other.token == nil
    }

    private static func isSame(
        _ left: [(name: String, value: String)],
        _ right: [(name: String, value: String)]
    ) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
