extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, with microseconds only when there are any: `2026-11-20T12:00:00Z`.
    package var description: String {
        let date = CivilDate(utc: self)
        let ofDay = microseconds - CivilDate.floorDivide(microseconds, 86_400_000_000) * 86_400_000_000
        let seconds = ofDay / 1_000_000
        let fraction = ofDay % 1_000_000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(Self.twoDigits).joined(separator: ":")
        let decimals = fraction == 0 ? "" : "." + String(String(fraction + 1_000_000).dropFirst())
        return "\(date)T\(clock)\(decimals)Z"
    }

    /// Reads an RFC 3339 instant, with `Z` or a numeric offset; decimals past microseconds are cut.
    package init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = bytes[19...]
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { Self.number([$0]) != nil }
            guard !digits.isEmpty else { return nil }
            let padded = Array(digits.prefix(6)) + Array(repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count))
            fraction = Self.number(padded[...]) ?? 0
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let offset = Self.offsetSeconds(rest) else { return nil }
        let local = date.startUTC.microseconds + Int64(hour * 3600 + minute * 60 + second) * 1_000_000 + Int64(fraction)
        self.init(microseconds: local - Int64(offset) * 1_000_000)
    }

    private static func offsetSeconds(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let sign = bytes.first else { return nil }
        if bytes.count == 1, sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return 0 }
        let digits = Array(bytes.dropFirst())
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits.count == 5, digits[2] == UInt8(ascii: ":"),
            let hours = number(digits[0..<2]), let minutes = number(digits[3..<5]), hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    private static func number(_ bytes: some Collection<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private static func twoDigits(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}

extension CivilDate: CustomStringConvertible {
    /// `2026-11-20`.
    package var description: String {
        let padded = String(repeating: "0", count: max(0, 4 - String(year).utf8.count)) + String(year)
        return "\(padded)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    /// Reads `2026-11-20`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
