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

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    private struct Nothing: Encodable {}

    func run() async throws {
        let found: VerificationAnswer = try await server.withAPI { try await $0.post("verify", Nothing()) }
        switch output.chosen {
        case .json: print(try JSONText.pretty(found), terminator: "")
        case .jsonl: print(try JSONText.line(found))
        case .csv, .markdown: print(Self.table(found).text(as: output.chosen), terminator: "")
        case .table:
            print("events      \(found.events)\ncost_usd    \(found.costUSD)\nchain head  \(found.chainHead)")
            print(found.differences.isEmpty ? "differences 0" : "differences:")
            for difference in found.differences { print("  \(difference)") }
        }
        guard found.differences.isEmpty else { throw ExitCode(Exit.error) }
    }

    private static func table(_ found: VerificationAnswer) -> TextTable {
        var table = TextTable(
            columns: [
                .init("events", .right), .init("cost_usd", .right), .init("chain_head"), .init("differences"),
            ]
        )
        let differences = found.differences.map { "\($0)" }.joined(separator: "; ")
        table.rows = [["\(found.events)", "\(found.costUSD)", "\(found.chainHead)", differences]]
        return table
    }
}

/// The form that a check prints its findings in.
struct OutputOptions: ParsableArguments {
    @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
    @Flag(help: "The same as --format json.") var json = false

    var chosen: OutputFormat { json ? .json : format }
}

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for what is wrong or about to go wrong, and say what to do.",
        discussion: "Ends with 1 when something is broken; warnings do not fail."
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let findings: [Finding] = try await server.withAPI { try await $0.get("doctor") }
        let text = try TextTable.text(of: findings, as: output.chosen) { findings in
            var table = TextTable(columns: [.init("severity"), .init("check"), .init("finding")])
            table.rows = findings.map { [$0.severity.mark, $0.check, $0.message] }
            return table
        }
        print(text, terminator: "")
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
            The backup is checked first. A ledger that is already there is kept beside it, as \
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
