internal import ArgumentParser
internal import Foundation
internal import OutlayApp
internal import OutlayWeb
internal import OutlayWire

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute every sum from the events and compare.",
        discussion: "Ends with 0 when everything agrees to the last picodollar, with 1 and the differences when not."
    )

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var server: ServerOptions

    private struct Nothing: Encodable {}

    func run() async throws {
        let found: VerificationAnswer = try await server.withAPI { try await $0.post("verify", Nothing()) }
        if json {
            print(try JSONText.pretty(found), terminator: "")
        } else {
            print("events      \(found.events)\ncost_usd    \(found.costUSD)\nchain head  \(found.chainHead)")
            print(found.differences.isEmpty ? "differences 0" : "differences:")
            for difference in found.differences { print("  \(difference)") }
        }
        guard found.differences.isEmpty else { throw ExitCode(Exit.error) }
    }
}

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for what is wrong or about to go wrong, and say what to do.",
        discussion: "Ends with 1 when something is broken; warnings do not fail."
    )

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let findings: [Finding] = try await server.withAPI { try await $0.get("doctor") }
        if json {
            print(try JSONText.pretty(findings), terminator: "")
        } else {
            var table = TextTable(columns: [.init(""), .init("check"), .init("finding")])
            table.rows = findings.map { [$0.severity.mark, $0.check, $0.message] }
            print(table.terminal, terminator: "")
        }
        guard !findings.contains(where: { $0.severity == .error }) else { throw ExitCode(Exit.error) }
    }
}

extension Finding.Severity {
    fileprivate var mark: String {
        switch self {
        case .ok: "ok"
        case .warning: "warning"
        case .error: "ERROR"
        }
    }
}

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a consistent copy of the ledger to a file while the server runs.",
        discussion: "Keep master.key apart from it: provider keys in the copy stay encrypted under that key."
    )

    @Argument(help: "The file to write.") var file: String
    @OptionGroup var server: ServerOptions

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw Exit(Exit.usage, "\(file) exists: take another name, so that no backup is overwritten")
        }
        try await server.withAPI { try await $0.download("backup", to: file) }
        print("wrote \(file)")
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup in place of the ledger of a stopped server.",
        discussion:
            """
            The backup is checked first. A ledger that is already there is kept beside it, as
            ledger-before-restore-….sqlite.
            """
    )

    @Argument(help: "A file that `outlay backup` wrote.") var file: String
    @Option(help: "The data folder (OUTLAY_DATA; default: outlay-data).") var data: String?

    func run() async throws {
        let report = try await Installation.restore(file, into: Connection.dataFolder(data))
        print(report)
    }
}

struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the completion script of a shell.",
        discussion: "For bash: outlay completions bash > /etc/bash_completion.d/outlay"
    )

    @Argument(help: "bash, zsh or fish.") var shell: String

    func run() throws {
        guard let known = CompletionShell(rawValue: shell) else {
            throw ValidationError("'\(shell)' is none of bash, zsh, fish.")
        }
        print(Outlay.completionScript(for: known))
    }
}
