import Foundation
import OutlayConfig
import Testing

/// Files made to hurt: they are refused, or read, in the time of a file of their size.
@Suite struct HostileTests {
    private static let size = 1 << 20
    /// A debug build on a busy machine; a release build takes a tenth of it.
    private static let limit = Duration.seconds(30)

    private static func filled(_ piece: String, _ head: String = "", _ tail: String = "") -> String {
        head + String(repeating: piece, count: size / piece.utf8.count - 64 / piece.utf8.count - 1) + tail
    }

    private static let aliasBomb: String = {
        let levels = (1...40).map { level in
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            return "a\(level): &a\(level) [\(aliases)]\n"
        }
        return "a0: &a0 [x, x]\n" + levels.joined() + "? *a40\n: x\n"
    }()

    private static let deep = (0..<1400).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    private static let unknownKeys = (0..<9_500).map { "  - { name: k\($0), nmae: x }\n" }.joined()
    private static let goodKeys = (0..<9_000).map { "  - { name: k\($0), for: both }\n" }.joined()

    private static let files: [(String, String)] = [
        ("alias bomb as a key", aliasBomb), ("brackets", filled("[")), ("braces", filled("{a: ")),
        ("dashes", filled("- ")), ("questions", filled("? ")), ("a flat list", filled("a,", "keys: [", "]")),
        ("a flat block list", filled("- a\n", "keys:\n")), ("one key many times", filled("a: 1\n")),
        ("comments", filled("#\n")), ("escapes", filled("\\x41", "a: \"", "\"")), ("tags", filled("!<a> ", "a: ")),
        ("directives", filled("%TAG ! a\n")), ("documents", filled("---\n")), ("anchors", filled("&a ", "a: ")),
        ("aliases", filled("*a, ", "a: [", "]")), ("too large", filled("#") + filled("#")),
        ("colons", filled("a: ")), ("backticks", filled("`")), ("nulls", filled("\0")),
        ("a deep mapping", deep),
        ("unknown keys", "keys:\n" + unknownKeys),
        ("many good keys", "keys:\n" + goodKeys),
        ("long text", filled("x ", "keys: [{ name: ", " }]")),
        ("a long unknown key", filled("k", "keys: [{ name: a, ", ": 1 }]")),
    ]

    @Test(arguments: files.map(\.0))
    func `a hostile file is read or refused in bounded time and memory`(_ name: String) throws {
        let text = try #require(Self.files.first { $0.0 == name }?.1)
        let file = FileManager.default.temporaryDirectory.appending(path: "outlay-hostile-\(UUID().uuidString).yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        var found: ConfigFiles.Validation?
        let time = ContinuousClock().measure { found = ConfigFiles(file.path).validate() }
        let validation = try #require(found)
        #expect(time < Self.limit, "\(name) took \(time)")
        #expect(validation.diagnostics.count <= 100)
        #expect(validation.diagnostics.allSatisfy { $0.message.count < 600 }, "\(name)")
        #expect((validation.resources == nil) == validation.diagnostics.contains { $0.severity == .error })
        if ProcessInfo.processInfo.environment["OUTLAY_TIMES"] != nil {
            print(name, time, validation.diagnostics.first?.message ?? "accepted")
        }
    }

    @Test func `an alias bomb is refused at its first anchor`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "outlay-bomb-\(UUID().uuidString).yaml")
        try "keys: &a [x]\nmore: [*a, *a]\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = ConfigFiles(file.path).validate().diagnostics.map { "\($0.line):\($0.column)" }
        #expect(lines.prefix(1) == ["1:7"])
    }
}
