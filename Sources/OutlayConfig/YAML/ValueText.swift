internal import OutlayCore

/// Why a value cannot be read; follows the quoted value in the message.
struct ValueProblem: Error {
    let message: String
    /// Whether the value may be a secret, which no message repeats.
    let hidesValue: Bool

    init(_ message: String, hidesValue: Bool = false) {
        self.message = message
        self.hidesValue = hidesValue
    }
}

/// Reads single values from their text, exactly: no number ever passes through floating point.
enum ValueText {
    /// Any text worth a name: not empty, at most 256 bytes, no control characters.
    static func name(_ text: String) throws(ValueProblem) -> String {
        guard let name = TagText.cleaned(text) else {
            throw ValueProblem("is longer than \(TagText.valueBytesMax) bytes or has control characters")
        }
        guard !name.isEmpty else { throw ValueProblem("is empty") }
        return name
    }

    /// A name that is part of a URL.
    static func pathName(_ text: String) throws(ValueProblem) -> String {
        let isGood = text.utf8.allSatisfy { byte in
            Dimension(String(UnicodeScalar(byte))) != nil
        }
        guard !text.isEmpty, text.utf8.count <= 64, isGood, text != ".", text != ".." else {
            throw ValueProblem("is no name for a URL; use 1 to 64 of a-z, 0-9, '-', '_' and '.'")
        }
        return text
    }

    static func flag(_ text: String) throws(ValueProblem) -> Bool {
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: throw ValueProblem("is neither true nor false")
        }
    }

    static func count(_ range: ClosedRange<Int>) -> (String) throws(ValueProblem) -> Int {
        { (text: String) throws(ValueProblem) in
            guard text.utf8.count < 20, let number = Int(text), range.contains(number) else {
                throw ValueProblem("is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    static func choice<Choice>(_ type: Choice.Type) -> (String) throws(ValueProblem) -> Choice
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        { (text: String) throws(ValueProblem) in
            if let choice = Choice(rawValue: text) { return choice }
            let names = Choice.allCases.map(\.rawValue)
            let ending = Suggestion.ending(
                for: text,
                among: names,
                otherwise: "it can be \(Suggestion.listing(names))"
            )
            throw ValueProblem("is not known\(ending)")
        }
    }

    /// An amount that is not negative: `5000 USD`, `$5`, `0.01`.
    static func money(_ text: String) throws(ValueProblem) -> Money {
        var number = Substring(text)
        if number.hasPrefix("$") { number = number.dropFirst() }
        let words = number.split(separator: " ")
        if words.count == 2, words[1] == "USD" { number = words[0] }
        if words.count == 2, words[1] != "USD", words[1].allSatisfy(\.isLetter) {
            throw ValueProblem("is not in US dollars; write '\(words[0]) USD'")
        }
        if let symbol = number.unicodeScalars.first, symbol.properties.generalCategory == .currencySymbol {
            throw ValueProblem("is not in US dollars; write it as '5000 USD'")
        }
        if number.contains(",") { throw ValueProblem("has a comma; write it as '5000.00 USD'") }
        guard let amount = Money(dollars: number) else {
            throw ValueProblem("is not an amount; write it as '5000 USD' or '0.01', with at most 12 decimals")
        }
        guard amount >= .zero else { throw ValueProblem("is negative; an amount is at least 0") }
        return amount
    }

    /// A part of a hundred, from 0 to 100: `7.3 %` is 73 over 1000.
    static func percent(_ text: String) throws(ValueProblem) -> Percent {
        let number = (text.hasSuffix("%") ? text.dropLast() : text[...]).split(separator: " ")
        let scale = 9
        guard number.count == 1, let value = DecimalText.parse(number[0], scale: scale),
            (0...100 * 1_000_000_000).contains(value), var numerator = Int64(exactly: value)
        else { throw ValueProblem("is not a percentage from 0 to 100; write it as '7.3 %'") }
        var denominator: Int64 = 100_000_000_000
        while denominator > 100, numerator % 10 == 0 { (numerator, denominator) = (numerator / 10, denominator / 10) }
        return Percent(numerator: numerator, denominator: denominator)
    }

    struct Percent {
        let numerator: Int64
        let denominator: Int64
    }

    /// A day, which begins at midnight UTC, or an instant.
    static func instant(_ text: String) throws(ValueProblem) -> Timestamp {
        if let day = CivilDate(text) { return day.startUTC }
        if let instant = Timestamp(rfc3339: text) { return instant }
        throw ValueProblem("is no date; write it as '2026-01-31' or '2026-01-31T12:00:00Z'")
    }

    /// How many days something lasts, `nil` for ever: `400 days`, `13 months`, `2 years`, `forever`.
    ///
    /// A month counts as 31 days and a year as 366, so that nothing is given up early.
    static func days(_ text: String) throws(ValueProblem) -> Int? {
        if text == "forever" { return nil }
        let words = text.split(separator: " ").map(String.init)
        let units = ["day": 1, "days": 1, "week": 7, "weeks": 7, "month": 31, "months": 31, "year": 366, "years": 366]
        guard words.count == 2, words[0].utf8.count < 7, let number = Int(words[0]), number > 0,
            let days = units[words[1]], number * days <= 366 * 1000
        else { throw ValueProblem("is no duration; write it as '400 days', '13 months', '2 years' or 'forever'") }
        return number * days
    }

    static func baseURL(_ text: String) throws(ValueProblem) -> BaseURL {
        do {
            return try BaseURL(text)
        } catch {
            throw ValueProblem(error.message, hidesValue: text.contains("@"))
        }
    }

    /// A SHA-256 as 64 hexadecimal digits.
    static func digest(_ text: String) throws(ValueProblem) -> KeyDigest {
        let isHex = text.utf8.allSatisfy { UInt8(String(UnicodeScalar($0)), radix: 16) != nil }
        guard text.utf8.count == 64, isHex, let high = UInt128(text.prefix(32), radix: 16),
            let low = UInt128(text.suffix(32), radix: 16)
        else { throw ValueProblem("is no SHA-256; write its 64 hexadecimal digits", hidesValue: true) }
        return KeyDigest(high: high, low: low)
    }

    /// The name of an environment variable behind `env:`.
    static func variable(_ name: some StringProtocol) -> String? {
        let isGood = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xdf) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        return !name.isEmpty && isGood ? String(name) : nil
    }
}
