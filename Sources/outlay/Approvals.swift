internal import ArgumentParser
internal import OutlayApp
internal import OutlayCore
internal import OutlayWire

struct Approvals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What waits for a yes: calls over budget, and increases.",
        discussion: """
            Examples:
              outlay approvals list
              outlay approvals approve apr_… --extent run --amount 20
              outlay approvals deny apr_… apr_… --reason "after the freeze"

            Several are decided together or not at all. Nobody decides his own request.
            """,
        subcommands: [List.self, Show.self, Approve.self, Deny.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List requests, the newest first.")

        @Option(help: "pending, approved, denied, expired or all.") var state = "pending"
        @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let query = state == "all" ? [] : [("state", state)]
            let requests: [ApprovalAnswer] = try await server.withAPI { try await $0.get("approvals", query) }
            print(try TextTable.text(of: requests, as: format, table: Self.table), terminator: "")
        }

        private static func table(_ requests: [ApprovalAnswer]) -> TextTable {
            var table = TextTable(
                columns: ["id", "state", "asks to pass", "requester", "agent", "run", "estimate", "expires"].map {
                    .init($0)
                }
            )
            table.rows = requests.map { request in
                [
                    request.id, request.state, request.subjects.joined(separator: " "), request.requester,
                    request.agent ?? "", request.run ?? "",
                    request.increase.map { "+\($0.amount)" } ?? request.estimateUSD.map { "$\($0)" } ?? "",
                    request.expires,
                ]
            }
            return table
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one request with its figures, as JSON.")

        @Argument(help: "The request's id.") var id: String
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let path = "approvals/\(id.addingURLPathEscapes)"
            let request: ApprovalAnswer = try await server.withAPI { try await $0.get(path) }
            print(try JSONText.pretty(request), terminator: "")
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let what was asked for pass, or raise the limit.",
            discussion: "--extent once: one call. run: the run, up to --amount. amount: up to --amount. time: --until."
        )

        @Argument(help: "The requests' ids.") var ids: [String]
        @Option(help: "once, run, amount or time.") var extent = "once"
        @Option(help: "The most it lets through, in dollars.") var amount: String?
        @Option(help: "When it ends: 24h, 7d, 2026-12-24, an instant (default: 24h).") var until: String?
        @Option(help: "Why.") var reason: String?
        @Option(help: "text or json.") var format = "text"
        @OptionGroup var server: ServerOptions

        func run() async throws {
            var body = DecisionRequest()
            body.extent = extent
            body.amountUSD = amount
            body.until = until
            body.reason = reason
            try await Approvals.decide("approve", ids, body, format: format, server: server)
        }
    }

    struct Deny: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse what was asked for.")

        @Argument(help: "The requests' ids.") var ids: [String]
        @Option(help: "Why; who asked reads it.") var reason: String
        @Option(help: "text or json.") var format = "text"
        @OptionGroup var server: ServerOptions

        func run() async throws {
            var body = DecisionRequest()
            body.reason = reason
            try await Approvals.decide("deny", ids, body, format: format, server: server)
        }
    }

    private static func decide(
        _ decision: String,
        _ ids: [String],
        _ wanted: DecisionRequest,
        format: String,
        server: ServerOptions
    ) async throws {
        var wanted = wanted
        wanted.ids = ids
        wanted.decision = decision
        let body = wanted
        let decided: [ApprovalAnswer] = try await server.withAPI { try await $0.post("approvals/decide", body) }
        guard format == "text" else { return print(try JSONText.pretty(decided), terminator: "") }
        for request in decided {
            print("\(request.state) \(request.id)")
            if let patch = request.decision?.patch { print(patch, terminator: "") }
        }
    }
}
