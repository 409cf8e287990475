internal import OutlayCore

extension BookFileReader {
    func model(_ entry: BookFile.ModelEntry, at place: String) throws(PriceBookJSONError) -> BookModel {
        let place = "\(place) (\(entry.provider) \(entry.model))"
        var model = BookModel(provider: entry.provider, name: entry.model, prices: [])
        model.names = (entry.match ?? []).map(NamePattern.init)
        model.exceptions = (entry.except ?? []).map(NamePattern.init)
        model.maxOutputTokens = entry.maxOutput
        model.retires = if let day = entry.retires { try date(day, at: "\(place).retires") } else { nil }
        model.prices = try each(entry.prices, "\(place) prices", price)
        guard !model.prices.isEmpty else { throw .init(place, "has no prices") }
        for (earlier, later) in zip(model.prices, model.prices.dropFirst()) {
            guard let from = later.from, earlier.from.map({ $0 < from }) ?? true else {
                throw .init(place, "has prices that are not in the order of their dates")
            }
        }
        for (name, least) in entry.minimum ?? [:] {
            let unit = UsageUnit(name)
            guard let count = Int64(least), count >= 0 else {
                throw .init("\(place).minimum.\(name)", "\"\(least)\" is not a whole number")
            }
            model.minimums[unit] = count * unit.countsPerUnit
        }
        return model
    }

    private func price(_ entry: BookFile.PriceEntry, at place: String) throws(PriceBookJSONError) -> DatedPrice {
        let standard = try table(entry.rates, entry.hourly, entry.tiers, at: place)
        guard !standard.rates.isEmpty || entry.fees?.isEmpty == false else { throw .init(place, "has no rates") }
        var price = DatedPrice(standard: standard)
        if let from = entry.from { price.from = try date(from, at: "\(place).from").startUTC }
        price.fees = try rates(entry.fees, per: 1000, at: "\(place).fees")
        for (name, mode) in entry.modes ?? [:] {
            price.modes[name] = try table(of: mode, over: standard, at: "\(place).modes.\(name)")
        }
        price.windows = try each(entry.windows, "\(place).windows", window)
        return price
    }

    /// A mode's own rates, or the standard ones times a factor with own rates on top.
    private func table(
        of mode: BookFile.ModeEntry,
        over standard: RateTable,
        at place: String
    ) throws(PriceBookJSONError) -> RateTable {
        let own = try table(mode.rates, mode.hourly, mode.tiers, at: place)
        guard let factor = try factor(mode.factor, at: place) else {
            guard !own.rates.isEmpty else { throw .init(place, "has neither rates nor a factor") }
            return own
        }
        let scaled = standard.scaled(by: factor)
        let tiers = scaled.tiers.map { tier in
            let ownTier = own.tiers.first { $0.firstToken == tier.firstToken }
            let rates = tier.rates.merging(ownTier?.rates ?? own.rates) { _, own in own }
            return ContextTier(border: tier.border, isInclusive: tier.isInclusive, rates: rates)
        }
        return RateTable(rates: scaled.rates.merging(own.rates) { _, own in own }, tiers: tiers)
    }

    private func table(
        _ perMillion: [String: String]?,
        _ hourly: [String: String]?,
        _ tiers: [BookFile.TierEntry]?,
        at place: String
    ) throws(PriceBookJSONError) -> RateTable {
        let tokens = try rates(perMillion, per: 1_000_000, at: "\(place).rates")
        let durations = try rates(hourly, per: 3600, at: "\(place).hourly")
        let steps = try each(tiers, "\(place).tiers", tier)
        return RateTable(rates: tokens.merging(durations) { token, _ in token }, tiers: steps)
    }

    private func tier(_ entry: BookFile.TierEntry, at place: String) throws(PriceBookJSONError) -> ContextTier {
        let rates = try rates(entry.rates, per: 1_000_000, at: "\(place).rates")
        switch (entry.above, entry.atLeast) {
        case (let border?, nil) where border > 0: return ContextTier(border: border, isInclusive: false, rates: rates)
        case (nil, let border?) where border > 0: return ContextTier(border: border, isInclusive: true, rates: rates)
        default: throw .init(place, "needs either \"above\" or \"at_least\", a number of prompt tokens")
        }
    }

    private func window(_ entry: BookFile.WindowEntry, at place: String) throws(PriceBookJSONError) -> PriceWindow {
        var holidays: Set<CivilDate> = []
        if let name = entry.except {
            guard let days = calendars[name] else {
                throw .init(place, "excepts the calendar \"\(name)\", which the book does not have")
            }
            holidays = days
        }
        guard entry.weekdays.allSatisfy((1...7).contains) else {
            throw .init(place, "has weekdays outside 1 (Monday) to 7 (Sunday)")
        }
        return PriceWindow(
            name: entry.name,
            spans: try each(entry.utc, "\(place).utc", span),
            weekdays: Set(entry.weekdays),
            holidays: holidays,
            table: RateTable(rates: try rates(entry.rates, per: 1_000_000, at: "\(place).rates"))
        )
    }

    /// `06:00-10:00` as minutes of the day.
    private func span(_ text: String, at place: String) throws(PriceBookJSONError) -> Range<Int> {
        let ends = text.split(separator: "-").compactMap(Self.minute)
        guard ends.count == 2, ends[0] < ends[1] else {
            throw .init(place, "\"\(text)\" is not a time span like 06:00-10:00")
        }
        return ends[0]..<ends[1]
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0...24).contains(hour),
            (0..<60).contains(minute), hour * 60 + minute <= 24 * 60
        else { return nil }
        return hour * 60 + minute
    }
}
