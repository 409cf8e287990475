internal import ArgumentParser
internal import Foundation
internal import OutlayApp
internal import OutlayCore

/// The command line: every command does what the API does, and says how it ended by its exit code.
struct Outlay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outlay",
        abstract: "Who spent what on AI, exactly.",
        discussion: """
            Start with `outlay demo` to look around, or `outlay serve` to put a gateway in front of your providers. \
            Commands talk to a running server: OUTLAY_URL and OUTLAY_TOKEN name it, or --data DIR on the same machine.

            Exit codes: 0 ok, 1 error, 2 usage, 3 validation, 4 auth, 5 unreachable, 6 policy failed.
            """,
        version: Product.version,
        groupedSubcommands: [
            CommandGroup(name: "Run:", subcommands: [Serve.self, Demo.self, Init.self, SandboxCommand.self]),
            CommandGroup(name: "Bring in:", subcommands: [Import.self, Sources.self]),
            CommandGroup(
                name: "Ask:",
                subcommands: [Spend.self, Explain.self, Runs.self, Price.self, PolicyCommand.self]
            ),
            CommandGroup(
                name: "Hold:",
                subcommands: [BudgetCommand.self, Approvals.self, AgentCommand.self, Rehearse.self]
            ),
            CommandGroup(
                name: "Look after:",
                subcommands: [Key.self, Verify.self, Doctor.self, Backup.self, Restore.self, Completions.self]
            ),
        ]
    )
}

extension Outlay {
    /// Says that `word`, the first one after the program's name, is no command; `nil` where it may be one.
    static func unknownCommand(_ word: String?) -> String? {
        guard let word, !word.hasPrefix("-") else { return nil }
        let names =
            ["help"] + configuration.subcommands.map { $0.configuration.commandName ?? "\($0)".lowercased() }
        guard !names.contains(word) else { return nil }
        return "there is no command '\(word)'"
            + Suggestion.ending(for: word, among: names, otherwise: "outlay --help lists them")
    }
}

@main
enum Main {
    static func main() async {
        do {
            if let slip = Outlay.unknownCommand(CommandLine.arguments.dropFirst().first) {
                throw Exit(Exit.usage, slip)
            }
            var command = try Outlay.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// Says what went wrong on standard error and ends with the exit code of its kind.
    private static func end(with error: any Error) -> Never {
        if let code = error as? ExitCode { exit(code.rawValue) }
        if let failure = Exit(error) {
            FileHandle.standardError.write(Data("outlay: \(failure.message)\n".utf8))
            exit(failure.code)
        }
        let message = Outlay.fullMessage(for: error)
        guard Outlay.exitCode(for: error) != .success else {
            print(message)
            exit(0)
        }
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(Outlay.exitCode(for: error) == .validationFailure ? Exit.usage : Exit.error)
    }
}
