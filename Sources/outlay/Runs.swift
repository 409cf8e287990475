internal import ArgumentParser
internal import OutlayApp
internal import OutlayWire

struct Runs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a run cost as a tree, or what runs and tasks cost on average.",
        discussion: """
            A run is a trace, or what calls name in X-Run. Without a run: cost per run and per task, by agent.

            Examples:
              outlay runs                                  cost per run and task of each agent, this month
              outlay runs --by team,agent --from 2026-11
              outlay runs 4bf92f3577b34da6a3ce929d0e0e4736  agents above sub-agents above calls and tools
            """
    )

    @Argument(help: "A run to show as a tree.") var id: String?
    @Option(help: "Dimensions to group by, separated by commas.") var by = "agent"
    @Option(help: "A month, a day or an instant (default: the start of this month).") var from: String?
    @Option(help: "A month, a day or an instant; a month or day is included.") var to: String?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var server: ServerOptions

    func run() async throws {
        if let id { return try await show(id) }
        var query = [("by", by)]
        query += [("from", from), ("to", to)].compactMap { name, value in value.map { (name, $0) } }
        let costs: [UnitCostAnswer] = try await server.withAPI { try await $0.get("runs", query) }
        guard !json else { return print(try JSONText.pretty(costs), terminator: "") }
        let dimensions = by.split(separator: ",").map(String.init)
        var table = TextTable(
            columns: dimensions.map { .init($0) } + [
                .init("runs", .right), .init("cost_usd", .right), .init("per_run_usd", .right), .init("tasks", .right),
                .init("per_task_usd", .right),
            ]
        )
        table.rows = costs.map { cost in
            dimensions.map { (cost.key[$0] ?? nil) ?? "(none)" }
                + ["\(cost.runs)", cost.costUSD, cost.perRunUSD ?? "", "\(cost.tasks)", cost.perTaskUSD ?? ""]
        }
        print(table.terminal, terminator: "")
    }

    private func show(_ run: String) async throws {
        let answer: RunAnswer = try await server.withAPI { try await $0.get("runs/\(run)") }
        guard !json else { return print(try JSONText.pretty(answer), terminator: "") }
        var table = TextTable(columns: [.init("run \(answer.run)"), .init("calls", .right), .init("cost_usd", .right)])
        table.rows = answer.tree.flatMap { $0.rows(indented: 0) }
        table.footer = ["total", "\(answer.calls)", answer.costUSD]
        print(table.terminal, terminator: "")
    }
}

extension RunAnswer.Node {
    /// This node's row and those below it, indented by their depth.
    fileprivate func rows(indented depth: Int) -> [[String]] {
        let name = String(repeating: "  ", count: depth) + (kind == "tool" ? "tool " : "") + title
        return [[name, "\(calls)", costUSD ?? "unpriced"]] + children.flatMap { $0.rows(indented: depth + 1) }
    }
}
