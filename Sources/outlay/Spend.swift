internal import ArgumentParser
internal import Foundation
internal import OutlayApp
internal import OutlayWire

struct Spend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what was spent, by any dimensions.",
        discussion: """
            Examples:
              outlay spend --by team,model
              outlay spend --by customer --from 2026-10 --to 2026-11 --format csv
              outlay spend --by team --grain day --zone Europe/Berlin \\
                --where environment=production
              outlay spend --by user --top 20

            Dimensions: team, project, workspace, environment, customer, client, tenant, feature, agent, user, \
            cost_center, purpose, run, task, provider, model, api, key, upstream, region, and your own.
            """
    )

    @Option(help: "Dimensions to group by, separated by commas.")
    var by = "team,model"

    @Option(help: "One row per hour, day, week or month.")
    var grain: String?

    @Option(help: "A month, a day or an instant (default: the start of this month).")
    var from: String?

    @Option(help: "A month, a day or an instant; a month or day is included.")
    var to: String?

    @Option(help: "A condition such as team=growth; `team=` matches calls without one. May be given several times.")
    var `where`: [String] = []

    @Option(help: "How many rows to show, the dearest; the others are one row (default: 10000, at most 100000).")
    var top: Int?

    @Option(help: "The time zone of days and months, as an IANA name.")
    var zone = "UTC"

    @Option(help: "table, json, jsonl, csv or markdown.")
    var format = OutputFormat.table

    @OptionGroup var server: ServerOptions

    func run() async throws {
        var query = [("by", by), ("zone", zone)]
        query += [("grain", grain), ("from", from), ("to", to)].compactMap { name, value in value.map { (name, $0) } }
        query += top.map { [("top", "\($0)")] } ?? []
        query += `where`.map { ("where", $0) }
        let answer: SpendAnswer = try await server.withAPI { try await $0.get("spend", query) }
        for slip in answer.slips(where: `where`) {
            FileHandle.standardError.write(Data("warning: \(slip)\n".utf8))
        }
        print(try answer.text(as: format), terminator: "")
    }
}

extension OutputFormat: ExpressibleByArgument {}
