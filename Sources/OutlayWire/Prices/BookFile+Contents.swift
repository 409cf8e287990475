internal import OutlayCore

extension BookFile {
    /// What the file says, checked: every amount readable, every name known, every date in order.
    func contents() throws(PriceBookJSONError) -> BookContents {
        let reader = BookFileReader(calendars: try holidays())
        var contents = BookContents(version: version)
        contents.context = try reader.each(context, "context", reader.rule)
        contents.providers = try reader.each(providers, "providers", reader.provider)
        contents.redirects = try reader.each(redirects, "redirects", reader.redirect)
        contents.models = try reader.each(models, "models", reader.model)
        try check(contents)
        return contents
    }

    private func holidays() throws(PriceBookJSONError) -> [String: Set<CivilDate>] {
        var holidays: [String: Set<CivilDate>] = [:]
        for (name, days) in calendars ?? [:] {
            for day in days {
                guard let date = CivilDate(day) else { throw .init("calendars.\(name)", "\"\(day)\" is not a date") }
                holidays[name, default: []].insert(date)
            }
        }
        return holidays
    }

    private func check(_ contents: BookContents) throws(PriceBookJSONError) {
        let names = Set(contents.providers.map(\.name))
        for (index, provider) in contents.providers.enumerated() {
            if let like = provider.like, !names.contains(like) {
                throw .init(
                    "providers[\(index)] (\(provider.name))",
                    "is like \"\(like)\", which the book does not have"
                )
            }
        }
        var seen: Set<String> = []
        for (index, model) in contents.models.enumerated() {
            let name = "\(model.provider) \(model.name)"
            guard names.contains(model.provider) else {
                throw .init("models[\(index)] (\(name))", "is of a provider that \"providers\" does not list")
            }
            guard seen.insert(name).inserted else { throw .init("models[\(index)] (\(name))", "is listed twice") }
        }
        for (index, redirect) in contents.redirects.enumerated()
        where !seen.contains("\(redirect.provider) \(redirect.model)") {
            throw .init("redirects[\(index)] (\(redirect.alias))", "leads to \"\(redirect.model)\", which is no model")
        }
    }
}

extension PriceBookJSONError {
    init(_ entry: String, _ problem: String) {
        self.init(entry: entry, problem: problem)
    }
}

/// Turns entries of the file into what they mean.
struct BookFileReader {
    let calendars: [String: Set<CivilDate>]

    func each<Entry, Value>(
        _ entries: [Entry]?,
        _ name: String,
        _ read: (Entry, String) throws(PriceBookJSONError) -> Value
    ) throws(PriceBookJSONError) -> [Value] {
        var values: [Value] = []
        for (index, entry) in (entries ?? []).enumerated() { values.append(try read(entry, "\(name)[\(index)]")) }
        return values
    }

    func rule(_ entry: BookFile.ContextEntry, at place: String) throws(PriceBookJSONError) -> ContextRule {
        guard let field = RatingContextField(rawValue: entry.field) else {
            let known = RatingContextField.allCases.map(\.rawValue).joined(separator: ", ")
            throw .init(place, "has the field \"\(entry.field)\"; known are \(known)")
        }
        let meaning: ContextRule.Meaning =
            switch entry.means {
            case nil, "standard": .standard
            case "committed": .committed
            case "unknown": .unknown
            case let mode?: .mode(mode)
            }
        return ContextRule(
            field: field,
            values: entry.is.map(NamePattern.init),
            meaning: meaning,
            factor: try factor(entry.factor, at: place),
            models: (entry.models ?? []).map(NamePattern.init)
        )
    }

    func provider(_ entry: BookFile.ProviderEntry, at place: String) throws(PriceBookJSONError) -> BookProvider {
        let place = "\(place) (\(entry.provider))"
        var provider = BookProvider(name: entry.provider, aliases: entry.aliases ?? [], like: entry.like)
        provider.hasPathNames = entry.pathNames ?? false
        provider.fees = try rates(entry.fees, per: 1000, at: "\(place).fees")
        provider.free = Set((entry.free ?? []).map(UsageUnit.init))
        provider.context = try each(entry.context, "\(place).context", rule)
        provider.apis = (entry.apis ?? []).map { api in
            let renamed = (api.as ?? [:]).map { (UsageUnit($0.key), UsageUnit($0.value)) }
            return ApiRule(
                api: api.api,
                countsAs: Dictionary(renamed) { first, _ in first },
                free: Set((api.free ?? []).map(UsageUnit.init))
            )
        }
        return provider
    }

    func redirect(_ entry: BookFile.RedirectEntry, at place: String) throws(PriceBookJSONError) -> ModelRedirect {
        ModelRedirect(
            provider: entry.provider,
            alias: entry.alias,
            model: entry.to,
            from: try date(entry.from, at: "\(place) (\(entry.alias))").startUTC
        )
    }

    func date(_ text: String, at place: String) throws(PriceBookJSONError) -> CivilDate {
        guard let date = CivilDate(text) else { throw .init(place, "\"\(text)\" is not a date like 2026-11-21") }
        return date
    }

    func factor(_ text: String?, at place: String) throws(PriceBookJSONError) -> Ratio? {
        guard let text else { return nil }
        guard let ratio = Ratio(text) else { throw .init(place, "has the factor \"\(text)\", which is no decimal") }
        return ratio
    }

    /// Dollars for `units` of each unit; hourly rates are per 3,600 seconds of a unit counted in milliseconds.
    func rates(
        _ amounts: [String: String]?,
        per units: Int128,
        at place: String
    ) throws(PriceBookJSONError) -> [UsageUnit: Rate] {
        var rates: [UsageUnit: Rate] = [:]
        for (name, amount) in amounts ?? [:] {
            guard let money = Money(dollars: amount), money >= .zero else {
                throw .init("\(place).\(name)", "\"\(amount)\" is not an amount of dollars such as \"0.15\"")
            }
            let unit = UsageUnit(name)
            rates[unit] = Rate(picodollars: money.picodollars, per: units * Int128(unit.countsPerUnit))
        }
        return rates
    }
}
