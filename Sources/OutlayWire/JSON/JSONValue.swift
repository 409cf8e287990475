package import OutlayCore

/// A JSON value as a tree: for settings, answers of the API, tests.
///
/// The hot path never builds one.
package enum JSONValue: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: JSONValue

        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    case null
    case bool(Bool)
    /// The number as it was written: `0.10` stays `0.10`, nothing is rounded.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Members in their order, repeated keys included.
    case object([Member])

    /// Reads exactly one value and the whitespace around it.
    package init(_ bytes: [UInt8]) throws(JSONError) {
        self.init(try JSONDocument(bytes).root)
    }

    package init(_ view: JSONView) {
        switch view.kind {
        case .object: self = .object(view.members.map { Member($0.key, JSONValue($0.value)) })
        case .array: self = .array(view.elements.map { JSONValue($0) })
        case .string: self = .string(view.string ?? "")
        case .atom(.null): self = .null
        case .atom(.true): self = .bool(true)
        case .atom(.false): self = .bool(false)
        case .atom(.number): self = .number(view.number ?? "0")
        }
    }

    /// The last member called `key`; `nil` where there is none.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    package var bool: Bool? {
        guard case .bool(let isTrue) = self else { return nil }
        return isTrue
    }

    /// A whole number that fits 64 bits; `nil` for anything else.
    package var int: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text)
    }

    /// An amount in dollars, exactly as written, from a number or a string; `nil` where it is not exact.
    package var dollars: Money? {
        switch self {
        case .number(let text), .string(let text): Money(dollars: text)
        default: nil
        }
    }

    /// The keys that occur more than once in this object, in the order of their repetition.
    package var duplicateKeys: [String] {
        var seen: Set<String> = []
        return (members ?? []).map(\.key).filter { !seen.insert($0).inserted }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .number(String(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }

    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
