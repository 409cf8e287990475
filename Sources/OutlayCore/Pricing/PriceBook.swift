/// Published prices over time, with the operator's own prices and discounts laid over them.
///
/// Immutable and indexed when made: rating a call takes one dictionary look-up for the provider, one for the
/// model and one per unit. A call's price is found in this order: provider, model (name, dated redirect, other name,
/// pattern), the entry in force when the call was made, the mode it was served in, one long-context tier for the
/// whole part, regional uplift, discount.
package struct PriceBook: Pricing {
    package let contents: BookContents
    package let discounts: [Discount]
    package let version: String
    private let shelves: [String: BookShelf]
    /// The models of every provider by exact name, for upstreams whose provider nobody configured.
    private let anywhere: BookShelf

    /// The provider name of OpenAI-compatible upstreams of unknown make.
    package static let unknownProvider = "openai-compatible"

    package init(_ contents: BookContents, discounts: [Discount] = [], version: String? = nil) {
        self.contents = contents
        self.discounts = discounts
        self.version = version ?? contents.version
        let byProvider = Dictionary(grouping: contents.models, by: \.provider)
        var shelves: [String: BookShelf] = [:]
        for provider in contents.providers {
            let shelf = BookShelf(
                provider,
                models: byProvider[provider.name] ?? [],
                like: provider.like.flatMap { byProvider[$0] } ?? [],
                contents: contents,
                discounts: discounts
            )
            for name in [provider.name] + provider.aliases { shelves[name] = shelf }
        }
        self.shelves = shelves
        anywhere = BookShelf(
            anywhere: Self.unknownProvider,
            shelves: contents.providers.compactMap { shelves[$0.name] }
        )
    }

    package func rate(
        _ parts: [UsagePart],
        provider: String,
        api: String,
        model: String?,
        at time: Timestamp,
        context: RatingContext
    ) -> Rating {
        let shelf = shelf(of: provider)
        var rater = PartRater(time: time, api: api)
        if parts.isEmpty { rater.rate(UsagePart(usage: .none), model: model, on: shelf, in: context) }
        for part in parts { rater.rate(part, model: part.model ?? model, on: shelf, in: context) }
        return rater.rating(version: version)
    }

    func shelf(of provider: String) -> BookShelf? {
        shelves[provider] ?? (provider == Self.unknownProvider ? anywhere : nil)
    }

    /// The book's entry that `model` of `provider` is priced by at `time`; `nil` when it is unknown.
    package func entry(for model: String, of provider: String, at time: Timestamp) -> BookModel? {
        shelf(of: provider)?.find(model, at: time)?.model
    }
}

extension PriceBook {
    /// The book's own name of a provider that is called `name`, in any case; `name` itself where it has none.
    package func providerName(_ name: String) -> String {
        if let shelf = shelf(of: name) ?? shelf(of: name.lowercased()), shelf.provider.name != Self.unknownProvider {
            return shelf.provider.name
        }
        return name
    }

    /// The one provider whose own model `model` is; `nil` where none is, or where several sell it.
    ///
    /// A price for whatever a provider has (`*`) says nothing about models.
    package func provider(of model: String, at time: Timestamp) -> String? {
        let own = contents.providers.filter { provider in
            guard provider.like == nil, let found = shelf(of: provider.name)?.find(model, at: time) else {
                return false
            }
            return found.model.name != "*"
        }
        return own.count == 1 ? own.first?.name : nil
    }
}
