import Foundation

/// A folder of one test, removed with everything in it when the test ends.
final class Scratch: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "outlay-test-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String {
        url.appending(path: name).path()
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }

    /// Every regular file below the folder.
    func files(below name: String) -> [URL] {
        let start = url.appending(path: name)
        let keys: [URLResourceKey] = [.isRegularFileKey]
        guard let all = FileManager.default.enumerator(at: start, includingPropertiesForKeys: keys) else { return [] }
        return all.compactMap { $0 as? URL }.filter {
            (try? $0.resourceValues(forKeys: Set(keys)).isRegularFile) ?? false
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
