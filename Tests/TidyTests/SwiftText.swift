import Foundation

/// A Swift file with its comments and the contents of its string literals blanked out.
///
/// Lines stay where they were, so a finding in ``code`` can be reported by line.
struct SwiftText {
    let path: String
    let lines: [String]
    /// As ``lines``, with comments, string contents and raw identifiers replaced by spaces.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.components(separatedBy: "\n")
        var blanker = Blanker(text)
        code = blanker.blanked().components(separatedBy: "\n")
    }

    /// Whether the line at `index` is text of a literal over several lines, or a comment in a block.
    func isInsideString(_ index: Int) -> Bool {
        let text = lines[index].drop { $0 == " " }
        return !text.hasPrefix("//") && code[index].allSatisfy { $0 == " " }
    }

    /// The number and text of each line of code in which `pattern` occurs.
    func findings(of pattern: some RegexComponent) -> [(number: Int, line: String)] {
        zip(code.indices, code).compactMap { index, line in
            line.contains(pattern) ? (index + 1, lines[index]) : nil
        }
    }
}

/// Works on bytes: the project's files are large enough together for characters to take seconds.
private struct Blanker {
    private let bytes: [UInt8]
    private var output: [UInt8] = []
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        output.reserveCapacity(bytes.count)
    }

    mutating func blanked() -> String {
        while position < bytes.count {
            if sees("//") {
                blank { $0.sees("\n") }
            } else if sees("/*") {
                blankComment()
            } else if sees("`") {
                take(1)
                blank { $0.sees("`") || $0.sees("\n") }
                take(1)
            } else if let delimiter = stringDelimiter() {
                blankString(delimiter)
            } else {
                take(1)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The quotes and number signs that open a string literal here.
    private func stringDelimiter() -> (quotes: Int, signs: Int)? {
        var signs = 0
        while at(position + signs) == UInt8(ascii: "#") { signs += 1 }
        guard at(position + signs) == UInt8(ascii: "\"") else { return nil }
        let isLong = sees("\"\"\"", after: signs)
        return (isLong ? 3 : 1, signs)
    }

    private mutating func blankString(_ delimiter: (quotes: Int, signs: Int)) {
        let signs = String(repeating: "#", count: delimiter.signs)
        let close = String(repeating: "\"", count: delimiter.quotes) + signs
        let escape = "\\" + signs
        take(delimiter.quotes + delimiter.signs)
        while position < bytes.count, !sees(close) {
            if delimiter.quotes == 1, sees("\n") { return }
            if sees(escape + "(") {
                skip(escape.utf8.count)
                blankInterpolation()
            } else {
                skip(sees(escape) ? escape.utf8.count + 1 : 1)
            }
        }
        take(close.utf8.count)
    }

    /// Blanks from an opening parenthesis to its partner, strings inside included.
    private mutating func blankInterpolation() {
        var depth = 0
        while position < bytes.count {
            if sees("(") { depth += 1 }
            if sees(")") { depth -= 1 }
            if let delimiter = stringDelimiter() {
                blankString(delimiter)
            } else {
                skip(1)
            }
            if depth == 0 { return }
        }
    }

    private mutating func blankComment() {
        var depth = 0
        repeat {
            if sees("/*") { depth += 1 }
            if sees("*/") { depth -= 1 }
            skip(sees("/*") || sees("*/") ? 2 : 1)
        } while depth > 0 && position < bytes.count
    }

    private mutating func blank(until isEnd: (Blanker) -> Bool) {
        while position < bytes.count, !isEnd(self) { skip(1) }
    }

    private func at(_ index: Int) -> UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private func sees(_ text: String, after offset: Int = 0) -> Bool {
        var index = position + offset
        for byte in text.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private mutating func take(_ count: Int) {
        for _ in 0..<count where position < bytes.count {
            output.append(bytes[position])
            position += 1
        }
    }

    private mutating func skip(_ count: Int) {
        for _ in 0..<count where position < bytes.count {
            output.append(bytes[position] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            position += 1
        }
    }
}
