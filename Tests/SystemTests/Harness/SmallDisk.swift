import Foundation
import Glibc

/// A file system of a few megabytes that one process has as its data folder, and that can really be filled.
///
/// It is mounted in a mount namespace of that process's own and ends with it; others reach it through the process.
struct SmallDisk {
    let megabytes: Int

    /// Whether this machine lets this user mount one, as root or in a user namespace of its own.
    static let isPossible = mount(["true"], megabytes: 1, at: FileManager.default.temporaryDirectory.path())

    static let need = "a file system to fill needs root, or unprivileged user namespaces; this machine allows neither"

    private static let program = URL(filePath: "/usr/bin/unshare")

    /// The command that runs `command` with the file system at `folder`.
    private static func words(_ command: [String], megabytes: Int, at folder: String) -> [String] {
        let namespaces = geteuid() == 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"]
        let script = #"mkdir -p "$1" && mount -t tmpfs -o "size=$2m" outlay-test "$1" && shift 2 && exec "$@""#
        return namespaces + ["sh", "-c", script, "sh", folder, "\(megabytes)"] + command
    }

    private static func mount(_ command: [String], megabytes: Int, at folder: String) -> Bool {
        let process = Process()
        process.executableURL = program
        process.arguments = words(command, megabytes: megabytes, at: folder)
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// A child whose `folder` this is.
    func start(
        _ executable: URL,
        _ arguments: [String],
        environment: [String: String],
        at folder: String,
        in scratch: Scratch
    ) throws -> Child {
        let words = Self.words([executable.path()] + arguments, megabytes: megabytes, at: folder)
        return try Child(Self.program, words, environment: environment, in: scratch)
    }

    /// Writes until nothing more fits.
    ///
    /// - Returns: how many bytes that were.
    static func fill(_ path: String) throws -> Int {
        let file = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
        guard file >= 0 else { throw Child.Failure(description: "\(path): open failed with \(errno)") }
        defer { close(file) }
        let page = [UInt8](repeating: 0x2e, count: 4096)
        var count = 0
        while case let written = unsafe write(file, page, page.count), written > 0 { count += written }
        guard errno == ENOSPC else { throw Child.Failure(description: "\(path): write failed with \(errno)") }
        return count
    }
}
