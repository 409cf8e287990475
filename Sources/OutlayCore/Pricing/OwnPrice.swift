/// A price of the operator's own: a house model, a self-hosted one, a correction of the book.
///
/// It wins over the book's price of the same model from ``from`` on, in every mode and region: it is what is paid.
/// A `*` or `#` in ``model`` is a pattern as in ``NamePattern``.
package struct OwnPrice: Hashable, Sendable {
    package var provider: String
    package var model: String
    package var from: Timestamp
    package var rates: [UsageUnit: Rate]

    package init(provider: String, model: String, from: Timestamp, rates: [UsageUnit: Rate]) {
        self.provider = provider
        self.model = model
        self.from = from
        self.rates = rates
    }
}

/// A negotiated discount on list prices, from a date, for one provider and models.
package struct Discount: Hashable, Sendable {
    package enum Terms: Hashable, Sendable {
        /// Every unit costs a part less: 7.3 % is 73 over 1000. Anything outside 0 to 1 leaves the list price.
        case percent(numerator: Int64, denominator: Int64)
        /// Own rates replace the listed ones.
        case rates([UsageUnit: Rate])
        /// Percent steps over list spend in a contract period.
        case volume(steps: [VolumeStep], isMarginal: Bool, periodEnd: Timestamp)
    }

    package struct VolumeStep: Hashable, Sendable {
        /// List spend in the period from which on the step holds.
        package var above: Money
        package var percentNumerator: Int64
        package var percentDenominator: Int64

        package init(above: Money, percentNumerator: Int64, percentDenominator: Int64) {
            self.above = above
            self.percentNumerator = percentNumerator
            self.percentDenominator = percentDenominator
        }
    }

    package var name: String
    package var provider: String
    /// `*` at the end matches any rest.
    package var models: [String]
    package var from: Timestamp
    package var to: Timestamp?
    package var terms: Terms

    package init(
        name: String,
        provider: String,
        models: [String] = ["*"],
        from: Timestamp,
        to: Timestamp? = nil,
        terms: Terms
    ) {
        self.name = name
        self.provider = provider
        self.models = models
        self.from = from
        self.to = to
        self.terms = terms
    }
}
