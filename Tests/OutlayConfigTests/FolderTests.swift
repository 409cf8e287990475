import Foundation
import OutlayConfig
import OutlayCore
import Testing

@Suite struct FolderTests {
    @Test func `the files of a folder are one configuration, in the order of their names`() throws {
        try withFolder([
            "20-keys.yml": "keys:\n  - { name: a, workspace: w, upstreams: [local] }\n",
            "10-base.yaml": "workspaces: [{ name: w }]\nkeys: [{ name: b }]\nretention: { events: 400 days }\n",
            "30.yaml": "upstreams: [{ name: local, dialect: openai, base_url: 'http://127.0.0.1:1/v1' }]\n",
            ".hidden.yaml": "nonsense",
            "notes.txt": "nonsense",
        ]) { path in
            let found = ConfigFiles(path).validate()
            #expect(found.diagnostics == [])
            #expect(found.resources?.keys.map(\.name) == ["b", "a"])
            #expect(found.resources?.retention.eventDays == 400)
        }
    }

    @Test func `a name in two files is an error that names both places`() throws {
        try withFolder(["a.yaml": "keys: [{ name: x }]\n", "b.yaml": "\nkeys: [{ name: x }]\n"]) { path in
            let message = "\(path)/b.yaml:2:8: error: key 'x' is defined twice; the first is at \(path)/a.yaml:1:8"
            #expect(ConfigFiles(path).validate().diagnostics.map(\.description) == [message])
        }
    }

    @Test func `a missing path, an empty folder and an unreadable file say so`() throws {
        #expect(ConfigFiles("/nowhere/x").validate().diagnostics.map(\.message) == ["there is no such file or folder"])
        try withFolder([:]) { path in
            let found = ConfigFiles(path).validate()
            #expect(found.resources == nil)
            #expect(found.diagnostics.map(\.message) == ["the folder has no .yaml or .yml files"])
            try FileManager.default.createDirectory(atPath: path + "/d.yaml", withIntermediateDirectories: false)
            let messages = ConfigFiles(path).validate().diagnostics.map(\.message)
            #expect(messages == ["cannot be read; check that it is a file and its permissions"])
        }
    }

    @Test func `the fingerprint changes with any content or name, and only then`() throws {
        try withFolder(["a.yaml": "keys: []\n", "b.yaml": ""]) { path in
            let files = ConfigFiles(path)
            let first = files.fingerprint()
            #expect(files.fingerprint() == first)
            try "keys: [ ]\n".write(toFile: path + "/a.yaml", atomically: true, encoding: .utf8)
            let second = files.fingerprint()
            #expect(second != first)
            try FileManager.default.moveItem(atPath: path + "/b.yaml", toPath: path + "/c.yaml")
            #expect(files.fingerprint() != second)
        }
    }

    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "outlay-config-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        try body(folder.path)
    }
}
