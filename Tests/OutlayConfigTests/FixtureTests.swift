import Foundation
import OutlayConfig
import Testing

/// The files in Tests/Fixtures/config are the specification of what is accepted and what is said of the rest.
@Suite struct FixtureTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/config").standardized

    static func files(_ ending: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted()
    }

    @Test(arguments: files(".good.yaml"))
    func `a good file is accepted, with the warnings that are expected`(_ name: String) throws {
        let validation = ConfigFiles(Self.folder.appending(path: name).path).validate()
        #expect(validation.resources != nil)
        #expect(Self.lines(validation.diagnostics) == Self.expected(name))
    }

    @Test(arguments: files(".bad.yaml"))
    func `a bad file is refused with every problem and its place`(_ name: String) throws {
        let validation = ConfigFiles(Self.folder.appending(path: name).path).validate()
        #expect(validation.resources == nil)
        #expect(Self.lines(validation.diagnostics) == Self.expected(name))
    }

    @Test func `there are fixtures of both kinds`() {
        #expect(Self.files(".good.yaml").count >= 4)
        #expect(Self.files(".bad.yaml").count >= 10)
    }

    private static func lines(_ diagnostics: [Diagnostic]) -> [String] {
        diagnostics.map { $0.description.replacing(folder.path + "/", with: "") }
    }

    /// The lines of NAME.expected; with OUTLAY_RECORD=1 a developer's run writes them first.
    private static func expected(_ name: String) -> [String] {
        let file = folder.appending(path: name.replacing(".yaml", with: ".expected"))
        if ProcessInfo.processInfo.environment["OUTLAY_RECORD"] == "1" { record(name, to: file) }
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    private static func record(_ name: String, to file: URL) {
        let found = lines(ConfigFiles(folder.appending(path: name).path).validate().diagnostics)
        guard !found.isEmpty else { return }
        try? (found.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
    }
}
