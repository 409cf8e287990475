/// Reads tokens into a tree; every comparison is checked for sense while it is read.
///
/// `or := and {"||" and}`, `and := not {"&&" not}`, `not := {"!"} ( "(" or ")" | "has" "(" name ")" | relation )`,
/// `relation := operand ( comparison operand | ["not"] "in" list | ["not"] "matches" texts )`.
struct ConditionParser {
    private let tokens: [ConditionToken]
    private let names: ConditionNames
    private var index = 0
    private var depth = 0

    init(_ tokens: [ConditionToken], _ vocabulary: PolicyVocabulary) {
        self.tokens = tokens
        names = ConditionNames(vocabulary)
    }

    typealias Node = ConditionNode<Dimension>

    mutating func parse() throws(PolicyConditionError) -> Node {
        guard current.kind != .end else { throw PolicyConditionError(1, "the condition is empty") }
        let node = try anyOf()
        guard current.kind == .end else {
            throw error("'\(current.source)' does not continue the condition; join parts with && or ||")
        }
        return node
    }

    private var current: ConditionToken {
        index < tokens.count ? tokens[index] : ConditionToken(kind: .end, position: 1, source: "")
    }

    private mutating func take() -> ConditionToken {
        let token = current
        index += 1
        return token
    }

    private mutating func skip(_ kind: ConditionToken.Kind) -> Bool {
        guard current.kind == kind else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ kind: ConditionToken.Kind, _ sign: String) throws(PolicyConditionError) {
        guard skip(kind) else {
            throw error(current.kind == .end ? "'\(sign)' is missing at the end" : "'\(sign)' is missing here")
        }
    }

    private func error(_ message: String) -> PolicyConditionError {
        PolicyConditionError(current.position, message)
    }

    private mutating func anyOf() throws(PolicyConditionError) -> Node {
        let first = try allOf()
        guard current.kind == .or else { return first }
        var nodes = [first]
        while skip(.or) { nodes.append(try allOf()) }
        return .any(nodes.flatMap { if case .any(let inner) = $0 { inner } else { [$0] } })
    }

    private mutating func allOf() throws(PolicyConditionError) -> Node {
        let first = try negation()
        guard current.kind == .and else { return first }
        var nodes = [first]
        while skip(.and) { nodes.append(try negation()) }
        return .all(nodes.flatMap { if case .all(let inner) = $0 { inner } else { [$0] } })
    }

    private mutating func negation() throws(PolicyConditionError) -> Node {
        guard skip(.not) else { return try primary() }
        try enter()
        let node = try negation()
        depth -= 1
        if case .not(let inner) = node { return inner }
        return .not(node)
    }

    private mutating func enter() throws(PolicyConditionError) {
        depth += 1
        guard depth <= PolicyCondition.depthMax else {
            throw error("the condition is nested more than \(PolicyCondition.depthMax) deep")
        }
    }

    private mutating func primary() throws(PolicyConditionError) -> Node {
        if skip(.open) {
            try enter()
            let node = try anyOf()
            depth -= 1
            try expect(.close, ")")
            return node
        }
        if case .word(let word) = current.kind, word.lowercased() == "has", follows(.open) { return try presence() }
        let token = take()
        if case .word(let word) = token.kind, let value = Self.constant(word), !isRelation { return .constant(value) }
        return try relation(try names.operand(token))
    }

    private func follows(_ kind: ConditionToken.Kind) -> Bool {
        index + 1 < tokens.count && tokens[index + 1].kind == kind
    }

    private var isRelation: Bool {
        switch current.kind {
        case .comparison, .isIn, .matches: true
        default: false
        }
    }

    private static func constant(_ word: String) -> Bool? {
        ["true": true, "false": false][word.lowercased()]
    }

    /// `has(team)`: the tag is there, the quantity is known.
    private mutating func presence() throws(PolicyConditionError) -> Node {
        index += 2
        let token = take()
        let node: Node
        switch try names.operand(token) {
        case .tag(let dimension): node = .not(.equals(dimension, ""))
        case .quantity(let quantity): node = quantity.canBeUnknown ? .isKnown(quantity) : .constant(true)
        default: throw PolicyConditionError(token.position, "has(…) needs a name, such as has(team)")
        }
        try expect(.close, ")")
        return node
    }

    private mutating func relation(_ left: ConditionOperand) throws(PolicyConditionError) -> Node {
        let sign = take()
        switch sign.kind {
        case .comparison(let comparison):
            let token = take()
            return try names.comparison(left, comparison, try names.operand(token), at: token.position)
        case .isIn: return try membership(of: left)
        case .matches: return try pattern(of: left, at: sign.position)
        case .not where current.kind == .isIn:
            index += 1
            return .not(try membership(of: left))
        case .not where current.kind == .matches:
            index += 1
            return .not(try pattern(of: left, at: sign.position))
        default:
            throw PolicyConditionError(
                sign.position,
                "a comparison is missing: ==, !=, <, <=, >, >=, in, not in or matches; has(…) asks for presence"
            )
        }
    }

    private mutating func membership(of left: ConditionOperand) throws(PolicyConditionError) -> Node {
        let items = try list()
        switch left {
        case .tag(let dimension):
            var values: [String] = []
            for item in items { values.append(try names.value(item.operand, of: dimension, at: item.position)) }
            return .among(dimension, values)
        case .quantity(let quantity):
            var values: [Int128] = []
            for item in items { values.append(try names.measure(item.operand, of: quantity, at: item.position)) }
            return .measuresAmong(quantity, values)
        default: throw error("'in' needs a name before it, such as team in [\"growth\"]")
        }
    }

    /// `["a", "b"]`, or in parentheses.
    private mutating func list() throws(PolicyConditionError) -> [(operand: ConditionOperand, position: Int)] {
        let isRound = current.kind == .open
        guard skip(.openList) || skip(.open) else {
            throw error("a list in brackets is missing here: [\"growth\", \"platform\"]")
        }
        var items: [(operand: ConditionOperand, position: Int)] = []
        repeat {
            let token = take()
            items.append((try names.operand(token), token.position))
        } while skip(.comma)
        try expect(isRound ? .close : .closeList, isRound ? ")" : "]")
        return items
    }

    private mutating func pattern(of left: ConditionOperand, at position: Int) throws(PolicyConditionError) -> Node {
        guard case .tag(let dimension) = left else {
            throw PolicyConditionError(position, "'matches' needs a tag, the model or another text before it")
        }
        let isList = current.kind == .openList || current.kind == .open
        let start = current.position
        let items = isList ? try list() : [(try names.operand(take()), start)]
        var patterns: [ValuePattern] = []
        for item in items {
            guard case .text(let text) = item.0 else {
                throw PolicyConditionError(item.1, "'matches' needs text in quotes, where * is any run of characters")
            }
            guard !text.hasPrefix("!") else {
                throw PolicyConditionError(item.1, "write 'not matches' instead of '!' in the pattern")
            }
            patterns.append(ValuePattern(text))
        }
        return .matches(dimension, patterns)
    }
}
