import OutlayTestKit
import Testing

/// The project speaks of the product, not of the machine or the workshop it was made in.
@Suite struct VocabularyTests {
    static let files: [String] =
        Tree.all.map(\.path) + Tree.documents
        + ["Makefile", "Package.swift", ".ci/run"]
        + ["scripts", "deploy", "prices"].flatMap { Repository.files(under: $0) }

    /// Put together here, so that this file does not contain them.
    static let foreign: [String] = [
        "/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/tmp/" + "wt", "work" + "tree", "DESIGN" + ".md",
        "DESIGN" + " §", "STYLE" + ".md B", "the bri" + "ef", "reference/" + "providers", "reference/" + "reliability",
        "issue" + " A", "issue" + " B",
    ]

    @Test func `nothing speaks of where it was made`() throws {
        for path in Set(Self.files).sorted() {
            for (index, line) in try Repository.text(of: path).split(separator: "\n").enumerated() {
                for word in Self.foreign where line.contains(word) {
                    Issue.record("\(path):\(index + 1): '\(word)' means nothing to a reader; say the fact itself")
                }
            }
        }
    }

    /// One word per idea: the left word has a better one on the right (docs/ARCHITECTURE.md, glossary).
    static let better: [(file: String, instead: String)] = [
        ("Utils", "the topic"), ("Helpers", "the topic"), ("Manager", "what it owns"),
        ("Mapper", "Type+Edge.swift"), ("Processor", "what it makes"), ("Extensions", "Type+topic.swift"),
    ]

    @Test func `a file is named after its idea`() {
        for file in Tree.all {
            for word in Self.better where file.path.contains(word.file) {
                Issue.record("\(file.path): name it after \(word.instead)")
            }
        }
    }
}
