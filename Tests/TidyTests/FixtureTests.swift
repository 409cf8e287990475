import Foundation
import OutlayTestKit
import Testing

/// Recorded files are there because a test reads them.
@Suite struct FixtureTests {
    static let folders = ["Tests/Fixtures", "Tests/Golden", "Tests/Scenarios"]

    @Test func `a fixture is used by a test, by name or by folder`() {
        for path in Self.folders.flatMap({ Repository.files(under: $0) }) {
            if path.hasSuffix("README.md") { continue }
            #expect(
                Self.isUsed(path, by: Self.testTexts),
                "no test mentions \(path) or its folder; use it or remove it"
            )
        }
    }

    @Test(arguments: [
        ("Tests/Fixtures/openai/chat.json", #"fixture("openai/chat.json")"#, true),
        ("Tests/Fixtures/openai/chat.json", #"fixture("chat", in: "openai")"#, true),
        ("Tests/Fixtures/config/a.bad.yaml", #"files(under: "Tests/Fixtures/config")"#, true),
        ("Tests/Fixtures/openai/chat.json", "// the openai fixtures", false),
    ])
    func `the check knows when a file is used`(_ row: (path: String, test: String, isUsed: Bool)) {
        #expect(Self.isUsed(row.path, by: [row.test]) == row.isUsed)
    }

    static let testTexts = Tree.tests.map { $0.lines.joined(separator: "\n") }

    /// Whether a string literal of a test names the file, or one of the folders it lies in.
    static func isUsed(_ path: String, by tests: [String]) -> Bool {
        let inside = path.split(separator: "/").dropFirst(2).map(String.init)
        let folders = inside.indices.dropLast().flatMap { index in
            [inside[index], inside[...index].joined(separator: "/")]
        }
        let file = inside.last ?? ""
        let names = [file, (file as NSString).deletingPathExtension] + folders
        return tests.contains { text in
            names.contains { text.contains("\"\($0)\"") || text.contains("/\($0)\"") || text.contains("\"\($0)/") }
                || text.contains("\(file)\"")
        }
    }
}
