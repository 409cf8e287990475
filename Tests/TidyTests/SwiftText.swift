import Foundation

/// A Swift file with its comments and the contents of its string literals blanked out.
///
/// Lines and columns stay where they were, so a finding in ``code`` can be reported by line.
struct SwiftText {
    let path: String
    let lines: [String]
    /// As ``lines``, with comments, string contents and raw identifiers replaced by spaces.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.components(separatedBy: "\n")
        var blanker = Blanker(Array(text))
        code = String(blanker.blanked()).components(separatedBy: "\n")
    }

    /// The number and text of each line of code in which `pattern` occurs.
    func findings(of pattern: some RegexComponent) -> [(number: Int, line: String)] {
        zip(code.indices, code).compactMap { index, line in
            line.contains(pattern) ? (index + 1, lines[index]) : nil
        }
    }
}

private struct Blanker {
    private let characters: [Character]
    private var output: [Character] = []
    private var position = 0

    init(_ characters: [Character]) {
        self.characters = characters
        output.reserveCapacity(characters.count)
    }

    mutating func blanked() -> [Character] {
        while position < characters.count {
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
        return output
    }

    /// The quotes and number signs that open a string literal here.
    private func stringDelimiter() -> (quotes: Int, signs: Int)? {
        var signs = 0
        while at(position + signs) == "#" { signs += 1 }
        guard at(position + signs) == "\"" else { return nil }
        let isLong = at(position + signs + 1) == "\"" && at(position + signs + 2) == "\""
        return (isLong ? 3 : 1, signs)
    }

    private mutating func blankString(_ delimiter: (quotes: Int, signs: Int)) {
        let close = String(repeating: "\"", count: delimiter.quotes) + String(repeating: "#", count: delimiter.signs)
        let escape = "\\" + String(repeating: "#", count: delimiter.signs)
        take(delimiter.quotes + delimiter.signs)
        while position < characters.count, !sees(close) {
            if delimiter.quotes == 1, sees("\n") { return }
            if sees(escape + "(") {
                skip(escape.count)
                blankInterpolation()
            } else {
                skip(sees(escape) ? escape.count + 1 : 1)
            }
        }
        take(close.count)
    }

    /// Blanks from an opening parenthesis to its partner, strings inside included.
    private mutating func blankInterpolation() {
        var depth = 0
        while position < characters.count {
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
        } while depth > 0 && position < characters.count
    }

    private mutating func blank(until isEnd: (Blanker) -> Bool) {
        while position < characters.count, !isEnd(self) { skip(1) }
    }

    private func at(_ index: Int) -> Character? {
        index < characters.count ? characters[index] : nil
    }

    private func sees(_ text: String) -> Bool {
        text.enumerated().allSatisfy { at(position + $0.offset) == $0.element }
    }

    private mutating func take(_ count: Int) {
        for _ in 0..<count where position < characters.count {
            output.append(characters[position])
            position += 1
        }
    }

    private mutating func skip(_ count: Int) {
        for _ in 0..<count where position < characters.count {
            output.append(characters[position] == "\n" ? "\n" : " ")
            position += 1
        }
    }
}
