/// What a rule asks of a call: `environment == "production" && cost_center == ""`.
///
/// A small total language (S-18): no loops, no functions of one's own, bounded length, size and depth, so that asking
/// always ends and costs little. Two conditions are equal when they mean the same word by word, however they are
/// spelt: `tags.env == 'prod' AND …` and `environment == "production" && …`.
package struct PolicyCondition: Hashable, Sendable {
    let root: ConditionNode<Dimension>

    /// How deep parentheses and negations may be nested.
    package static let depthMax = 32

    /// Reads a condition.
    ///
    /// - Throws: what is wrong, where, and what was probably meant.
    package init(_ text: String, _ vocabulary: PolicyVocabulary = PolicyVocabulary()) throws(PolicyConditionError) {
        var parser = ConditionParser(try ConditionScanner.tokens(of: text), vocabulary)
        root = try parser.parse()
    }

    /// The tags it asks about, each once.
    package var dimensions: [Dimension] {
        var found: [Dimension] = []
        root.forEachOperand({ if !found.contains($0) { found.append($0) } }, { _ in })
        return found
    }

    /// What it measures, each once.
    var quantities: [PolicyQuantity] {
        var found: [PolicyQuantity] = []
        root.forEachOperand({ _ in }, { if !found.contains($0) { found.append($0) } })
        return found
    }
}

/// Why a condition cannot be read.
package struct PolicyConditionError: Error, Hashable, Sendable {
    /// In characters of the condition, from 1.
    package let position: Int
    package let message: String

    init(_ position: Int, _ message: String) {
        self.position = position
        self.message = message
    }
}

/// The names and values that conditions may be written with.
package struct PolicyVocabulary: Sendable {
    package let spellings: Spellings
    let aliases: ValueAliases
    let custom: [Dimension]

    package init(_ settings: TagSettings = TagSettings()) {
        spellings = Spellings(settings)
        aliases = ValueAliases(settings.aliases)
        custom = settings.custom
    }

    /// What `value` means: the name that counts, where it is an alias of one.
    package func resolved(_ value: String, of dimension: Dimension) -> String {
        aliases.resolved(value, of: dimension)
    }
}

extension PolicyCondition: CustomStringConvertible {
    /// The condition in its usual form, which reads back as an equal one.
    package var description: String { root.text(inside: .any) }
}

extension ConditionNode where Name == Dimension {
    /// What surrounds a part of a condition, the loosest first.
    enum Surrounding: Int {
        case any, all, not
    }

    func text(inside surrounding: Surrounding) -> String {
        switch self {
        case .all(let nodes):
            let text = nodes.map { $0.text(inside: .all) }.joined(separator: " && ")
            return surrounding == .not ? "(\(text))" : text
        case .any(let nodes):
            let text = nodes.map { $0.text(inside: .all) }.joined(separator: " || ")
            return surrounding == .any ? text : "(\(text))"
        case .not(let node): return Self.negated(node)
        default: return surrounding == .not ? "(\(relation))" : relation
        }
    }

    private static func negated(_ node: ConditionNode) -> String {
        switch node {
        case .equals(let tag, ""): "has(\(name(tag)))"
        case .equals(let tag, let value): "\(name(tag)) != \(quoted(value))"
        case .same(let left, let right): "\(name(left)) != \(name(right))"
        case .among(let tag, let values): "\(name(tag)) not in \(list(values.map(quoted)))"
        case .matches(let tag, let patterns): "\(name(tag)) not matches \(Self.patterns(patterns))"
        case .measuresAmong(let quantity, let values):
            "\(quantity.rawValue) not in \(list(values.map(quantity.text)))"
        case .isKnown(let quantity): "!has(\(quantity.rawValue))"
        default: "!\(node.text(inside: .not))"
        }
    }

    private var relation: String {
        switch self {
        case .constant(let value): "\(value)"
        case .equals(let tag, let value): "\(Self.name(tag)) == \(Self.quoted(value))"
        case .same(let left, let right): "\(Self.name(left)) == \(Self.name(right))"
        case .among(let tag, let values): "\(Self.name(tag)) in \(Self.list(values.map(Self.quoted)))"
        case .matches(let tag, let patterns): "\(Self.name(tag)) matches \(Self.patterns(patterns))"
        case .isKnown(let quantity): "has(\(quantity.rawValue))"
        case .compare(let quantity, let comparison, let value):
            "\(quantity.rawValue) \(comparison.rawValue) \(quantity.text(value))"
        case .relate(let left, let comparison, let right):
            "\(left.rawValue) \(comparison.rawValue) \(right.rawValue)"
        case .measuresAmong(let quantity, let values):
            "\(quantity.rawValue) in \(Self.list(values.map(quantity.text)))"
        case .all, .any, .not: text(inside: .any)
        }
    }

    /// Only standard names stand alone; `tags.` before the others keeps them readable without their settings.
    private static func name(_ dimension: Dimension) -> String {
        let isStandard = Dimension.claimable.contains(dimension) || Dimension.intrinsic.contains(dimension)
        return isStandard ? dimension.name : "tags.\(dimension.name)"
    }

    private static func patterns(_ patterns: [ValuePattern]) -> String {
        guard let first = patterns.first, patterns.count == 1 else { return list(patterns.map { quoted($0.text) }) }
        return quoted(first.text)
    }

    private static func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }
}
