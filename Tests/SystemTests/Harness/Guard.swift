import Foundation

/// Ends every child, and what it started, when the test run itself is killed.
final class Guard: Sendable {
    static let shared = Guard()

    private let input = Pipe()
    private let process = Process()

    private init() {
        process.executableURL = Programs.systemPython
        process.arguments = Programs.script("guard.py")
        process.standardInput = input
        try? process.run()
    }

    func watch(_ pid: Int32) {
        write("+\(pid)\n")
    }

    func forget(_ pid: Int32) {
        write("-\(pid)\n")
    }

    private func write(_ line: String) {
        try? input.fileHandleForWriting.write(contentsOf: Data(line.utf8))
    }
}
