package import OutlayCore

/// Why the gateway did not forward a call, or ended it.
///
/// The raw value is stable: callers match on it, and every one is documented.
package enum RefusalCode: String, Hashable, Sendable, CaseIterable {
    case missingKey = "missing_key"
    case invalidKey = "invalid_key"
    case keyExpired = "key_expired"
    case keyRevoked = "key_revoked"
    case invalidToken = "invalid_token"
    case keyNotForGateway = "key_not_for_gateway"
    case modelNotAllowed = "model_not_allowed"
    case upstreamNotAllowed = "upstream_not_allowed"
    case unknownUpstream = "unknown_upstream"
    case invalidPath = "invalid_path"
    case invalidTag = "invalid_tag"
    case policyDenied = "policy_denied"
    case suspended
    case duplicateKey = "duplicate_key"
    case malformedBody = "malformed_body"
    case bodyTooLarge = "body_too_large"
    case headersTooLarge = "headers_too_large"
    case malformedRequest = "malformed_request"
    case overloaded
    case throttled
    case budgetExceeded = "budget_exceeded"
    case approvalPending = "approval_pending"
    case upstreamUnreachable = "upstream_unreachable"
    case upstreamTimeout = "upstream_timeout"
    case upstreamRedirect = "upstream_redirect"
    case upstreamInvalid = "upstream_invalid"
    case upstreamKeyMissing = "upstream_key_missing"
    case websocketNotMetered = "websocket_not_metered"
    case ledgerUnavailable = "ledger_unavailable"
    case shuttingDown = "shutting_down"
    case internalError = "internal_error"

    /// The HTTP status of a refusal before the first byte of an answer.
    package var status: Int {
        switch self {
        case .missingKey, .invalidKey, .keyExpired, .keyRevoked, .invalidToken: 401
        case .budgetExceeded, .approvalPending: 402
        case .keyNotForGateway, .modelNotAllowed, .upstreamNotAllowed, .policyDenied, .suspended: 403
        case .unknownUpstream: 404
        case .duplicateKey, .malformedBody, .malformedRequest, .invalidPath, .invalidTag: 400
        case .bodyTooLarge: 413
        case .headersTooLarge: 431
        case .throttled: 429
        case .websocketNotMetered: 501
        case .upstreamUnreachable, .upstreamRedirect, .upstreamInvalid, .upstreamKeyMissing: 502
        case .overloaded, .ledgerUnavailable, .shuttingDown: 503
        case .upstreamTimeout: 504
        case .internalError: 500
        }
    }

    /// Whether trying again may help; SDKs obey it as `x-should-retry`.
    ///
    /// `nil` leaves it to the status.
    package var shouldRetry: Bool? {
        switch status {
        case 400...404, 413, 431, 501: false
        case 429, 503: true
        default: self == .upstreamRedirect || self == .upstreamKeyMissing ? false : nil
        }
    }
}

/// A refusal, told in the words of the dialect the caller speaks.
package struct Refusal: Error, Hashable, Sendable {
    /// What is known beside the message, as the `outlay` object of the body.
    package struct Details: Hashable, Sendable {
        package var callID: String?
        package var budget: String?
        package var policy: String?
        /// Amounts are decimal strings in dollars.
        package var limitUSD: String?
        package var spentUSD: String?
        package var reservedUSD: String?
        /// Where a budget counts no dollars.
        package var counts: Counts?
        /// RFC 3339.
        package var resetsAt: String?
        package var helpURL: String?

        package init(callID: String? = nil) {
            self.callID = callID
        }

        /// How a budget of tokens or calls stands.
        package struct Counts: Hashable, Sendable {
            package var unit: BudgetUnit
            package var limit: Int128
            package var spent: Int128
            package var reserved: Int128

            package init(_ unit: BudgetUnit, limit: Int128, spent: Int128, reserved: Int128) {
                self.unit = unit
                self.limit = limit
                self.spent = spent
                self.reserved = reserved
            }
        }
    }

    package var code: RefusalCode
    /// Says what happened and what to do next.
    package var message: String
    package var shouldRetry: Bool?
    /// Seconds, for throttles and outages; at most 60.
    package var retryAfter: Int?
    package var details: Details

    package init(
        _ code: RefusalCode,
        _ message: String,
        shouldRetry: Bool? = nil,
        retryAfter: Int? = nil,
        details: Details = Details()
    ) {
        self.code = code
        self.message = message
        self.shouldRetry = shouldRetry ?? code.shouldRetry
        self.retryAfter = retryAfter.map { max(1, min(60, $0)) }
        self.details = details
    }

    package var status: Int { code.status }

    /// The headers that go with the body, its type included.
    package var headers: [(name: String, value: String)] {
        var headers = [(name: "content-type", value: "application/json")]
        if let shouldRetry { headers.append(("x-should-retry", shouldRetry ? "true" : "false")) }
        if let retryAfter { headers.append(("retry-after", String(retryAfter))) }
        return headers
    }
}
