/// What a newer price book changes, for showing before it is taken in.
package struct PriceBookDiff: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        package var provider: String
        package var model: String
        /// When the rate begins to hold; `nil` for since ever.
        package var from: Timestamp?
        /// `batch`, `flex`, `peak` …; `nil` for the standard rates.
        package var mode: String?
        /// The first prompt token of the long-context tier; `nil` below all tiers.
        package var tier: Int64?
        package var unit: UsageUnit
        /// `nil`: there was none.
        package var old: Rate?
        /// `nil`: it is gone.
        package var new: Rate?
    }

    /// `provider model`, in the books' order.
    package var added: [String]
    package var removed: [String]
    /// Rates of models in both books, in the new book's order.
    package var changes: [Change]

    package init(from old: BookContents, to new: BookContents) {
        let before = Dictionary(old.models.map { (Self.name($0), $0) }) { first, _ in first }
        let after = Set(new.models.map(Self.name))
        added = new.models.map(Self.name).filter { before[$0] == nil }
        removed = old.models.map(Self.name).filter { !after.contains($0) }
        changes = new.models.flatMap { model in
            before[Self.name(model)].map { Self.changes(from: $0, to: model) } ?? []
        }
    }

    package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changes.isEmpty }

    private static func name(_ model: BookModel) -> String {
        "\(model.provider) \(model.name)"
    }

    /// Compared at every instant at which either book changes the model's price.
    private static func changes(from old: BookModel, to new: BookModel) -> [Change] {
        guard old.prices != new.prices else { return [] }
        var instants: [Timestamp?] = []
        for from in (old.prices + new.prices).map(\.from) where !instants.contains(from) { instants.append(from) }
        instants.sort { ($0?.microseconds ?? .min) < ($1?.microseconds ?? .min) }
        var seen: Set<[String]> = []
        return instants.flatMap { from -> [Change] in
            let time = from ?? Timestamp(microseconds: .min)
            let (before, after) = (rates(of: old, at: time), rates(of: new, at: time))
            let places = Set(before.keys).union(after.keys).sorted()
            return places.compactMap { place in
                guard before[place] != after[place] else { return nil }
                let change = Change(
                    provider: new.provider,
                    model: new.name,
                    from: from,
                    mode: place.mode.isEmpty ? nil : place.mode,
                    tier: place.tier < 0 ? nil : place.tier,
                    unit: place.unit,
                    old: before[place],
                    new: after[place]
                )
                return seen.insert(change.sameness).inserted ? change : nil
            }
        }
    }

    private static func rates(of model: BookModel, at time: Timestamp) -> [Place: Rate] {
        guard let price = model.price(at: time) else { return [:] }
        var found: [Place: Rate] = [:]
        var tables = price.modes.map { ($0.key, $0.value) } + price.windows.map { ($0.name, $0.table) }
        tables.append(("", price.standard))
        for (mode, table) in tables {
            for (unit, rate) in table.rates { found[Place(mode: mode, tier: -1, unit: unit)] = rate }
            for tier in table.tiers {
                for (unit, rate) in tier.rates { found[Place(mode: mode, tier: tier.firstToken, unit: unit)] = rate }
            }
        }
        for (unit, rate) in price.fees { found[Place(mode: "", tier: -1, unit: unit)] = rate }
        return found
    }

    private struct Place: Hashable, Comparable {
        var mode: String
        var tier: Int64
        var unit: UsageUnit

        static func < (left: Place, right: Place) -> Bool {
            (left.mode, left.tier, left.unit) < (right.mode, right.tier, right.unit)
        }
    }
}

extension PriceBookDiff.Change {
    /// What makes two changes of one model one: the same rates at the same place, only begun earlier.
    fileprivate var sameness: [String] {
        [mode ?? "", "\(tier ?? -1)", unit.name, "\(String(describing: old))", "\(String(describing: new))"]
    }
}
