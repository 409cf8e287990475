internal import ArgumentParser
internal import OutlayApp
internal import OutlayWire

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how one call got its cost and its tags.",
        discussion: "The id is in every answer's x-outlay-call-id header."
    )

    @Argument(help: "The call's id: call_…")
    var call: String

    @Option(help: "table, json, jsonl, csv or markdown.")
    var format = OutputFormat.table

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let path = "calls/" + call.addingURLPathEscapes
        let events: [CallAnswer] = try await server.withAPI { try await $0.get(path) }
        switch format {
        case .json: print(try JSONText.pretty(events), terminator: "")
        case .jsonl: for event in events { print(try JSONText.line(event)) }
        case .table: for event in events { print(event.explanation) }
        case .csv, .markdown: print(events.lines.text(as: format), terminator: "")
        }
    }
}
