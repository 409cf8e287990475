/// Turns usage into money by dated, published rates.
///
/// An immutable value: a newer book, an overlay or a discount makes a new one with its own version.
package protocol Pricing: Sendable {
    /// Names the book and its overlays; stored with every event.
    var version: String { get }

    /// Prices `parts` as the provider would have at `time`.
    ///
    /// `provider` is the book's name of it (`openai`, `google`, `aws` …) or an alias; a served `model` that
    /// is `nil` or unknown is *unpriced*, never free, also when nothing was counted.
    func rate(
        _ parts: [UsagePart],
        provider: String,
        api: String,
        model: String?,
        at time: Timestamp,
        context: RatingContext
    ) -> Rating
}
