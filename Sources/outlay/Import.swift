internal import ArgumentParser
internal import Foundation
internal import OutlayApp
internal import OutlayCore
internal import OutlayWire

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Book what other tools wrote down: tables, LiteLLM's spend logs, bills in FOCUS.",
        discussion:
            "A file imported twice is booked once. Ends with 3 when rows could not be read; the others are booked.",
        subcommands: [CSV.self, JSONL.self, LiteLLM.self, FOCUS.self]
    )

    struct CSV: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "csv",
            abstract: "Import a table with a row of column names.",
            discussion: "outlay import csv calls.csv --map 'Cost (USD)=reported_cost_usd' --map squad=tags.team"
        )

        @Option(
            help:
                "COLUMN=FIELD, where a column has an unusual name; FIELD is one of an event's, tags.NAME or usage.UNIT, or nothing to leave it out."
        )
        var map: [String] = []
        @OptionGroup var options: ImportOptions

        func validate() throws {
            for pair in map where !pair.contains("=") { throw ValidationError("'\(pair)' is no COLUMN=FIELD.") }
        }

        func run() async throws {
            let pairs = map.map { ImportOptions.pair($0) }
            try await options.run(.table(Dictionary(pairs.map { ($0.name, $0.value) }) { _, last in last }))
        }
    }

    struct JSONL: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "jsonl",
            abstract: "Import events as the API takes them, one object per line or a list."
        )

        @OptionGroup var options: ImportOptions

        func run() async throws {
            try await options.run(.records)
        }
    }

    struct LiteLLM: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "litellm",
            abstract: "Import LiteLLM's spend logs: JSON, one object per line, or a table."
        )

        @OptionGroup var options: ImportOptions

        func run() async throws {
            try await options.run(.liteLLM)
        }
    }

    struct FOCUS: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "focus",
            abstract: "Import a bill in FOCUS 1.0 to 1.2, at the amounts that were billed."
        )

        @Option(
            help:
                "A ChargeCategory to book: Usage, Purchase, Tax, Credit, Adjustment. May be given several times; default: Usage."
        )
        var category: [String] = []
        @OptionGroup var options: ImportOptions

        func run() async throws {
            try await options.run(.focus(categories: category.isEmpty ? ["Usage"] : Set(category)))
        }
    }
}

/// What all imports share.
struct ImportOptions: ParsableArguments {
    @Argument(help: "The file.") var file: String
    @Option(help: "The client key whose workspace, locks and lists hold.") var key: String?
    @Option(help: "A tag for rows that do not say it, team=growth. May be given several times.") var tag: [String] = []
    @Flag(help: "Look and report; book nothing.") var dryRun = false
    @OptionGroup var server: ServerOptions

    func validate() throws {
        for pair in tag where !pair.contains("=") { throw ValidationError("'\(pair)' is no tag: write team=growth.") }
    }

    static func pair(_ text: String) -> (name: String, value: String) {
        let cut = text.lastIndex(of: "=") ?? text.endIndex
        return (String(text[..<cut]), String(text[cut...].dropFirst()))
    }

    func run(_ format: ImportFormat) async throws {
        let work = FileImport(file, format: format, tags: tag.map(Self.pair), key: key, isDryRun: dryRun)
        let summary: ImportSummary
        do {
            summary = try await server.withAPI { api in
                try await work.run(with: api) { Self.say("\($0.rows) rows, \($0.booked) booked …") }
            }
        } catch let failure as FileImport.Failure {
            throw Exit(Exit.validation, failure.description)
        }
        if !summary.unread.isEmpty { Self.say("columns not read: " + summary.unread.joined(separator: ", ")) }
        for problem in summary.problems { Self.say(problem) }
        print(summary.text, terminator: "")
        guard summary.unreadable == 0 else { throw ExitCode(Exit.validation) }
    }

    /// Progress goes where it does not mix with the result.
    private static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
