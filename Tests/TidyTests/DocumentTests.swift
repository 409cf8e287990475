import Foundation
import OutlayTestKit
import Testing

/// What the documents promise about themselves.
@Suite struct DocumentTests {
    @Test(arguments: [("README.md", 150), ("Makefile", 60), ("CONTRIBUTING.md", 100)])
    func `what is read first is short`(_ document: (path: String, limit: Int)) throws {
        let count = try Tree.lineCount(of: document.path)
        #expect(count <= document.limit, "\(document.path) has \(count) lines; move detail into docs/guide")
    }

    @Test func `every target says what it owns`() throws {
        for target in Repository.folders(in: "Sources") {
            let path = "Sources/\(target)/README.md"
            guard Repository.exists(path) else {
                Issue.record("write \(path): owns / does not own / invariants")
                continue
            }
            let count = try Tree.lineCount(of: path)
            #expect(count <= 40, "\(path) has \(count) lines of 40; longer thoughts go to docs/")
        }
    }

    @Test func `links lead to files that exist`() throws {
        for path in Tree.documents {
            let folder = (path as NSString).deletingLastPathComponent
            for target in Self.links(in: try Repository.text(of: path)) {
                let file = (folder as NSString).appendingPathComponent(target)
                let resolved = (file as NSString).standardizingPath
                #expect(Repository.exists(resolved), "\(path) links to \(target), which is not there")
            }
        }
    }

    @Test func `the check finds links of every form`() {
        let text = """
            [a](docs/a.md#part) ![b](b.svg) [c](https://example.org) [d](#here) <img src="d.svg"> `[e](e.md)`
            ```
            [f](f.md)
            ```
            """
        #expect(Self.links(in: text) == ["docs/a.md", "b.svg", "d.svg"])
    }

    @Test func `continuous integration runs the README's test command`() throws {
        let script = try Repository.text(of: ".ci/run").split(separator: "\n")
        #expect(script.last == "make test", "the README and .ci/run must run the same command")
        #expect(script.contains("set -euo pipefail"))
        #expect(FileManager.default.isExecutableFile(atPath: Repository.root.appending(path: ".ci/run").path()))
        #expect(try Repository.text(of: "README.md").contains("\nmake test\n"))
    }

    @Test func `the scripts the Makefile calls exist and can be run`() throws {
        let makefile = try Repository.text(of: "Makefile")
        for match in makefile.matches(of: #/scripts/[\w-]+/#) {
            let path = Repository.root.appending(path: String(match.output)).path()
            #expect(FileManager.default.isExecutableFile(atPath: path), "\(match.output): write it, chmod +x")
        }
    }

    @Test func `decisions are numbered without a gap and fit on a page`() throws {
        let paths = Repository.files(under: "docs/decisions", suffix: ".md")
        try #require(!paths.isEmpty)
        for (index, path) in paths.enumerated() {
            let number = String(format: "%04d", index + 1)
            #expect(path.hasPrefix("docs/decisions/\(number)-"), "\(path) should have number \(number)")
            let text = try Repository.text(of: path)
            for heading in ["# \(number) ", "\n## Context\n", "\n## Choice\n", "\n## Consequence\n"] {
                #expect(text.contains(heading), "\(path) lacks '\(heading.filter { $0 != "\n" })'")
            }
            #expect(try Tree.lineCount(of: path) <= 60, "\(path) is longer than a page")
        }
    }

    @Test func `a change says of which kind it is`() throws {
        for path in Repository.files(under: "changelog/unreleased", suffix: ".md") {
            let first = try Repository.text(of: path).split(separator: "\n").first ?? ""
            let kinds = ["[CHANGE]", "[FEATURE]", "[ENHANCEMENT]", "[PERF]", "[BUGFIX]"]
            #expect(kinds.contains { first.hasPrefix($0 + " ") }, "\(path) must begin with one of \(kinds)")
        }
    }

    @Test func `every rule that a comment cites is written down`() throws {
        let rules = try Repository.text(of: "SECURITY.md")
        for file in Tree.all {
            for (index, line) in file.lines.enumerated() {
                for match in line.matches(of: #/\b[SR]-\d\d\b/#) where !rules.contains("**\(match.output)**") {
                    Issue.record("\(file.path):\(index + 1): SECURITY.md does not say what \(match.output) is")
                }
            }
        }
    }

    /// Paths that `markdown` links to inside the repository, without fragments; code is left out.
    static func links(in markdown: String) -> [String] {
        var text = markdown
        text.replace(#/(?s)```.*?```/#, with: "")
        text.replace(#/`[^`\n]*`/#, with: "")
        let targets = text.matches(of: #/\]\(([^)\s]+)[^)]*\)|(?:src|href|srcset)="([^"]+)"/#)
        return targets.compactMap { match in
            let target = match.output.1 ?? match.output.2 ?? ""
            let path = target.prefix { $0 != "#" }
            return target.contains("://") || target.hasPrefix("mailto:") || path.isEmpty ? nil : String(path)
        }
    }
}
