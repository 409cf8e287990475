/// One immutable row of the ledger: what one call cost, for whom, and how that is known.
package struct CostEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A call to a provider, or one attempt of it.
        case call
        /// Takes back, exactly, everything the named event contributed.
        case reversal(of: EventID)
        /// Stands in the place of the named event after its reversal.
        case replacement(of: EventID)
    }

    package var id: EventID
    package var kind: Kind
    /// When the call began.
    package var at: Timestamp
    /// When Outlay learned of it.
    package var receivedAt: Timestamp
    package var service: ServiceUse
    package var attribution: Attribution
    package var metering: Metering
    package var rating: Rating
    /// What the emitter or provider claimed the call cost.
    package var reportedCost: Money?
    package var outcome: CallOutcome
    package var links: CallLinks
    /// A subscription covers the call: what it would have cost is shown apart and never part of the effective cost.
    package var isNotional = false
    /// How many calls it stands for: 1, or what a histogram counted; 0 where a counter of tokens alone speaks.
    package var callCount: Int64 = 1
    /// What a cache of the caller's own saved: the cost of a call that was not made.
    package var avoidedCost: Money?
    /// The most the call can have taken, where that stayed unknown: budgets count it until it is known.
    ///
    /// `nil` for calls whose cost is known, and for those that no budget watched. Never part of any cost.
    package var held: Consumption?

    package init(
        id: EventID,
        kind: Kind = .call,
        at: Timestamp,
        receivedAt: Timestamp,
        service: ServiceUse,
        attribution: Attribution,
        metering: Metering,
        rating: Rating,
        reportedCost: Money? = nil,
        outcome: CallOutcome = CallOutcome(),
        links: CallLinks = CallLinks()
    ) {
        self.id = id
        self.kind = kind
        self.at = at
        self.receivedAt = receivedAt
        self.service = service
        self.attribution = attribution
        self.metering = metering
        self.rating = rating
        self.reportedCost = reportedCost
        self.outcome = outcome
        self.links = links
    }
}

/// The identity of an event: unique for the life of the ledger.
///
/// Stores index a hash of the length-prefixed pair, so `("a-b", "c")` and `("a", "b-c")` stay two.
package struct EventID: Hashable, Sendable {
    /// Who numbers it, such as `gateway`, `api`, `import:litellm`.
    package let source: String
    /// The source's own name for it; the call id for the gateway.
    package let id: String

    package init(source: String, id: String) {
        self.source = source
        self.id = id
    }

    package static func gateway(_ call: CallID) -> EventID {
        EventID(source: "gateway", id: call.description)
    }
}

/// Which provider served what.
package struct ServiceUse: Hashable, Sendable {
    /// The price book's name of the provider, such as `google`.
    package var provider: String
    /// The price book's name of the API, such as `chat.completions`.
    package var api: String
    /// The configured upstream that was called; `nil` outside the gateway.
    package var upstream: String?
    package var requestedModel: String?
    /// The model that served it, by the response; `nil` for calls without one.
    package var model: String?
    package var context: RatingContext

    package init(
        provider: String,
        api: String,
        upstream: String? = nil,
        requestedModel: String? = nil,
        model: String? = nil,
        context: RatingContext = RatingContext()
    ) {
        self.provider = provider
        self.api = api
        self.upstream = upstream
        self.requestedModel = requestedModel
        self.model = model
        self.context = context
    }
}

/// How a call ended and how long it took.
package struct CallOutcome: Hashable, Sendable {
    package enum Ending: String, Hashable, Sendable, CaseIterable {
        case completed
        /// The provider answered with an error.
        case providerError = "provider_error"
        /// No answer came: refused, reset, timed out.
        case unreachable
        /// The answer ended before its end.
        case truncated
        /// The client left before the end.
        case clientGone = "client_gone"
        /// Outlay ended the stream.
        case cut
        /// The process died in between.
        case crashed
    }

    package var ending: Ending
    /// The provider's HTTP status; `nil` when none came.
    package var status: Int?
    package var latencyMicroseconds: Int64?
    package var timeToFirstTokenMicroseconds: Int64?
    package var isStream: Bool

    package init(
        ending: Ending = .completed,
        status: Int? = nil,
        latencyMicroseconds: Int64? = nil,
        timeToFirstTokenMicroseconds: Int64? = nil,
        isStream: Bool = false
    ) {
        self.ending = ending
        self.status = status
        self.latencyMicroseconds = latencyMicroseconds
        self.timeToFirstTokenMicroseconds = timeToFirstTokenMicroseconds
        self.isStream = isStream
    }
}

/// The names by which a call is found again elsewhere.
package struct CallLinks: Hashable, Sendable {
    /// The call this attempt belongs to; equals the event's id for a first attempt.
    package var call: CallID?
    /// 1 for the first attempt; fallbacks and retries count up.
    package var attempt: Int
    /// The provider's id in the body (`chatcmpl-…`, `msg_…`).
    package var responseID: String?
    /// The provider's id in a header (`x-request-id`, `request-id`).
    package var requestID: String?
    /// The caller's own id (`x-client-request-id`), by which retries are one task.
    package var clientRequestID: String?
    /// W3C trace id, 32 hex digits.
    package var traceID: String?
    /// W3C span id of the caller, 16 hex digits.
    package var spanID: String?
    /// What an agent calls its session or conversation.
    package var conversationID: String?

    package init(
        call: CallID? = nil,
        attempt: Int = 1,
        responseID: String? = nil,
        requestID: String? = nil,
        clientRequestID: String? = nil,
        traceID: String? = nil,
        spanID: String? = nil
    ) {
        self.call = call
        self.attempt = attempt
        self.responseID = responseID
        self.requestID = requestID
        self.clientRequestID = clientRequestID
        self.traceID = traceID
        self.spanID = spanID
    }
}
