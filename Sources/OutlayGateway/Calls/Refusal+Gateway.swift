internal import OutlayWire

/// What the gateway itself says no to, in one place, so that the wording stays one.
extension Refusal {
    static let stopping = Refusal(.shuttingDown, "The gateway is restarting; try again.", retryAfter: 1)
    static let overloaded = Refusal(
        .overloaded,
        "The gateway holds as many request bodies as it may; try again.",
        retryAfter: 1
    )
    static let journalFull = Refusal(
        .ledgerUnavailable,
        "The gateway cannot write calls down: its disk is full or too slow. Nothing was forwarded.",
        retryAfter: 5
    )
    static let tooSlow = Refusal(.malformedRequest, "The request did not arrive in time; send it again, faster.")
    static let malformed = Refusal(.malformedRequest, "The request is not valid HTTP/1.1.")
    static let headersTooLarge = Refusal(
        .headersTooLarge,
        "The request has more than 100 header fields or 32 KiB of them; send fewer."
    )
    static let oneHost = Refusal(.malformedRequest, "The request must have exactly one Host header.")
    static let badTarget = Refusal(
        .malformedRequest,
        "CONNECT, TRACE and absolute URLs are not served; call /openai/v1/… or another upstream's path."
    )
    static let encodedBody = Refusal(
        .malformedRequest,
        "The request body is compressed, so it cannot be checked; send it without Content-Encoding."
    )
    static let noKey = Refusal(
        .missingKey,
        "Send an Outlay key as Authorization: Bearer, x-api-key, x-goog-api-key or X-Outlay-Key."
    )
    static let unknownKey = Refusal(.invalidKey, "This key is not known here; create one with: outlay key create")
    static let expiredKey = Refusal(.keyExpired, "This key has expired; rotate it with: outlay key rotate")
    static let revokedKey = Refusal(.keyRevoked, "This key was revoked; create another with: outlay key create")
    static let unverifiedToken = Refusal(
        .invalidToken,
        "Calls need a signed token that says who makes them: send a valid one in the header that tags.tokens names."
    )
    static let wrongDoor = Refusal(.keyNotForGateway, "This key is for telemetry only; use one made for the gateway.")
    static let twoKeys = Refusal(
        .malformedRequest,
        "The request carries two different keys; send one, or name the caller in X-Outlay-Key."
    )
    static let noCaller = Refusal(
        .missingKey,
        "This upstream takes the caller's own provider key: name yourself in X-Outlay-Key beside it."
    )
    static let webSocket = Refusal(
        .websocketNotMetered,
        "WebSocket calls are refused until they are metered; use the HTTP API."
    )
    static let malformedBody = Refusal(.malformedBody, "The request body is not the JSON its content type promises.")
    static let noTurns = Refusal(.malformedBody, #"Ask with {"turn_ids": ["…"]}, at most 1000 of them."#)
    static let redirected = Refusal(
        .upstreamRedirect,
        "The provider answered with a redirect, which is never followed; correct the upstream's base_url."
    )
    static let unreachable = Refusal(.upstreamUnreachable, "The provider could not be reached.")
    static let lost = Refusal(.upstreamUnreachable, "The provider's connection broke before it answered.")
    static let truncated = Refusal(.upstreamInvalid, "The provider's answer ended before its end.")
    static let timedOut = Refusal(.upstreamTimeout, "The provider did not answer in time.")
    static let tooManyConnections = Refusal(
        .overloaded,
        "This address has too many connections open; reuse them, or raise --connections-per-address.",
        retryAfter: 5
    )
    static let busy = Refusal(.overloaded, "Too many calls wait for this provider; try again.", retryAfter: 1)

    static func tooLarge(_ limit: Int) -> Refusal {
        Refusal(.bodyTooLarge, "The request body is larger than \(limit) bytes.")
    }

    static func modelNotAllowed(_ model: String?, key: String) -> Refusal {
        let name = model.map { "the model '\($0)'" } ?? "a request that names no model"
        return Refusal(.modelNotAllowed, "The key '\(key)' does not allow \(name); ask who owns the key.")
    }

    static func upstreamNotAllowed(_ upstream: String, key: String) -> Refusal {
        Refusal(
            .upstreamNotAllowed,
            "The key '\(key)' does not allow the upstream '\(upstream)'; ask who owns the key."
        )
    }

    static func unknownUpstream(_ name: String) -> Refusal {
        Refusal(.unknownUpstream, "No upstream '\(name)' is configured; call /openai/…, /anthropic/… or /u/NAME/….")
    }

    static func missingProviderKey(_ upstream: String) -> Refusal {
        Refusal(.upstreamKeyMissing, "The gateway has no key for the upstream '\(upstream)'; set its key.")
    }
}
