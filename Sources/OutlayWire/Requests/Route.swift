/// What one path of a provider's API does, as far as money is concerned.
package struct Route: Hashable, Sendable {
    package enum Billing: Hashable, Sendable {
        /// Consumes tokens: metered, priced and under every budget.
        case metered
        /// Never billed by the provider: models, files, token counts.
        case free
        /// Free to ask for, and costs later: batches, fine-tuning. Refused where a budget has nothing left.
        case deferred
        /// Repeats usage of something already booked, once per response or batch line (`GET /responses/ID`).
        case retrieval
        /// Refused until it can be metered (WebSocket upgrades).
        case refused
    }

    /// Whether this request itself is never billed, whatever it sets off.
    package var isFree: Bool { billing == .free || billing == .deferred }

    /// `chat.completions`, `responses`, `messages`, `generateContent` …, the names of the price book.
    package var api: String
    package var billing: Billing
    /// The model, where the path names it (Gemini, Azure deployments, Bedrock).
    package var model: String?
    /// Whether the path itself asks for a stream (`:streamGenerateContent`).
    package var isStream: Bool

    package init(api: String, billing: Billing, model: String? = nil, isStream: Bool = false) {
        self.api = api
        self.billing = billing
        self.model = model
        self.isStream = isStream
    }
}
