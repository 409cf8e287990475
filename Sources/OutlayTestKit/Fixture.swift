package import Foundation

/// Files under `Tests/Fixtures`.
package enum Fixture {
    package static func url(_ path: String) -> URL {
        Repository.root.appending(path: "Tests/Fixtures").appending(path: path)
    }

    package static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url(path)))
    }

    package static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    /// Whether this run writes expected files instead of comparing with them.
    package static var isRecording: Bool {
        ProcessInfo.processInfo.environment["OUTLAY_RECORD"] == "1"
    }
}

/// Makes an empty folder, calls `body` with it and removes it.
@discardableResult
package func temporaryDirectory<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (URL) async throws -> Value
) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "outlay-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
