/// Writes YAML that every reader takes for the same text.
enum YAMLText {
    /// `text` as one scalar, in double quotes wherever it could be taken for something else.
    static func scalar(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    /// One scalar, or a flow list of several.
    static func scalars(_ texts: [String]) -> String {
        if texts.count == 1, let text = texts.first { return scalar(text) }
        return list(texts.map(scalar))
    }

    static func list(_ items: [String]) -> String {
        "[\(items.joined(separator: ", "))]"
    }

    static func mapping(_ entries: [(key: String, value: String)]) -> String {
        "{ \(entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")) }"
    }

    /// Words that YAML 1.1 takes for booleans and nothing.
    private static let reserved: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.last != UInt8(ascii: " ") else { return false }
        return !reserved.contains(text.lowercased()) && text.utf8.allSatisfy(isPlainInside)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isPlainInside(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || " -_./@+*".utf8.contains(byte)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                    let digits = String(scalar.value, radix: 16)
                    result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
