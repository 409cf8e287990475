/// How much of each unit was consumed, disjoint and in the order of the units' names.
package struct Usage: Hashable, Sendable {
    /// Counts that are not zero, and at least 0 in what a provider reports.
    package private(set) var counts: [UnitCount]

    package static let none = Usage([])

    package init(_ counts: some Sequence<UnitCount>) {
        self.counts = []
        for count in counts { self[count.unit] += count.count }
    }

    /// Room is made for so many units at once; most calls have fewer.
    private static let usualCount = 4

    package subscript(unit: UsageUnit) -> Int64 {
        get { counts.first { $0.unit == unit }?.count ?? 0 }
        set {
            if newValue == 0, counts.isEmpty { return }
            let index = counts.firstIndex { $0.unit >= unit } ?? counts.endIndex
            let isPresent = index < counts.endIndex && counts[index].unit == unit
            switch (newValue, isPresent) {
            case (0, true): counts.remove(at: index)
            case (0, false): break
            case (_, true): counts[index] = UnitCount(unit, newValue)
            case (_, false):
                if counts.isEmpty { counts.reserveCapacity(Self.usualCount) }
                counts.insert(UnitCount(unit, newValue), at: index)
            }
        }
    }

    /// Tokens of the prompt, cached and written ones included: what the long-context tier is chosen by.
    package var promptTokens: Int64 {
        counts.reduce(0) { $1.unit.isPromptToken ? $0 + $1.count : $0 }
    }

    package var isEmpty: Bool { counts.isEmpty }
}

package struct UnitCount: Hashable, Sendable {
    package let unit: UsageUnit
    package let count: Int64

    package init(_ unit: UsageUnit, _ count: Int64) {
        self.unit = unit
        self.count = count
    }
}

extension Usage: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (UsageUnit, Int64)...) {
        self.init(elements.map { UnitCount($0.0, $0.1) })
    }
}

/// Usage that is rated on its own: by its own model and its own long-context tier.
///
/// Most calls have one part. Anthropic's `iterations` and OpenAI's image tool give several.
package struct UsagePart: Hashable, Sendable {
    /// The model that consumed it; `nil` is the call's model.
    package var model: String?
    /// What the part is, shown behind the unit: `compaction` in `input(compaction)`; `nil` for the main part.
    package var label: String?
    package var usage: Usage

    package init(model: String? = nil, label: String? = nil, usage: Usage) {
        self.model = model
        self.label = label
        self.usage = usage
    }
}
