import Foundation
import OutlayTestKit

/// The programs that the system tests start.
enum Programs {
    #if DEBUG
        private static let configuration = "debug"
    #else
        private static let configuration = "release"
    #endif

    /// The binary under test: `OUTLAY_BINARY`, or the one that was built together with the tests.
    static let outlay: URL = {
        if let path = ProcessInfo.processInfo.environment["OUTLAY_BINARY"] { return URL(filePath: path) }
        return Repository.root.appending(path: ".build/\(configuration)/outlay")
    }()

    /// The Python that `scripts/python-sdks` made, with the official SDKs and instrumentations of them.
    static let python: URL = {
        if let path = ProcessInfo.processInfo.environment["OUTLAY_PYTHON"] { return URL(filePath: path) }
        return Repository.root.appending(path: ".build/python/bin/python3")
    }()

    static let systemPython = URL(filePath: "/usr/bin/env")

    /// Arguments for ``systemPython`` that run a script of this folder; it needs only the standard library.
    static func script(_ name: String, _ arguments: [String] = []) -> [String] {
        ["python3", "-u", scriptPath(name)] + arguments
    }

    static func scriptPath(_ name: String) -> String {
        Repository.root.appending(path: "Tests/SystemTests/Python/\(name)").path()
    }
}

/// What a program that ran to its end said.
struct Spoken {
    var status: Int32
    var output: String
    var errors: String

    /// Runs a program and waits for its end.
    static func by(
        _ executable: URL,
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: Scratch
    ) async throws -> Spoken {
        let child = try Child(executable, arguments, environment: environment, in: folder)
        var output = ""
        while let line = await child.line() { output += line + "\n" }
        return Spoken(status: await child.end(), output: output, errors: child.log)
    }

    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        guard status == 0 else { throw Child.Failure(description: "ended with \(status): \(errors)\(output)") }
        do {
            return try JSONDecoder().decode(type, from: Data(output.utf8))
        } catch {
            throw Child.Failure(description: "\(error)\nin: \(output.prefix(2000))")
        }
    }
}
