package import OutlayCore

/// What a program asks before a run spends: `POST /api/v1/admissions`.
package struct AdmissionQuestion: Codable, Hashable, Sendable {
    package var agent: String?
    package var run: String?
    package var tags: [String: String]?
    /// The most it can cost; or a model and its tokens, from which the price book tells.
    package var estimateUSD: String?
    package var provider: String?
    package var model: String?
    package var promptTokens: Int64?
    package var maxOutputTokens: Int64?
    /// How long the amount is held at most; an hour unless said otherwise.
    package var seconds: Int64?
    package var justification: String?

    private enum CodingKeys: String, CodingKey {
        case agent, run, tags, provider, model, seconds, justification
        case estimateUSD = "estimate_usd"
        case promptTokens = "prompt_tokens"
        case maxOutputTokens = "max_output_tokens"
    }

    package init() {}
}

/// Whether a run may start.
package struct AdmissionAnswer: Codable, Hashable, Sendable {
    package enum State: String, Codable, Sendable {
        case admitted, settled, refused, pending, throttled, suspended
    }

    /// The admission's, to settle or release it; the approval's while it is pending; absent when refused.
    package var id: String?
    package var state: State
    package var estimateUSD: String?
    /// Until when the amount is held, or the approval can be given.
    package var expires: String?
    package var message: String?
    /// Where people approve it.
    package var link: String?
    /// Seconds after which it may be asked again.
    package var retryAfter: Int?
    /// The budget in the way.
    package var refusal: ApprovalRequest.Figure?

    private enum CodingKeys: String, CodingKey {
        case id, state, expires, message, link, refusal
        case estimateUSD = "estimate_usd"
        case retryAfter = "retry_after"
    }

    package init(_ state: State, message: String? = nil, refusal: ApprovalRequest.Figure? = nil) {
        self.state = state
        self.message = message
        self.refusal = refusal
    }

    package init(_ form: AdmissionForm) {
        id = form.id
        state = form.step == .settled ? .settled : .admitted
        estimateUSD = form.cost.description
        expires = "\(form.expires)"
    }
}
