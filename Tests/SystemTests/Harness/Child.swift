import Foundation

/// A process that a test started; it never outlives the test.
///
/// Standard error goes to a file, standard output is read line by line.
final class Child {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let name: String
    private let process = Process()
    private let input = Pipe()
    private let lines: AsyncStream<String>
    private let ends: AsyncStream<Int32>
    private let errors: URL

    init(_ executable: URL, _ arguments: [String], environment: [String: String] = [:], in folder: Scratch) throws {
        name = executable.lastPathComponent
        errors = folder.url.appending(path: "\(name)-\(UUID().uuidString.prefix(8)).log")
        try Data().write(to: errors)
        let output = Pipe()
        let (lines, lineFeed) = AsyncStream.makeStream(of: String.self)
        let (ends, endFeed) = AsyncStream.makeStream(of: Int32.self)
        self.lines = lines
        self.ends = ends
        process.executableURL = executable
        process.arguments = arguments
        process.environment = Self.surroundings.merging(environment) { $1 }
        process.currentDirectoryURL = folder.url
        process.standardInput = input
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        process.terminationHandler = { ended in
            Guard.shared.forget(ended.processIdentifier)
            endFeed.yield(ended.terminationStatus)
            endFeed.finish()
        }
        try process.run()
        let reading = output.fileHandleForReading
        Thread.detachNewThread { Self.feed(lineFeed, from: reading) }
        Guard.shared.watch(process.processIdentifier)
    }

    /// Cuts what comes from a pipe into lines until its end.
    private static func feed(_ lines: AsyncStream<String>.Continuation, from pipe: FileHandle) {
        var rest = Data()
        while case let data = pipe.availableData, !data.isEmpty {
            rest.append(data)
            while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                lines.yield(String(decoding: rest[..<newline], as: UTF8.self))
                rest.removeSubrange(...newline)
            }
        }
        lines.finish()
    }

    var pid: Int32 { process.processIdentifier }

    /// The next line of standard output; `nil` when there will be no more.
    func line() async -> String? {
        for await line in lines { return line }
        return nil
    }

    /// The first line, decoded; the last words of the log when none comes.
    func firstLine<Value: Decodable>(as type: Value.Type) async throws -> Value {
        guard let line = await line() else {
            throw Failure(description: "\(name) said nothing and ended with \(await end()): \(log.suffix(2000))")
        }
        return try JSONDecoder().decode(type, from: Data(line.utf8))
    }

    func write(line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Waits for the end; a cancelled test does not wait.
    @discardableResult
    func end() async -> Int32 {
        let pid = pid
        return await withTaskCancellationHandler {
            for await status in ends { return status }
            return process.isRunning ? -1 : process.terminationStatus
        } onCancel: {
            kill(pid, SIGKILL)
        }
    }

    func signal(_ number: Int32) {
        if process.isRunning { kill(pid, number) }
    }

    /// Signals the process and everything it started.
    func signalGroup(_ number: Int32) {
        if process.isRunning { kill(-pid, number) }
    }

    /// What it wrote to standard error.
    var log: String {
        (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
    }

    /// The environment of every child: this process's, without settings of an Outlay the user runs.
    private static let surroundings = ProcessInfo.processInfo.environment
        .filter { !$0.key.hasPrefix("OUTLAY_") }
        .merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }

    /// Each child leads a process group; what it started ends with it.
    deinit {
        guard process.processIdentifier > 0 else { return }
        kill(-process.processIdentifier, SIGKILL)
        if process.isRunning { process.waitUntilExit() }
    }
}
