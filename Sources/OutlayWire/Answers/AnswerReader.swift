package import OutlayCore

/// Reads what one provider answer says about itself, however its bytes are split.
///
/// A value of its own per answer, fed on an event loop: no allocation per chunk beyond the line in
/// progress, no trap on any input, memory bounded by the largest line or body it keeps.
package protocol AnswerReader: Sendable {
    /// Counts the output's tokens too, for an answer that may have no usage; called before the first byte.
    mutating func countTokens(by tokenizer: Tokenizer)

    /// Takes the next bytes of the body, decompressed, in order.
    mutating func read(_ bytes: RawSpan)

    /// Visible characters of output so far.
    var outputCharacters: Int { get }

    /// What the answer said. Called once, after its last byte or where it was cut.
    mutating func finish(isCut: Bool) -> AnswerReading
}

extension AnswerReader {
    /// Takes bytes that are in an array.
    package mutating func read(_ bytes: [UInt8]) {
        // The bytes of an array of bytes hold no padding.
        unsafe read(bytes.span.bytes)
    }
}

/// What one answer said about itself.
package struct AnswerReading: Hashable, Sendable {
    /// The model that served it, by the body; `nil` where the body does not say.
    package var model: String?
    /// The provider's id in the body.
    package var responseID: String?
    /// Served tier, speed, geography.
    package var context: RatingContext
    /// Disjoint usage; empty when none was reported.
    package var parts: [UsagePart]
    /// Whether the body held a usage object with numbers.
    package var hasUsage: Bool
    /// Whether the answer reached its end (`[DONE]`, `message_stop`, closing brace …).
    package var isComplete: Bool
    /// Whether the body is an error, also one that came after status 200.
    package var isError: Bool
    /// Whether the reported output is a placeholder or a running count of an answer that broke off.
    package var isOutputPartial: Bool
    /// Visible characters of output (Unicode scalars), for estimates.
    package var outputCharacters: Int
    /// Tokens of the same output by a configured tokenizer; `nil` without one.
    package var outputTokens: Int64?
    /// What was odd about the numbers, as ``Metering/flags``.
    package var flags: [String]
    /// The usage object as it came, at most 4 KiB.
    package var raw: String?
    /// Money the provider itself reported (OpenRouter `usage.cost`, xAI `cost_in_usd_ticks`, Perplexity).
    package var reportedCost: Money?

    package init() {
        context = RatingContext()
        parts = []
        hasUsage = false
        isComplete = false
        isError = false
        isOutputPartial = false
        outputCharacters = 0
        flags = []
    }
}
