import Foundation
import Glibc
import OutlayTestKit
import Testing

extension Promises {
    /// The commands in the documents, executed as a reader would, in a folder of their own.
    @Suite struct ReadmeTests {
        /// Documents with something to run.
        static let documents = (["README.md"] + Repository.files(under: "docs/guide", suffix: ".md")).filter { path in
            let blocks = CodeBlock.all(in: (try? Repository.text(of: path)) ?? "")
            return blocks.contains { $0.use != .shown }
        }

        @Test(.timeLimit(.minutes(4)), arguments: documents)
        func `the commands in the documents work as they stand`(_ document: String) async throws {
            let blocks = CodeBlock.all(in: try Repository.text(of: document))
            let folder = try Self.project()
            var servers: [Child] = []
            var addresses: ReadyLine?
            for block in blocks where block.use == .start {
                let server = try Self.bash(block.text, in: folder)
                servers.append(server)
                addresses = try await Self.ready(server)
            }
            let script = Self.script(blocks.filter { $0.use == .run }, document, addresses)
            let reader = try Self.bash(script, in: folder)
            var output = ""
            while let line = await reader.line() { output += line + "\n" }
            let status = await reader.end()
            #expect(status == 0, "\(document)\n\(reader.log.suffix(3000))\n\(output.suffix(1000))")
            for server in servers { server.signalGroup(SIGTERM) }
            for server in servers { await server.end() }
        }

        /// A folder that looks like the project after a build.
        private static func project() throws -> Scratch {
            let folder = try Scratch()
            let built = folder.url.appending(path: ".build")
            try FileManager.default.createDirectory(
                at: built.appending(path: "debug"),
                withIntermediateDirectories: true
            )
            let links = [
                (".build/debug/outlay", Programs.outlay),
                ("Makefile", Repository.root.appending(path: "Makefile")),
                ("scripts", Repository.root.appending(path: "scripts")),
            ]
            for (name, target) in links {
                try FileManager.default.createSymbolicLink(
                    at: folder.url.appending(path: name),
                    withDestinationURL: target
                )
            }
            return folder
        }

        /// The blocks as one shell script, in which variables live on from block to block; a Python block is a program.
        private static func script(_ blocks: [CodeBlock], _ document: String, _ addresses: ReadyLine?) -> String {
            var script = ""
            for block in blocks {
                script += "echo '== \(document):\(block.line)' >&2\n"
                script +=
                    block.language == "python" ? "python3 - <<'END OF BLOCK'\n\(block.text)END OF BLOCK\n" : block.text
            }
            guard let addresses else { return script }
            return script.replacing("http://127.0.0.1:7070", with: addresses.web)
                .replacing("http://127.0.0.1:7071", with: addresses.gateway)
                .replacing("http://127.0.0.1:4318", with: addresses.otlpHTTP ?? "")
                .replacing("http://127.0.0.1:4317", with: addresses.otlpGRPC ?? "")
        }

        /// Runs `script` with the built binary; `make` finds everything built, and servers take free ports.
        private static func bash(_ script: String, in folder: Scratch) throws -> Child {
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let python = Programs.python.deletingLastPathComponent().path()
            let environment = [
                "PATH": "\(folder.path(".build/debug")):\(python):\(path)", "MAKEFLAGS": "BUILD=true",
                "OUTLAY_WEB": "127.0.0.1:0", "OUTLAY_GATEWAY": "127.0.0.1:0", "OUTLAY_OTLP_HTTP": "127.0.0.1:0",
                "OUTLAY_OTLP_GRPC": "127.0.0.1:0",
            ]
            let arguments = ["-euo", "pipefail", "-c", script]
            return try Child(URL(filePath: "/bin/bash"), arguments, environment: environment, in: folder)
        }

        /// Waits for the line that says where a started server listens.
        private static func ready(_ server: Child) async throws -> ReadyLine {
            while let line = await server.line() {
                if let ready = try? JSONDecoder().decode(ReadyLine.self, from: Data(line.utf8)) { return ready }
            }
            throw Child.Failure(description: "ended with \(await server.end()) before it was ready: \(server.log)")
        }
    }
}
