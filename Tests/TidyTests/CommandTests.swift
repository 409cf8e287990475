import OutlayTestKit
import Testing

/// Commands in documents: those marked `run` or `start` are executed by the system tests, so here they
/// are only checked for being well formed and for naming things that exist.
@Suite struct CommandTests {
    static let documents = ["README.md"] + Repository.files(under: "docs/guide", suffix: ".md")
    static let languages: Set<String> = ["sh", "python", "yaml", "json", "text", "toml", "ini", "swift"]
    static let commands: Set<String> = [
        "agent", "approvals", "backup", "budget", "completions", "demo", "doctor", "explain", "import", "init", "key", "policy",
        "price", "rehearse", "restore", "sandbox", "serve",
        "spend", "verify",
    ]

    @Test func `every block names its language`() throws {
        for path in Self.documents {
            for block in CodeBlock.all(in: try Repository.text(of: path)) {
                #expect(
                    Self.languages.contains(block.language),
                    "\(path):\(block.line): '\(block.language)' is not one of \(Self.languages.sorted())"
                )
                #expect(
                    block.use == .shown || ["sh", "python"].contains(block.language),
                    "\(path):\(block.line): only sh and python can be executed"
                )
            }
        }
    }

    @Test func `make and outlay are called with commands they have`() throws {
        for path in Self.documents {
            let makefile = try Repository.text(of: "Makefile")
            for block in CodeBlock.all(in: try Repository.text(of: path)) where block.language == "sh" {
                for match in block.text.matches(of: #/(?m)^\s*make ([a-z-]+)/#) {
                    #expect(makefile.contains("\n\(match.1):"), "\(path):\(block.line): make has no '\(match.1)'")
                }
                for match in block.text.matches(of: #/(?:^|[\s(])outlay ([a-z]+)/#) {
                    #expect(
                        Self.commands.contains(String(match.1)),
                        "\(path):\(block.line): outlay has no '\(match.1)'"
                    )
                }
            }
        }
    }

    @Test func `the README can be executed`() throws {
        let blocks = CodeBlock.all(in: try Repository.text(of: "README.md"))
        #expect(blocks.contains { $0.use == .start }, "one block must start the server, marked 'sh start'")
        #expect(blocks.contains { $0.use == .run && $0.language == "sh" })
        #expect(blocks.contains { $0.use == .run && $0.language == "python" })
    }

    @Test func `the run blocks of a document make one script`() {
        let blocks = CodeBlock.all(in: "```sh start\nmake run\n```\n```sh run\na=1\n```\n```python run\nb\n```\n")
        let script = CodeBlock.script(blocks, python: "py")
        #expect(
            script.split(separator: "\n").filter { !$0.hasPrefix("echo") } == [
                "set -euo pipefail", "a=1", "py - <<'END_OF_BLOCK'", "b", "END_OF_BLOCK",
            ]
        )
    }

    @Test func `blocks are read with their use, their language and their line`() {
        let blocks = CodeBlock.all(in: "a\n```sh run\nx\ny\n```\n```yaml\nz\n```\n````text\n```\n````\n")
        #expect(blocks.map(\.language) == ["sh", "yaml", "text"])
        #expect(blocks.map(\.use) == [.run, .shown, .shown])
        #expect(blocks.map(\.text) == ["x\ny\n", "z\n", "```\n"])
        #expect(blocks.map(\.line) == [2, 6, 9])
    }
}
