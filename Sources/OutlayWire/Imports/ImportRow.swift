package import OutlayCore

/// One row of a file, whatever its format: values by the names of columns or members.
package struct ImportRow: Hashable, Sendable {
    /// In the order of the file.
    package var members: [JSONValue.Member]

    /// A row of a table.
    package init(header: [String], values: [String]) {
        members = zip(header, values).map { JSONValue.Member($0.0, .string($0.1)) }
    }

    /// A JSON object; `nil` for anything else.
    package init?(_ value: JSONValue) {
        guard let members = value.members else { return nil }
        self.members = members
    }

    package subscript(name: String) -> JSONValue? {
        members.last { $0.key == name }?.value
    }

    /// A value as text; `nil` where it is absent, empty, null or a structure.
    package func text(_ names: String...) -> String? {
        for name in names {
            if let text = self[name]?.plainText { return text }
        }
        return nil
    }

    /// An object, also one that stands in a text, as in exports of tables.
    package func object(_ name: String) -> JSONValue? {
        guard let value = self[name] else { return nil }
        if value.members != nil { return value }
        return value.string.flatMap { try? JSONValue(Array($0.utf8)) }.flatMap { $0.members == nil ? nil : $0 }
    }

    /// A number for all that the row says; equal rows have equal ones, in every process.
    package var fingerprint: UInt128 {
        var fingerprint = Fingerprinter()
        for member in members {
            fingerprint.add(member.key)
            fingerprint.add(member.value.text)
        }
        return fingerprint.value
    }
}

/// What becomes of a row.
package enum ImportedRow: Hashable, Sendable {
    /// A record as `POST /api/v1/events` takes it.
    case record(JSONValue)
    /// Not booked, on purpose: why, and how many dollars that leaves out.
    case skipped(reason: String, amount: Money?)
}

/// A record in the making.
struct RecordDraft {
    private(set) var members: [JSONValue.Member] = []
    private var tags: [JSONValue.Member] = []

    mutating func set(_ name: String, _ text: String?) {
        if let text { members.append(JSONValue.Member(name, .string(text))) }
    }

    mutating func set(_ name: String, number: String?) {
        guard let number else { return }
        let isNumber = CountText.Decimal(number) != nil
        members.append(JSONValue.Member(name, isNumber ? .number(number) : .string(number)))
    }

    mutating func set(_ name: String, _ value: JSONValue) {
        members.append(JSONValue.Member(name, value))
    }

    /// Adds a tag whose name is made one: `Cost Center` is `cost_center`; the first of a name counts.
    mutating func tag(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        let clean = String(
            decoding: name.lowercased().utf8.prefix(64).map { byte in
                Dimension(String(UnicodeScalar(byte))) == nil ? UInt8(ascii: "_") : byte
            },
            as: UTF8.self
        )
        guard !clean.isEmpty, !tags.contains(where: { $0.key == clean }) else { return }
        tags.append(JSONValue.Member(clean, .string(value)))
    }

    var value: JSONValue {
        .object(tags.isEmpty ? members : members + [JSONValue.Member("tags", .object(tags))])
    }
}

extension JSONValue {
    /// A text, number or flag as it is written; `nil` for anything else and for nothing.
    package var plainText: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let text): text
        case .bool(let isTrue): isTrue ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}

/// Times as exports write them.
enum ImportTime {
    /// RFC 3339; without a zone it is UTC; a day; seconds, milliseconds or microseconds since 1970.
    static func rfc3339(_ text: String?) -> String? {
        guard var text else { return nil }
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }) {
            return epoch(text) ?? text
        }
        if let date = CivilDate(text) { return "\(date.startUTC)" }
        if let time = Timestamp(rfc3339: text) { return "\(time)" }
        if text.hasSuffix(" UTC") { text.removeLast(4) }
        return Timestamp(rfc3339: text + "Z").map { "\($0)" } ?? text
    }

    private static func epoch(_ text: String) -> String? {
        guard case .value(let thousandths, _) = CountText.parse(text, scale: 3), thousandths > 0 else { return nil }
        let microseconds =
            switch thousandths {
            case ..<100_000_000_000_000: thousandths * 1000
            case ..<100_000_000_000_000_000: thousandths
            default: thousandths / 1000
            }
        return "\(Timestamp(microseconds: microseconds))"
    }
}
