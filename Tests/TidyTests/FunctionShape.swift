/// Where a function begins and how large it is.
struct FunctionShape {
    let name: String
    /// The line of `func` or `init`, from 1.
    let line: Int
    let parameters: Int
    /// Lines from the declaration to its closing brace; 0 for a requirement without a body.
    let lines: Int

    static func all(in file: SwiftText) -> [FunctionShape] {
        let code = file.code.joined(separator: "\n")
        let starts = code.matches(of: #/(?:^|[^.\w])(?:func\s+([^\s(<]+)|(init)[?!]?(?=[(<]))/#)
        return starts.compactMap { match in
            let name = match.output.1 ?? match.output.2 ?? ""
            guard let list = span(in: code, from: match.range.upperBound, open: "(", close: ")") else { return nil }
            let line = code[..<match.range.upperBound].count { $0 == "\n" } + 1
            let body = bodyEnd(in: code, after: list.upperBound)
            let length = body.map { code[match.range.upperBound..<$0].count { $0 == "\n" } + 1 }
            return FunctionShape(
                name: name.isEmpty ? "func" : String(name.filter { $0 != "`" && $0 != " " }),
                line: line,
                parameters: count(code[list].dropFirst().dropLast()),
                lines: length ?? 0
            )
        }
    }

    /// From the next `open` to its partner, both included.
    private static func span(
        in code: String,
        from start: String.Index,
        open: Character,
        close: Character
    ) -> Range<String.Index>? {
        guard let first = code[start...].firstIndex(of: open) else { return nil }
        var depth = 0
        var index = first
        while index < code.endIndex {
            if code[index] == open { depth += 1 }
            if code[index] == close { depth -= 1 }
            if depth == 0 { return first..<code.index(after: index) }
            index = code.index(after: index)
        }
        return nil
    }

    /// The end of the body that follows a parameter list; `nil` for a requirement of a protocol.
    private static func bodyEnd(in code: String, after start: String.Index) -> String.Index? {
        let rest = code[start...]
        guard let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }), code[brace] == "{" else { return nil }
        let between = rest[..<brace]
        guard !between.contains(#/\n\s*(?:@|package|private|static|mutating|func|var|let|init|case|struct|enum)/#)
        else {
            return nil
        }
        return span(in: code, from: brace, open: "{", close: "}")?.upperBound
    }

    /// How many parameters a list holds: commas that are inside no bracket, and one more.
    private static func count(_ list: Substring) -> Int {
        var depth = 0
        var pieces = [""]
        var previous: Character = " "
        for character in list {
            if "([{<".contains(character) { depth += 1 }
            if ")]}".contains(character) || (character == ">" && previous != "-") { depth -= 1 }
            if character == ",", depth == 0 {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
            previous = character
        }
        return pieces.count { !$0.allSatisfy(\.isWhitespace) }
    }
}
