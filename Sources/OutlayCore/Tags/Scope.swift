/// A set of conditions on what a call is attributed to: whom a budget, a policy or a suspension is about.
///
/// All conditions must hold; the values of one are alternatives. Without conditions it is everything.
package struct Scope: Hashable, Sendable {
    package var conditions: [Condition]

    package static let everything = Scope([])

    package init(_ conditions: [Condition]) {
        self.conditions = conditions.sorted { $0.dimension < $1.dimension }
    }

    /// Whether a call with these values is in the scope; `value` answers `nil` for a dimension without one.
    package func contains(_ value: (Dimension) -> String?) -> Bool {
        conditions.allSatisfy { $0.holds(for: value($0.dimension)) }
    }

    package var dimensions: [Dimension] { conditions.map(\.dimension) }

    /// One dimension and the values that are meant.
    package struct Condition: Hashable, Sendable {
        package var dimension: Dimension
        package var values: [ValuePattern]

        package init(_ dimension: Dimension, _ values: [ValuePattern]) {
            self.dimension = dimension
            self.values = values
        }

        /// Negated patterns exclude; without another kind beside them everything else is meant.
        package func holds(for value: String?) -> Bool {
            let text = value ?? ""
            var isWanted = false
            var hasWanted = false
            for pattern in values {
                if pattern.isNegated {
                    if pattern.matches(text) { return false }
                } else {
                    hasWanted = true
                    isWanted = isWanted || pattern.matches(text)
                }
            }
            return isWanted || !hasWanted
        }
    }
}

extension Scope: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (Dimension, String)...) {
        self.init(elements.map { Condition($0.0, [ValuePattern($0.1)]) })
    }
}

extension Scope: CustomStringConvertible {
    /// `team=growth environment=production`; alternatives are separated by commas.
    package var description: String {
        guard !conditions.isEmpty else { return "everything" }
        return conditions.map { condition in
            "\(condition.dimension)=" + condition.values.map(\.text).joined(separator: ",")
        }.joined(separator: " ")
    }
}

/// What a condition says of one value: `growth`, `research-*`, `!production`; empty means that there is none.
///
/// After `=` nothing has a meaning of its own: `=!important*` is the value `!important*`.
package struct ValuePattern: Hashable, Sendable {
    /// As it was written.
    package let text: String
    package let isNegated: Bool
    private let pattern: Pattern

    private enum Pattern: Hashable, Sendable {
        case plain(String)
        /// `*` is any run of characters.
        case parts([String])
    }

    package init(_ text: String) {
        guard text.first != "=" else {
            self = .exactly(String(text.dropFirst()))
            return
        }
        let isNegated = text.hasPrefix("!")
        let body = isNegated ? String(text.dropFirst()) : text
        let isPlain = !body.utf8.contains(UInt8(ascii: "*"))
        let parts = body.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        self.init(text: text, isNegated: isNegated, pattern: isPlain ? .plain(body) : .parts(parts))
    }

    private init(text: String, isNegated: Bool, pattern: Pattern) {
        self.text = text
        self.isNegated = isNegated
        self.pattern = pattern
    }

    /// This value and no other, whatever characters it is made of: for values that callers chose.
    package static func exactly(_ value: String) -> ValuePattern {
        let isPlain = value.first.map { !"!=".contains($0) } ?? true
        let text = isPlain && !value.utf8.contains(UInt8(ascii: "*")) ? value : "=" + value
        return ValuePattern(text: text, isNegated: false, pattern: .plain(value))
    }

    /// Whether it means exactly one value, its ``text``.
    var isPlain: Bool {
        if case .plain = pattern { !isNegated } else { false }
    }

    /// Whether `value` is meant, whatever the negation; an absent value is the empty text.
    package func matches(_ value: String) -> Bool {
        switch pattern {
        case .plain(let plain): value == plain
        case .parts(let parts): !value.isEmpty && Self.matches(value.utf8[...], parts[...])
        }
    }

    /// The first and the last part are tied to the ends; those between are found from left to right.
    ///
    /// Byte by byte: the boundaries of characters cost ten times as much to find.
    private static func matches(_ value: Substring.UTF8View, _ parts: ArraySlice<String>) -> Bool {
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return false }
        guard value.starts(with: first.utf8) else { return false }
        var rest = value.dropFirst(first.utf8.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = find(part, in: rest) else { return false }
            rest = rest[found...]
        }
        return last.isEmpty || rest.suffix(last.utf8.count).elementsEqual(last.utf8)
    }

    /// The place behind the first `part` in `text`.
    private static func find(_ part: String, in text: Substring.UTF8View) -> Substring.Index? {
        var start = text.startIndex
        while start < text.endIndex {
            if text[start...].starts(with: part.utf8) {
                return text.index(start, offsetBy: part.utf8.count, limitedBy: text.endIndex)
            }
            start = text.index(after: start)
        }
        return nil
    }
}
