internal import ArgumentParser
internal import OutlayApp
internal import OutlayWire

struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Whether an agent may spend; stop it, let it go on.",
        discussion: """
            Examples:
              outlay agent suspend scout --reason "calls itself in a loop"
              outlay agent show scout
              outlay agent resume scout
            """,
        subcommands: [Show.self, Suspend.self, Resume.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show whether an agent runs, and why not.")

        @Argument(help: "The agent's name.") var name: String
        @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let path = "agents/\(name.addingURLPathEscapes)"
            let agent: AgentAnswer = try await server.withAPI { try await $0.get(path) }
            print(try agent.text(as: format), terminator: "")
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse an agent's calls until it is resumed.")

        @Argument(help: "The agent's name.") var name: String
        @Option(help: "Why; its callers read it.") var reason: String
        @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let body = SuspensionRequest(reason: reason)
            let path = "agents/\(name.addingURLPathEscapes)/suspend"
            let agent: AgentAnswer = try await server.withAPI { try await $0.post(path, body) }
            print(try agent.text(as: format), terminator: "")
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a suspended agent go on.")

        @Argument(help: "The agent's name.") var name: String
        @Option(help: "Why.") var reason: String?
        @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let body = SuspensionRequest(reason: reason)
            let path = "agents/\(name.addingURLPathEscapes)/resume"
            let agent: AgentAnswer = try await server.withAPI { try await $0.post(path, body) }
            print(try agent.text(as: format), terminator: "")
        }
    }
}

extension AgentAnswer {
    fileprivate func text(as format: OutputFormat) throws -> String {
        switch format {
        case .json: return try JSONText.pretty(self)
        case .jsonl: return try JSONText.line(self) + "\n"
        case .table: return (["\(name) is \(state.rawValue)"] + why).joined(separator: "\n") + "\n"
        case .csv, .markdown:
            var table = TextTable(columns: [.init("agent"), .init("state"), .init("why")])
            table.rows = [[name, state.rawValue, why.joined(separator: "; ")]]
            return table.text(as: format)
        }
    }
}
