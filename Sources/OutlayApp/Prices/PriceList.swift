internal import OutlayCore
internal import OutlayWire

/// A price book as people read it.
struct PriceList: Sendable {
    private let book: PriceBook

    init(_ book: PriceBook) {
        self.book = book
    }

    /// Every model whose `provider/name` contains `text`, with its rates at `time`.
    func answers(matching text: String, at time: Timestamp) -> [PriceAnswer] {
        book.contents.models.filter { "\($0.provider)/\($0.name)".contains(text) }.map { model in
            let price = model.price(at: time)
            let next = model.prices.compactMap(\.from).filter { $0 > time }.min()
            return PriceAnswer(
                provider: model.provider,
                model: model.name,
                from: price?.from.map { "\(CivilDate(utc: $0))" },
                perMillion: price.map { Self.rates($0.standard) } ?? [:],
                variants: price.map(Self.variants) ?? [],
                next: next.map { Self.change(of: model, at: $0) }
            )
        }
    }

    private static func rates(_ table: RateTable) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: table.rates.map { unit, rate in
                (unit.name, unit.displayRatePerMillion(rate))
            }
        )
    }

    private static func variants(_ price: DatedPrice) -> [String] {
        let tiers = price.standard.tiers.map {
            "\($0.isInclusive ? "from" : "above") \($0.border) prompt tokens: \(sentence($0.rates))"
        }
        let modes = price.modes.sorted { $0.key < $1.key }.map { "\($0.key): \(sentence($0.value.rates))" }
        let windows = price.windows.map { "\($0.name): \(sentence($0.table.rates))" }
        return tiers + modes + windows
    }

    private static func change(of model: BookModel, at time: Timestamp) -> String {
        let rates = model.price(at: time).map { sentence($0.standard.rates) } ?? "none"
        return "\(CivilDate(utc: time)): \(rates)"
    }

    private static func sentence(_ rates: [UsageUnit: Rate]) -> String {
        rates.sorted { $0.key < $1.key }.map { unit, rate in
            "\(unit) $\(unit.displayRatePerMillion(rate))"
        }.joined(separator: ", ")
    }
}
