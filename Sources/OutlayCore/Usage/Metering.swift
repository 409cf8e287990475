/// What one call consumed and how surely that is known.
package struct Metering: Hashable, Sendable {
    package enum Quality: String, Hashable, Sendable, CaseIterable {
        /// The provider said so.
        case exact
        /// Estimated, by the method in ``Metering/method``: a cut stream, an answer without usage.
        case estimated
        /// Tokens were consumed and nobody knows how many.
        case unmetered
        /// The process died between forwarding and the answer: whether it was billed is unknown.
        case indeterminate
        /// The provider does not bill it: a failed call, a list of models.
        case unbilled
    }

    package var parts: [UsagePart]
    package var quality: Quality
    /// How an estimate was made: `characters/4.1`, `tokenizer`; `nil` when exact.
    package var method: String?
    /// What was odd about the numbers, each a stable word: `duplicate_key`, `negative_count`, `inconsistent`.
    package var flags: [String]
    /// The provider's usage object as it came, at most 4 KiB; never prompts or completions.
    package var raw: String?

    package init(
        parts: [UsagePart] = [],
        quality: Quality,
        method: String? = nil,
        flags: [String] = [],
        raw: String? = nil
    ) {
        self.parts = parts
        self.quality = quality
        self.method = method
        self.flags = flags
        self.raw = raw
    }

    /// All parts added up, whatever their model.
    package var total: Usage {
        Usage(parts.flatMap(\.usage.counts))
    }
}
