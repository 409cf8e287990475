extension PriceBook {
    /// This book with the operator's own prices and discounts on top.
    ///
    /// An own price replaces what the book says of its model from its date on, future changes included, and holds
    /// for every mode and region: it is what the operator pays. Of several discounts on one call the first holds.
    /// Volume discounts depend on what was spent before and are posted by ``VolumeDiscount``.
    package func overlaid(by prices: [OwnPrice], discounts: [Discount]) -> PriceBook {
        guard !prices.isEmpty || !discounts.isEmpty else { return self }
        var contents = self.contents
        for price in prices.sorted(by: { $0.from < $1.from }) { contents.overlay(price, on: self) }
        var digest = StableDigest()
        for price in prices { digest.add(price) }
        for discount in discounts { digest.add(discount) }
        return PriceBook(
            contents,
            discounts: self.discounts + discounts,
            version: "\(version)+own-\(digest.text)"
        )
    }
}

extension PriceBook {
    /// Whether `discount` is about a call, by the rule that rating itself asks: the provider by its name or an alias,
    /// the model by the name it was called by or the book's own.
    package func isConcerned(by discount: Discount, provider: String, model: String, at time: Timestamp) -> Bool {
        let shelf = shelf(of: provider)
        let isOurs = discount.provider == provider || (shelf?.provider.isCalled(discount.provider) ?? false)
        return isOurs && discount.concerns(model, or: shelf?.find(model, at: time)?.model.name ?? model, at: time)
    }
}

extension BookContents {
    fileprivate mutating func overlay(_ own: OwnPrice, on book: PriceBook) {
        let provider = providers.first { $0.name == own.provider || $0.aliases.contains(own.provider) }
        if provider == nil { providers.append(BookProvider(name: own.provider)) }
        let name = provider?.name ?? own.provider
        let index = models.firstIndex { $0.provider == name && $0.name == own.model } ?? models.endIndex
        if index == models.endIndex { models.append(model(for: own, of: name, on: book)) }
        let fees = models[index].price(at: own.from)?.fees ?? [:]
        models[index].prices.removeAll { price in price.from.map { $0 >= own.from } ?? false }
        models[index].prices.append(
            DatedPrice(from: own.from, standard: RateTable(rates: own.rates), fees: fees, isOwn: true)
        )
    }

    /// A model of the own price's name, with the book's prices under that name until the own one begins.
    private func model(for own: OwnPrice, of provider: String, on book: PriceBook) -> BookModel {
        var model =
            book.entry(for: own.model, of: provider, at: own.from)
            ?? BookModel(provider: provider, name: own.model, prices: [])
        model.provider = provider
        model.name = own.model
        let pattern = NamePattern(own.model)
        model.names = pattern.isPlain ? [] : [pattern]
        return model
    }
}

extension Discount {
    /// Whether it is in force for a call of `name`, which the book calls `model`.
    func holds(for name: String, or model: String, at time: Timestamp) -> Bool {
        if case .volume = terms { return false }
        return concerns(name, or: model, at: time)
    }

    /// Whether its time and its models are those of a call of `name`, whatever its terms.
    func concerns(_ name: String, or model: String, at time: Timestamp) -> Bool {
        guard from <= time, to.map({ time < $0 }) ?? true else { return false }
        return models.contains { $0 == "*" || NamePattern($0).matches(name) || NamePattern($0).matches(model) }
    }

    /// What `unit` costs under the discount when it is listed at `list`.
    func rate(of unit: UsageUnit, list: Rate) -> Rate {
        switch terms {
        case .percent(let numerator, let denominator):
            guard let rest = Self.rest(after: numerator, over: denominator) else { return list }
            return list.scaled(by: rest)
        case .rates(let rates): return rates[unit] ?? list
        case .volume: return list
        }
    }

    /// What is left after a part is taken off; `nil` when the part is no fraction from 0 to 1.
    static func rest(after numerator: Int64, over denominator: Int64) -> Ratio? {
        guard denominator > 0, (0...denominator).contains(numerator) else { return nil }
        return Ratio(Int128(denominator - numerator), over: Int128(denominator))
    }
}

/// A short name for a set of overlays that is the same in every process (FNV-1a, 64 bits).
private struct StableDigest {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    mutating func add(_ price: OwnPrice) {
        add("price \(price.provider) \(price.model) \(price.from.microseconds)")
        add(price.rates)
    }

    mutating func add(_ discount: Discount) {
        let end = discount.to.map { "\($0.microseconds)" } ?? ""
        let models = discount.models.joined(separator: ",")
        add("discount \(discount.provider) \(models) \(discount.from.microseconds) \(end)")
        switch discount.terms {
        case .percent(let numerator, let denominator): add("percent \(numerator) \(denominator)")
        case .rates(let rates): add(rates)
        case .volume(let steps, let isMarginal, let periodEnd):
            add("volume \(isMarginal) \(periodEnd.microseconds)")
            for step in steps { add("\(step.above.picodollars) \(step.percentNumerator) \(step.percentDenominator)") }
        }
    }

    private mutating func add(_ rates: [UsageUnit: Rate]) {
        for (unit, rate) in rates.sorted(by: { $0.key < $1.key }) {
            add("\(unit.name) \(rate.picodollars) \(rate.denominator)")
        }
    }

    private mutating func add(_ text: String) {
        for byte in text.utf8 { mix(byte) }
        mix(0)
    }

    private mutating func mix(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
    }
}
