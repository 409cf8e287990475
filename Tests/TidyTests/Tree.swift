import OutlayTestKit

/// The project's files, read once.
enum Tree {
    /// Data in the form of Swift: no rule about size or style applies.
    static let generated: Set<String> = [
        "Sources/OutlayWire/Prices/EmbeddedBook.swift", "Tests/Support/OTLPProtobuf/otlp.pb.swift",
    ]

    static let sources = swift("Sources")
    static let tests = swift("Tests")
    static var all: [SwiftText] { sources + tests }

    /// Everything people read that is kept in the repository.
    static let documents: [String] =
        ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
        + ["docs", "changelog", "deploy", "Sources", "Tests", "Benchmarks"].flatMap {
            Repository.files(under: $0, suffix: ".md")
        }

    static func swift(_ folder: String) -> [SwiftText] {
        Repository.files(under: folder, suffix: ".swift").filter { !generated.contains($0) }.compactMap { path in
            (try? Repository.text(of: path)).map { SwiftText(path: path, text: $0) }
        }
    }

    static func lineCount(of path: String) throws -> Int {
        try Repository.text(of: path).split(separator: "\n", omittingEmptySubsequences: false).dropLast().count
    }
}
