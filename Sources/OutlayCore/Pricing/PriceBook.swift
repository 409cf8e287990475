/// Turns usage into money by dated, published rates.
///
/// An immutable value: a newer book, an overlay or a discount makes a new one with its own version.
package protocol Pricing: Sendable {
    /// Names the book and its overlays; stored with every event.
    var version: String { get }

    /// Prices `parts` as the provider would have at `time`.
    ///
    /// - Parameters:
    ///   - provider: the book's name of the provider (`openai`, `anthropic`, `google`, `aws` …).
    ///   - model: the served model; `nil` and unknown ones are *unpriced*, never free.
    func rate(
        _ parts: [UsagePart],
        provider: String,
        api: String,
        model: String?,
        at time: Timestamp,
        context: RatingContext
    ) -> Rating
}
