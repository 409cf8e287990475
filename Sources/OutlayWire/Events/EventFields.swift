import OutlayCore

/// The members of one record, asked by name; what is wrong with any of them is kept, and what nobody asked for named.
struct EventFields {
    private(set) var problems: [String] = []
    private var members: [String: JSONView] = [:]
    private var asked: Set<String> = []

    /// Texts longer than this are no names.
    static let textBytesMax = 512

    init(_ object: JSONView) {
        for member in object.members {
            if members.updateValue(member.value, forKey: member.key) != nil {
                problem("'\(Self.shortened(member.key))' is there twice")
            }
        }
    }

    mutating func problem(_ sentence: String) {
        problems.append(sentence)
    }

    /// A member that is there and not null.
    mutating func value(_ name: String) -> JSONView? {
        asked.insert(name)
        guard let value = members[name], !value.isNull else { return nil }
        return value
    }

    /// A text without control characters, of 1 to 512 bytes.
    mutating func text(_ name: String, bytesMax: Int = textBytesMax) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { return refuse(name, "a string") }
        guard !text.isEmpty, text.utf8.count <= bytesMax, !text.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { return refuse(name, "1 to \(bytesMax) bytes of plain text") }
        return text
    }

    mutating func flag(_ name: String) -> Bool {
        guard let value = value(name) else { return false }
        switch value.kind {
        case .atom(.true): return true
        case .atom(.false): return false
        default: return refuse(name, "true or false") ?? false
        }
    }

    /// A whole number from 0 on.
    mutating func count(_ name: String, in range: ClosedRange<Int64> = 0...countMax) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.number, case .value(let count, isExact: true) = CountText.parse(number),
            range.contains(count)
        else { return refuse(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") }
        return count
    }

    /// The most of one unit an event can have been.
    static let countMax: Int64 = 1 << 48

    /// Dollars, from a decimal string or a number.
    mutating func money(_ name: String) -> Money? {
        guard let value = value(name) else { return nil }
        guard let text = value.string ?? value.number, let money = Money(reported: text), money >= .zero,
            money <= Self.moneyMax
        else { return refuse(name, "dollars from 0 to 9000000, such as \"0.0021\"") }
        return money
    }

    /// What one event can cost at most.
    private static let moneyMax = Money(picodollars: 9_000_000 * Money.picodollarsPerDollar)

    mutating func hexadecimal(_ name: String, digits: Int) -> String? {
        guard let text = text(name) else { return nil }
        guard text.utf8.count == digits, text.allSatisfy(\.isHexDigit), text.contains(where: { $0 != "0" }) else {
            return refuse(name, "\(digits) hexadecimal digits, not all of them 0")
        }
        return text.lowercased()
    }

    mutating func refuse<Value>(_ name: String, _ wanted: String) -> Value? {
        problem("'\(name)' must be \(wanted)")
        return nil
    }

    /// Names every member that nobody asked for.
    mutating func finish() {
        let claimable = Set(Dimension.claimable.map(\.name))
        for name in members.keys.sorted() where !asked.contains(name) {
            let shown = Self.shortened(name)
            if claimable.contains(name) {
                problem("'\(shown)' is a tag: write it below 'tags'")
            } else {
                let hint = Suggestion.nearest(to: name, among: asked.sorted()).map { "; did you mean '\($0)'?" }
                problem("'\(shown)' is no field of an event\(hint ?? "")")
            }
        }
    }

    static func shortened(_ text: String) -> String {
        text.unicodeScalars.count > 40 ? String(text.unicodeScalars.prefix(40)) + "…" : text
    }
}
