import OutlayTestKit
import Testing

/// What no source file may contain, each with what to write instead.
@Suite struct CraftTests {
    /// A rule over lines of code; comments and strings do not count.
    struct Rule {
        let name: String
        let pattern: Regex<Substring>
        let advice: String
        /// A line that breaks the rule, and one that does not.
        let bad: String
        let good: String
    }

    static var rules: [Rule] {
        [
            Rule(
                name: "force try",
                pattern: #/\btry!/#,
                advice: "throw it, or handle it",
                bad: "let a = try! read()",
                good: "let a = try? read()"
            ),
            Rule(
                name: "force unwrap or cast",
                pattern: #/(?:[\w)\]}>]|\bas)!(?!=)/#,
                advice: "a trap stops every tenant: use guard let",
                bad: "let a = list.first!",
                good: "guard a != b, !isEmpty else { return }"
            ),
            Rule(
                name: "unchecked Sendable",
                pattern: #/@unchecked\s+Sendable/#,
                advice: "make it a value, or guard it with a Mutex",
                bad: "final class A: @unchecked Sendable {}",
                good: "struct A: Sendable {}"
            ),
            Rule(
                name: "unstructured task",
                pattern: #/\bTask\.detached\b|\bDispatchQueue\b/#,
                advice: "make it a Service of the ServiceGroup",
                bad: "Task.detached { await run() }",
                good: "await withTaskGroup(of: Void.self) { _ in }"
            ),
            Rule(
                name: "printing",
                pattern: #/(?:^|[^.\w])(?:print|debugPrint|dump)\(/#,
                advice: "log it, or write to the output that was passed in",
                bad: "print(total)",
                good: "output.print(total)"
            ),
        ]
    }

    /// Targets whose output is what they print.
    private static let commands = ["Sources/outlay/", "Sources/outlay-bench/"]

    @Test(arguments: rules.indices)
    func `sources keep the rules of the craft`(_ index: Int) {
        let rule = Self.rules[index]
        for file in Tree.sources {
            if rule.name == "printing", Self.commands.contains(where: file.path.hasPrefix) { continue }
            for (number, line) in file.findings(of: rule.pattern) {
                Issue.record("\(file.path):\(number): \(rule.name); \(rule.advice): \(line)")
            }
        }
    }

    @Test(arguments: rules.indices)
    func `each rule finds what breaks it and nothing else`(_ index: Int) {
        let rule = Self.rules[index]
        let file = SwiftText(path: "x.swift", text: rule.bad + "\n" + rule.good + "\n// " + rule.bad + "\n")
        #expect(file.findings(of: rule.pattern).map(\.number) == [1])
    }

    @Test func `no SQL is put together from values`() {
        for file in Tree.sources {
            for (index, line) in file.lines.enumerated() where Self.hasInterpolatedSQL(line) {
                Issue.record("\(file.path):\(index + 1): bind the value with ? instead: \(line)")
            }
        }
    }

    @Test func `the check finds interpolated SQL`() {
        let escape = #"\("#
        #expect(Self.hasInterpolatedSQL(#"try db.execute(sql: "DELETE FROM event WHERE id = "# + escape + #"id)")"#))
        #expect(!Self.hasInterpolatedSQL(#"try db.execute(sql: "DELETE FROM event WHERE id = ?", arguments: [id])"#))
    }

    @Test func `no work is left for later in a comment`() {
        for file in Tree.all {
            let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"]
            for (index, line) in file.lines.enumerated() where words.contains(where: { line.contains($0) }) {
                Issue.record("\(file.path):\(index + 1): do it, or open an issue and leave the comment out")
            }
        }
    }

    @Test func `no code is kept in a comment`() {
        for file in Tree.all {
            for (index, line) in file.lines.enumerated() where Self.isCommentedCode(line) {
                Issue.record("\(file.path):\(index + 1): the history keeps old code; remove \(line)")
            }
        }
    }

    @Test(arguments: [
        ("// let total = events.reduce(0, +)", true),
        ("    // return nil", true),
        ("// ledger.append(event)", true),
        ("// }", true),
        ("// Fail open: a soft budget must not stop production (see docs/STYLE.md).", false),
        ("/// let total = ledger.total(by: team)", false),
        ("let url = \"https://example.org\"", false),
        ("// return to the pool once the last byte is out", false),
    ])
    func `the check tells code from prose`(_ row: (line: String, isCode: Bool)) {
        #expect(Self.isCommentedCode(row.line) == row.isCode)
    }

    @Test func `no test sleeps`() {
        for file in Tree.tests {
            for (number, line) in file.findings(of: #/\bTask\.sleep|(?:^|[^.\w])u?sleep\(/#) {
                Issue.record("\(file.path):\(number): wait for the event itself, or use a manual clock: \(line)")
            }
        }
    }

    /// Whether values are put into SQL as text.
    ///
    /// Names from the program's own closed sets (`SumColumns.all`, a `table` of a list) may be; pragmas take no
    /// parameters.
    static func hasInterpolatedSQL(_ line: String) -> Bool {
        guard line.contains(#/sql:\s*#*"/#), !line.contains("PRAGMA") else { return false }
        return line.contains(#/sql:\s*#*"[^"]*\\#*\((?![A-Z]|table\)|columns)/#)
    }

    static func isCommentedCode(_ line: String) -> Bool {
        guard let text = line.wholeMatch(of: #/\s*//(?!/)\s*(.*?)\s*/#)?.1 else { return false }
        let assignment = #/(?:let|var)\s+\w+\s*[:=].*/#
        let statement = #/(?:return(?:\s+[\w.()]+)?|import\s+\w+|(?:try|await)\s+[\w.]+\(.*|[}{)]+)/#
        let block =
            #/(?:(?:private|package|static|mutating|async)\s+)*(?:func|if|guard|for|while|switch|struct|enum)\s.*\{/#
        let call = #/[a-z]\w*(?:\.\w+)*\([^)]*\)/#
        return text.wholeMatch(of: assignment) != nil || text.wholeMatch(of: statement) != nil
            || text.wholeMatch(of: block) != nil || text.wholeMatch(of: call) != nil
    }
}
