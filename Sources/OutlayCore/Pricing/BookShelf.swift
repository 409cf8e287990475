/// One provider's part of the book, indexed for look-ups.
final class BookShelf: Sendable {
    let provider: BookProvider
    let discounts: [Discount]
    private let exact: [String: ShelfModel]
    private let redirects: [String: [(from: Timestamp, model: ShelfModel)]]
    /// The most specific first.
    private let patterns: [(pattern: NamePattern, model: ShelfModel)]

    init(
        _ provider: BookProvider,
        models: [BookModel],
        like: [BookModel],
        contents: BookContents,
        discounts: [Discount]
    ) {
        self.provider = provider
        self.discounts = discounts.filter { provider.name == $0.provider || provider.aliases.contains($0.provider) }
        let own = Set(models.map(\.name))
        let all = models + like.filter { !own.contains($0.name) }
        let shelved = all.map { ShelfModel($0, of: provider, common: contents.context) }
        exact = Self.exactNames(of: shelved)
        patterns = shelved.flatMap { model in
            model.model.names.filter { !$0.isPlain }.map { (pattern: $0, model: model) }
        }.sorted { $0.pattern.specificity > $1.pattern.specificity }
        var redirects: [String: [(from: Timestamp, model: ShelfModel)]] = [:]
        for redirect in contents.redirects where [provider.name, provider.like].contains(redirect.provider) {
            guard let model = exact[redirect.model] else { continue }
            redirects[redirect.alias, default: []].append((redirect.from, model))
        }
        self.redirects = redirects.mapValues { $0.sorted { $0.from < $1.from } }
    }

    /// All shelves by exact names; a name that two providers sell is on none.
    init(anywhere name: String, shelves: [BookShelf]) {
        provider = BookProvider(name: name)
        discounts = []
        patterns = []
        redirects = [:]
        var found: [String: [ShelfModel]] = [:]
        for shelf in shelves where shelf.provider.like == nil {
            for (name, model) in shelf.exact { found[name, default: []].append(model) }
        }
        exact = found.compactMapValues { $0.count == 1 ? $0[0] : nil }
    }

    func find(_ name: String, at time: Timestamp) -> ShelfModel? {
        if let redirect = redirects[name]?.last(where: { $0.from <= time }) { return redirect.model }
        return exact[name] ?? search(name)
    }

    /// The slow way, for names that are spelled otherwise or only match a pattern.
    private func search(_ name: String) -> ShelfModel? {
        if let model = exact[name.lowercased()] { return model }
        if let hit = patterns.first(where: { $0.pattern.matches(name) && !$0.model.isException(name) }) {
            return hit.model
        }
        guard provider.hasPathNames, let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let last = String(name[name.utf8.index(after: slash)...])
        return exact[last] ?? search(last)
    }

    /// Names of models win over other names, and those over nothing else.
    private static func exactNames(of models: [ShelfModel]) -> [String: ShelfModel] {
        var exact: [String: ShelfModel] = [:]
        for model in models {
            for name in model.model.names where name.isPlain { exact[name.text] = model }
        }
        for model in models { exact[model.model.name] = model }
        return exact
    }
}

/// A model with everything that rating it needs to know of its provider.
final class ShelfModel: Sendable {
    let model: BookModel
    let provider: BookProvider
    /// The context rules that hold for this model, by field, the provider's before the common ones.
    private let rules: [(field: RatingContextField, rules: [ContextRule])]

    init(_ model: BookModel, of provider: BookProvider, common: [ContextRule]) {
        self.model = model
        self.provider = provider
        let holding = (provider.context + common).filter { rule in
            rule.models.isEmpty || rule.models.contains { $0.matches(model.name) }
        }
        rules = RatingContextField.allCases.compactMap { field in
            let own = holding.filter { $0.field == field }
            return own.isEmpty && !field.namesMode ? nil : (field, own)
        }
    }

    func isException(_ name: String) -> Bool {
        model.exceptions.contains { $0.matches(name) }
    }

    /// What `context` means for this model: of several uplifts the largest holds, once.
    func circumstances(in context: RatingContext) -> Circumstances {
        var circumstances = Circumstances.plain
        for (field, rules) in rules {
            guard let value = field.value(in: context), !value.isEmpty else { continue }
            if let rule = rules.first(where: { $0.values.contains { $0.matches(value) } }) {
                circumstances.apply(rule.meaning)
                if let factor = rule.factor, circumstances.factor < factor { circumstances.factor = factor }
            } else if field.namesMode {
                circumstances.apply(.mode(value.lowercased()))
            }
        }
        return circumstances
    }
}
