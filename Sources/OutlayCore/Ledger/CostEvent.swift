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

    /// Shared by all copies, so that an event with its dozens of texts is handed on by one reference.
    private(set) var shared: Shared
    /// The canonical bytes, where they were kept; any change of the event forgets them.
    private(set) var encoded: [UInt8]?

    final class Shared: Sendable {
        let parts: Parts

        init(_ parts: Parts) {
            self.parts = parts
        }
    }

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
        self.init(
            Parts(
                id: id,
                kind: kind,
                at: at,
                receivedAt: receivedAt,
                service: service,
                attribution: attribution,
                metering: metering,
                rating: rating,
                reportedCost: reportedCost,
                outcome: outcome,
                links: links
            )
        )
    }

    init(_ parts: Parts) {
        shared = Shared(parts)
    }

    /// Everything the event says.
    var parts: Parts {
        get { shared.parts }
        set {
            shared = Shared(newValue)
            encoded = nil
        }
    }

    /// The same event with `bytes`, which are its canonical ones, kept for whoever writes it next.
    func keeping(_ bytes: [UInt8]) -> CostEvent {
        var copy = self
        copy.encoded = bytes
        return copy
    }

    package static func == (left: CostEvent, right: CostEvent) -> Bool {
        left.shared === right.shared || left.parts == right.parts
    }

    package func hash(into hasher: inout Hasher) {
        parts.hash(into: &hasher)
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
