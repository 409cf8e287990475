/// One value of one dimension: `team = growth`.
package struct Tag: Hashable, Sendable {
    package let dimension: Dimension
    package let value: String

    package init(_ dimension: Dimension, _ value: String) {
        self.dimension = dimension
        self.value = value
    }
}

/// At most one value per dimension, in the order of the dimensions' names.
///
/// The order makes equal sets equal and gives stores one canonical form.
package struct TagSet: Hashable, Sendable {
    package private(set) var tags: [Tag]

    package static let empty = TagSet([])

    /// Later tags win over earlier ones of the same dimension.
    package init(_ tags: some Sequence<Tag>) {
        self.tags = []
        for tag in tags { self[tag.dimension] = tag.value }
    }

    /// The value of `dimension`; setting `nil` removes it.
    package subscript(dimension: Dimension) -> String? {
        get { tags.first { $0.dimension == dimension }?.value }
        set {
            let index = tags.firstIndex { $0.dimension >= dimension } ?? tags.endIndex
            let isPresent = index < tags.endIndex && tags[index].dimension == dimension
            switch (newValue, isPresent) {
            case (let value?, true): tags[index] = Tag(dimension, value)
            case (let value?, false):
                if tags.isEmpty { tags.reserveCapacity(Self.usualCount) }
                tags.insert(Tag(dimension, value), at: index)
            case (nil, true): tags.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// Room is made for so many at once; most calls have fewer.
    private static let usualCount = 8

    /// The tags for which `isIncluded` holds.
    package func filter(_ isIncluded: (Tag) throws -> Bool) rethrows -> TagSet {
        var copy = TagSet.empty
        copy.tags = try tags.filter(isIncluded)
        return copy
    }

    /// This set without the dimensions in `excluded`.
    package func without(_ excluded: Set<Dimension>) -> TagSet {
        var copy = self
        copy.tags.removeAll { excluded.contains($0.dimension) }
        return copy
    }
}

extension TagSet: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (Dimension, String)...) {
        self.init(elements.map { Tag($0.0, $0.1) })
    }
}

extension TagSet: Sequence {
    package func makeIterator() -> IndexingIterator<[Tag]> { tags.makeIterator() }
    package var isEmpty: Bool { tags.isEmpty }
    package var count: Int { tags.count }
}
