/// Values of the domain as the audit log and the API write them: short texts that people can read.
extension Decoder {
    /// One text, read by `parse`.
    func value<Value>(_ parse: (String) -> Value?) throws -> Value {
        let container = try singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = parse(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no \(Value.self)")
        }
        return value
    }
}

extension Encoder {
    func write(_ text: String) throws {
        var container = singleValueContainer()
        try container.encode(text)
    }
}

/// RFC 3339.
extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        self = try decoder.value { Timestamp(rfc3339: $0) }
    }

    package func encode(to encoder: any Encoder) throws {
        try encoder.write(description)
    }
}

/// A decimal string in dollars.
extension Money: Codable {
    package init(from decoder: any Decoder) throws {
        self = try decoder.value { Money(dollars: $0) }
    }

    package func encode(to encoder: any Encoder) throws {
        try encoder.write(description)
    }
}

/// `5000 USD`, `1000000 tokens`, `300 calls`.
extension BudgetLimit: Codable, CustomStringConvertible {
    package var description: String { "\(unit.text(amount)) \(unit.rawValue)" }

    /// Reads a figure and its unit; a bare figure, or one after `$`, is dollars.
    ///
    /// - Returns: `nil` when it is neither, or negative.
    package init?(text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard let figure = words.first, words.count <= 2 else { return nil }
        let unit = words.count == 2 ? BudgetUnit(rawValue: String(words[1])) : .dollars
        guard let unit else { return nil }
        let digits = figure.first == "$" ? figure.dropFirst() : figure
        let amount = unit == .dollars ? Money(dollars: digits)?.picodollars : Int128(String(digits))
        guard let amount, amount >= 0 else { return nil }
        self.init(unit, amount)
    }

    package init(from decoder: any Decoder) throws {
        self = try decoder.value { BudgetLimit(text: $0) }
    }

    package func encode(to encoder: any Encoder) throws {
        try encoder.write(description)
    }
}

/// `{"team": ["growth", "research-*"]}`.
extension Scope: Codable {
    package init?(values: [String: [String]]) {
        var conditions: [Condition] = []
        for (name, patterns) in values {
            guard let dimension = Dimension(name), !patterns.isEmpty else { return nil }
            conditions.append(Condition(dimension, patterns.map { ValuePattern($0) }))
        }
        self.init(conditions)
    }

    package var values: [String: [String]] {
        Dictionary(conditions.map { ($0.dimension.name, $0.values.map(\.text)) }) { $0 + $1 }
    }

    /// Exactly these values, whatever characters they are made of.
    package init(exactly tags: [Tag]) {
        self.init(tags.map { Condition($0.dimension, [.exactly($0.value)]) })
    }

    package init(from decoder: any Decoder) throws {
        let values = try [String: [String]](from: decoder)
        guard let scope = Scope(values: values) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no scope: \(values)")
            )
        }
        self = scope
    }

    package func encode(to encoder: any Encoder) throws {
        try values.encode(to: encoder)
    }
}

/// `{"dimension": "team", "value": "growth"}`.
extension Tag: Codable {
    private enum CodingKeys: String, CodingKey {
        case dimension, value
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .dimension)
        guard let dimension = Dimension(name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .dimension,
                in: container,
                debugDescription: "'\(name)' is no dimension"
            )
        }
        self.init(dimension, try container.decode(String.self, forKey: .value))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(dimension.name, forKey: .dimension)
        try container.encode(value, forKey: .value)
    }
}
