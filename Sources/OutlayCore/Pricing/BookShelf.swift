/// One provider's part of the book, indexed for look-ups.
final class BookShelf: Sendable {
    let provider: BookProvider
    let discounts: [Discount]
    private let exact: [String: Slot]
    /// The most specific first.
    private let patterns: [NamePattern]
    /// The model of each pattern, in the same order.
    private let patternModels: [ShelfModel]

    /// What one exact name stands for.
    private struct Slot {
        var model: ShelfModel?
        /// By rising time.
        var redirects: [(from: Timestamp, model: ShelfModel)] = []
    }

    init(
        _ provider: BookProvider,
        models: [BookModel],
        like: [BookModel],
        contents: BookContents,
        discounts: [Discount]
    ) {
        self.provider = provider
        self.discounts = discounts.filter { provider.isCalled($0.provider) }
        let shelved = (like + models).map { ShelfModel($0, of: provider, common: contents.context) }
        exact = Self.slots(of: shelved, redirects: contents.redirects, provider: provider)
        let ranked = shelved.flatMap { model in
            model.model.names.filter { !$0.isPlain }.map { (pattern: $0, model: model) }
        }.sorted { $0.pattern.specificity > $1.pattern.specificity }
        patterns = ranked.map(\.pattern)
        patternModels = ranked.map(\.model)
    }

    /// All shelves by exact names; a name that two providers sell is on none.
    init(anywhere name: String, shelves: [BookShelf]) {
        provider = BookProvider(name: name)
        discounts = []
        patterns = []
        patternModels = []
        let own = shelves.filter { $0.provider.like == nil }.flatMap { $0.exact.map { $0 } }
        exact = Dictionary(grouping: own, by: \.key).compactMapValues { $0.count == 1 ? $0[0].value : nil }
    }

    func find(_ name: String, at time: Timestamp) -> ShelfModel? {
        guard let slot = exact[name] else { return search(name, at: time) }
        guard !slot.redirects.isEmpty else { return slot.model }
        return slot.redirects.last { $0.from <= time }?.model ?? slot.model
    }

    /// The slow way, for names that are spelled otherwise or only match a pattern.
    private func search(_ name: String, at time: Timestamp) -> ShelfModel? {
        let lowered = NamePattern.lowered(name)
        for index in patterns.indices
        where patterns[index].matches(lowered: lowered) && !patternModels[index].isException(name) {
            return patternModels[index]
        }
        let lowerName = name.lowercased()
        if lowerName != name, let model = exact[lowerName]?.model { return model }
        guard provider.hasPathNames, let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return find(String(name[name.utf8.index(after: slash)...]), at: time)
    }

    /// A model's own name wins over another model's other name, and a later model over an earlier one.
    private static func slots(
        of models: [ShelfModel],
        redirects: [ModelRedirect],
        provider: BookProvider
    ) -> [String: Slot] {
        var slots: [String: Slot] = [:]
        for model in models {
            for name in model.model.names where name.isPlain { slots[name.text, default: Slot()].model = model }
        }
        for model in models { slots[model.model.name, default: Slot()].model = model }
        let own = redirects.filter { $0.provider == provider.name || $0.provider == provider.like }
        for redirect in own.sorted(by: { $0.from < $1.from }) {
            guard let model = slots[redirect.model]?.model else { continue }
            slots[redirect.alias, default: Slot()].redirects.append((redirect.from, model))
        }
        return slots
    }
}

extension BookProvider {
    func isCalled(_ name: String) -> Bool {
        self.name == name || aliases.contains(name)
    }
}

/// A model with everything that rating it needs to know of its provider.
final class ShelfModel: Sendable {
    let model: BookModel
    let provider: BookProvider
    private let readers: [FieldReader]

    /// What the values of one context field mean for this model.
    private struct FieldReader {
        let field: RatingContextField
        /// The provider's rules before the common ones.
        let rules: [ContextRule]
        /// The first rule that fits each value some rule names in full.
        let known: [String: Int]
    }

    init(_ model: BookModel, of provider: BookProvider, common: [ContextRule]) {
        self.model = model
        self.provider = provider
        let holding = (provider.context + common).filter { rule in
            rule.models.isEmpty || rule.models.contains { $0.matches(model.name) }
        }
        readers = RatingContextField.allCases.compactMap { field in
            let rules = holding.filter { $0.field == field }
            guard !rules.isEmpty || field.namesMode else { return nil }
            let names = rules.flatMap(\.values).filter(\.isPlain).map(\.text)
            let known = names.map { name in (name, rules.firstIndex { $0.fits(name) } ?? 0) }
            return FieldReader(field: field, rules: rules, known: Dictionary(known) { first, _ in first })
        }
    }

    func isException(_ name: String) -> Bool {
        !model.exceptions.isEmpty && model.exceptions.contains { $0.matches(name) }
    }

    /// What `context` means for this model: of several uplifts the largest holds, once.
    func circumstances(in context: RatingContext) -> Circumstances {
        var circumstances = Circumstances.plain
        for index in readers.indices {
            guard let value = readers[index].field.value(in: context), !value.isEmpty else { continue }
            let known = readers[index].known[value]
            if let rule = known ?? readers[index].rules.firstIndex(where: { $0.fits(value) }) {
                circumstances.apply(readers[index].rules[rule])
            } else if readers[index].field.namesMode {
                circumstances.apply(.mode(value.lowercased()))
            }
        }
        return circumstances
    }
}
