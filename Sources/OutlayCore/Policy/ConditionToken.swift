/// A piece of a condition, and where it begins.
struct ConditionToken {
    enum Kind: Hashable {
        /// A name, or `true` and `false`.
        case word(String)
        /// What stands between quotes.
        case text(String)
        /// Digits as they are written, without `_`.
        case number(String)
        /// Dollars as they are written, without `$`, `USD` and `_`.
        case money(String)
        case date(CivilDate)
        case comparison(Comparison)
        case and, or, not, isIn, matches
        case open, close, openList, closeList, comma
        case end
    }

    let kind: Kind
    /// In characters from 1.
    let position: Int
    /// As it is written, for messages.
    let source: String
}

/// Cuts a condition into tokens.
struct ConditionScanner {
    private let characters: [Unicode.Scalar]
    private var index = 0

    /// The most bytes of a condition.
    static let bytesMax = 2000
    /// The most tokens of a condition, which bounds what it costs to ask it.
    static let tokensMax = 400

    static func tokens(of text: String) throws(PolicyConditionError) -> [ConditionToken] {
        guard text.utf8.count <= bytesMax else {
            throw PolicyConditionError(1, "the condition is longer than \(bytesMax) bytes; split it into several rules")
        }
        var scanner = ConditionScanner(text)
        var tokens: [ConditionToken] = []
        repeat {
            tokens.append(try scanner.next())
            guard tokens.count <= tokensMax else {
                throw PolicyConditionError(
                    scanner.index + 1,
                    "the condition has more than \(tokensMax) parts; split it into several rules"
                )
            }
        } while tokens.last?.kind != .end
        return tokens
    }

    private init(_ text: String) {
        characters = Array(text.unicodeScalars)
    }

    private var current: Unicode.Scalar? { index < characters.count ? characters[index] : nil }

    private mutating func next() throws(PolicyConditionError) -> ConditionToken {
        while let space = current, space.properties.isWhitespace { index += 1 }
        let start = index
        let kind = try scan()
        return ConditionToken(kind: kind, position: start + 1, source: text(from: start))
    }

    private mutating func scan() throws(PolicyConditionError) -> ConditionToken.Kind {
        guard let first = current else { return .end }
        switch first {
        case "\"", "'": return try quoted(first)
        case "$":
            index += 1
            return .money(try number())
        case "0"..."9": return try numberMoneyOrDate()
        case _ where Self.beginsWord(first): return word()
        default: return try sign(first)
        }
    }

    private mutating func quoted(_ quote: Unicode.Scalar) throws(PolicyConditionError) -> ConditionToken.Kind {
        let start = index
        var text = String.UnicodeScalarView()
        index += 1
        while let next = current {
            index += 1
            if next == quote { return .text(String(text)) }
            guard next == "\\" else { text.append(next); continue }
            guard let escaped = current else { break }
            text.append(escaped)
            index += 1
        }
        throw PolicyConditionError(start + 1, "the text that begins here has no closing \(quote)")
    }

    private mutating func word() -> ConditionToken.Kind {
        let start = index
        while let next = current, Self.continuesWord(next) { index += 1 }
        let word = text(from: start)
        switch word.lowercased() {
        case "and": return .and
        case "or": return .or
        case "not": return .not
        case "in": return .isIn
        case "matches": return .matches
        default: return .word(word)
        }
    }

    private mutating func numberMoneyOrDate() throws(PolicyConditionError) -> ConditionToken.Kind {
        let start = index
        let number = try number()
        if current == "-" {
            while let next = current, next == "-" || ("0"..."9").contains(next) { index += 1 }
            guard let date = CivilDate(text(from: start)) else {
                throw PolicyConditionError(start + 1, "'\(text(from: start))' is no date; write it as 2026-12-31")
            }
            return .date(date)
        }
        let end = index
        while current == " " { index += 1 }
        let unit = index
        while let next = current, Self.continuesWord(next) { index += 1 }
        switch text(from: unit) {
        case "USD": return .money(number)
        case "EUR", "GBP", "CHF", "JPY":
            throw PolicyConditionError(unit + 1, "amounts are in US dollars; write '\(number) USD'")
        default:
            index = end
            guard let next = current, Self.beginsWord(next) else { return .number(number) }
            throw PolicyConditionError(start + 1, "a number ends before '\(next)'; text stands in quotes")
        }
    }

    /// Digits with at most one point; `100_000` may be written with `_`.
    private mutating func number() throws(PolicyConditionError) -> String {
        let start = index
        var digits = ""
        while let next = current, ("0"..."9").contains(next) || next == "." || next == "_" {
            if next != "_" { digits.unicodeScalars.append(next) }
            index += 1
        }
        guard DecimalText.parse(digits, scale: 12) != nil else {
            throw PolicyConditionError(
                start + 1,
                "'\(text(from: start))' is no number; at most 20 digits, a point and 12 decimals"
            )
        }
        return digits
    }

    private mutating func sign(_ first: Unicode.Scalar) throws(PolicyConditionError) -> ConditionToken.Kind {
        for length in [2, 1] where index + length <= characters.count {
            let sign = String(String.UnicodeScalarView(characters[index..<(index + length)]))
            guard let kind = Self.signs[sign] else { continue }
            index += length
            return kind
        }
        let advice: String =
            switch first {
            case "=": "use '==' to compare"
            case "&": "use '&&' or AND"
            case "|": "use '||' or OR"
            case "-": "amounts and counts are never negative"
            default: "'\(first)' has no meaning here; text stands in quotes"
            }
        throw PolicyConditionError(index + 1, advice)
    }

    private static let signs: [String: ConditionToken.Kind] = [
        "==": .comparison(.equal), "!=": .comparison(.unequal), "<=": .comparison(.atMost),
        ">=": .comparison(.atLeast), "<": .comparison(.below), ">": .comparison(.above), "&&": .and, "||": .or,
        "!": .not, "(": .open, ")": .close, "[": .openList, "]": .closeList, ",": .comma,
    ]

    private func text(from start: Int) -> String {
        String(String.UnicodeScalarView(characters[start..<index]))
    }

    private static func beginsWord(_ character: Unicode.Scalar) -> Bool {
        character.properties.isAlphabetic || character == "_"
    }

    private static func continuesWord(_ character: Unicode.Scalar) -> Bool {
        beginsWord(character) || ("0"..."9").contains(character) || character == "." || character == "-"
    }
}
